import {
  type AccountId,
  type Bytes,
  concat,
  type DeviceId,
  decodeCbor,
  encodeCbor,
  idBytes,
  idFromBytes,
  type RoomId,
  u64,
  utf8,
} from '@sotto/protocol';
import type { ListSeen } from '../device/device-list.ts';
import { VerificationError } from '../failure.ts';
import { aesGcmOpen, aesGcmSeal } from '../primitives/aes-gcm.ts';
import { hkdfFrom, importHkdfKey } from '../primitives/digest.ts';
import { randomBytes } from '../primitives/random.ts';

/** K5: what follows an account to all of its devices. */
export interface VaultContent {
  /** Ed25519 seed of the identity key, 32 bytes. */
  readonly identitySeed: Bytes;
  /** M5: opens the archive, 32 bytes. */
  readonly archiveKey: Bytes;
  /** What the recovery phrase gives, 32 bytes, so that a fresh vault key can be locked under it; null without a phrase. */
  readonly phraseKey: Bytes | null;
  /** When this was sealed. */
  readonly at: number;
  /** Attack 52: the newest of the account's own lists that one of its devices has seen. */
  readonly list: ListSeen;
  /** Pinned and verified people (K4). */
  readonly contacts: readonly VaultContact[];
  /** How the account's own devices are called. */
  readonly devices: readonly VaultDevice[];
  /** Attack 48: people this account wants to hear nothing of. */
  readonly blocked: readonly VaultBlocked[];
  /** Attack 48: rooms that others brought this account into, and what it said to that. */
  readonly rooms: readonly VaultRoom[];
}

export interface VaultBlocked {
  readonly account: AccountId;
  /** By which they were known when they were blocked. */
  readonly name: string;
}

export interface VaultRoom {
  readonly room: RoomId;
  /** False: declined. */
  readonly accepted: boolean;
}

export interface VaultContact {
  readonly account: AccountId;
  readonly identity: Bytes;
  readonly verified: boolean;
  /** What they signed to be called, in `list`. */
  readonly name: string;
  /** When they were pinned. */
  readonly since: number;
  /** Attack 52: the newest of their lists that one of the account's devices has seen. */
  readonly list: ListSeen;
}

export interface VaultDevice {
  readonly device: DeviceId;
  readonly name: string;
  readonly kind: 'browser' | 'terminal';
  /** Attack 52: the version that it wrote last. A vault that goes on without it is another branch. */
  readonly wrote?: number;
}

/** K5: the random 32 bytes the vault is sealed under; on a device held for derivation only. */
export type VaultKey = CryptoKey;

export interface VaultPlace {
  readonly account: AccountId;
  /** 1, 2, 3 …: the server compares and sets. */
  readonly version: number;
  readonly key: VaultKey;
}

/** Fresh vault key: the bytes to lock under password and phrase, and the handle to keep. */
export async function newVaultKey(): Promise<{ bytes: Bytes; key: VaultKey }> {
  const bytes = randomBytes(32);
  return { bytes, key: await importHkdfKey(bytes) };
}

const associated = (place: VaultPlace) =>
  concat(utf8('sotto/v1/vault\0'), idBytes(place.account), u64(place.version));

async function sealingKey(place: VaultPlace, salt: Bytes): Promise<{ key: Bytes; nonce: Bytes }> {
  const okm = await hkdfFrom(place.key, salt, utf8('sotto/v1/vault-key\0'), 44);
  return { key: okm.slice(0, 32), nonce: okm.slice(32) };
}

/** 32-byte salt ‖ AES-256-GCM of the content, bound to account and version. */
export async function sealVault(content: VaultContent, place: VaultPlace): Promise<Bytes> {
  const salt = randomBytes(32);
  const { key, nonce } = await sealingKey(place, salt);
  const { identitySeed, archiveKey, phraseKey, at } = content;
  const list = { ...content.list };
  const contacts = content.contacts.map((c) => ({
    ...c,
    account: idBytes(c.account),
    list: { ...c.list },
  }));
  const devices = content.devices.map((d) => ({ ...d, device: idBytes(d.device) }));
  const blocked = content.blocked.map((b) => ({ ...b, account: idBytes(b.account) }));
  const rooms = content.rooms.map((r) => ({ ...r, room: idBytes(r.room) }));
  const keys = { identitySeed, archiveKey, phraseKey };
  const plain = encodeCbor({ v: 1, at, list, ...keys, contacts, devices, blocked, rooms });
  return concat(salt, await aesGcmSeal(key, nonce, plain, associated(place)));
}

const bad = (cause?: unknown) =>
  new VerificationError('K5', 'bad_vault', 'the vault does not open', { cause });

/**
 * @param atLeast newest version this client has seen (attack 10)
 * @throws VerificationError K5 'old_vault', 'bad_vault'
 */
export async function openVault(sealed: Bytes, place: VaultPlace, atLeast = 1): Promise<VaultContent> {
  const { key, nonce } = await sealingKey(place, sealed.slice(0, 32));
  let value: unknown;
  try {
    value = decodeCbor(await aesGcmOpen(key, nonce, sealed.slice(32), associated(place)));
  } catch (cause) {
    throw bad(cause);
  }
  const content = readContent(value);
  if (place.version >= atLeast) return content;
  const what = `the server shows version ${place.version} of the vault, and ${atLeast} was seen`;
  throw new VerificationError('K5', 'old_vault', what, { since: content.at });
}

type Fields = Record<string, unknown>;

function readContent(value: unknown): VaultContent {
  if (typeof value !== 'object' || value === null) throw bad();
  const { v, at, list, identitySeed, archiveKey, phraseKey } = value as Fields;
  const { contacts, devices, blocked, rooms } = value as Fields;
  if (v !== 1) throw bad();
  return {
    identitySeed: bytesOf(identitySeed, 32),
    archiveKey: bytesOf(archiveKey, 32),
    phraseKey: phraseKey === null ? null : bytesOf(phraseKey, 32),
    at: numberOf(at),
    list: listSeen(list),
    contacts: listOf(contacts).map((c) => ({
      account: idFromBytes<AccountId>(bytesOf(c.account, 16)),
      identity: bytesOf(c.identity, 32),
      verified: c.verified === true,
      name: typeof c.name === 'string' ? c.name : '',
      since: numberOf(c.since),
      list: listSeen(c.list),
    })),
    devices: listOf(devices).map((d) => ({
      device: idFromBytes<DeviceId>(bytesOf(d.device, 16)),
      name: nameOf(d.name),
      kind: d.kind === 'terminal' ? 'terminal' : 'browser',
      ...(d.wrote === undefined ? {} : { wrote: numberOf(d.wrote) }),
    })),
    blocked: listOf(blocked).map((b) => ({
      account: idFromBytes<AccountId>(bytesOf(b.account, 16)),
      name: nameOf(b.name),
    })),
    rooms: listOf(rooms).map((r) => ({
      room: idFromBytes<RoomId>(bytesOf(r.room, 16)),
      accepted: r.accepted === true,
    })),
  };
}

function listSeen(value: unknown): ListSeen {
  if (typeof value !== 'object' || value === null) throw bad();
  const { version, hash, at } = value as Fields;
  return { version: numberOf(version), hash: bytesOf(hash, 32), at: numberOf(at) };
}

function listOf(value: unknown): Fields[] {
  if (!Array.isArray(value)) throw bad();
  return value;
}

const nameOf = (value: unknown): string => (typeof value === 'string' ? value.slice(0, 100) : '');

function numberOf(value: unknown): number {
  if (typeof value !== 'number') throw bad();
  return value;
}

function bytesOf(value: unknown, length: number): Bytes {
  if (!(value instanceof Uint8Array) || value.length !== length) throw bad();
  return new Uint8Array(value);
}
