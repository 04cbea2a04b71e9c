import {
  type AccountId,
  type Bytes,
  concat,
  type DeviceId,
  decodeCbor,
  encodeCbor,
  idBytes,
  idFromBytes,
  u64,
  utf8,
} from '@sotto/protocol';
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
  /** Pinned and verified people (K4). */
  readonly contacts: readonly VaultContact[];
  /** How the account's own devices are called. */
  readonly devices: readonly VaultDevice[];
}

export interface VaultContact {
  readonly account: AccountId;
  readonly identity: Bytes;
  readonly verified: boolean;
}

export interface VaultDevice {
  readonly device: DeviceId;
  readonly name: string;
  readonly kind: 'browser' | 'terminal';
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
  const { identitySeed, archiveKey, phraseKey } = content;
  const contacts = content.contacts.map((c) => ({ ...c, account: idBytes(c.account) }));
  const devices = content.devices.map((d) => ({ ...d, device: idBytes(d.device) }));
  const plain = encodeCbor({ v: 1, identitySeed, archiveKey, phraseKey, contacts, devices });
  return concat(salt, await aesGcmSeal(key, nonce, plain, associated(place)));
}

const bad = (cause?: unknown) =>
  new VerificationError('K5', 'bad_vault', 'the vault does not open', { cause });

/**
 * @param atLeast newest version this client has seen (attack 10)
 * @throws VerificationError K5 'old_vault', 'bad_vault'
 */
export async function openVault(sealed: Bytes, place: VaultPlace, atLeast = 1): Promise<VaultContent> {
  if (place.version < atLeast)
    throw new VerificationError('K5', 'old_vault', 'the server shows an older vault');
  const { key, nonce } = await sealingKey(place, sealed.slice(0, 32));
  let value: unknown;
  try {
    value = decodeCbor(await aesGcmOpen(key, nonce, sealed.slice(32), associated(place)));
  } catch (cause) {
    throw bad(cause);
  }
  return readContent(value);
}

type Fields = Record<string, unknown>;

function readContent(value: unknown): VaultContent {
  if (typeof value !== 'object' || value === null) throw bad();
  const { v, identitySeed, archiveKey, phraseKey, contacts, devices } = value as Fields;
  if (v !== 1 || !Array.isArray(contacts) || !Array.isArray(devices)) throw bad();
  return {
    identitySeed: bytesOf(identitySeed, 32),
    archiveKey: bytesOf(archiveKey, 32),
    phraseKey: phraseKey === null ? null : bytesOf(phraseKey, 32),
    contacts: contacts.map((c: Fields) => ({
      account: idFromBytes<AccountId>(bytesOf(c.account, 16)),
      identity: bytesOf(c.identity, 32),
      verified: c.verified === true,
    })),
    devices: devices.map((d: Fields) => ({
      device: idFromBytes<DeviceId>(bytesOf(d.device, 16)),
      name: typeof d.name === 'string' ? d.name.slice(0, 100) : '',
      kind: d.kind === 'terminal' ? 'terminal' : 'browser',
    })),
  };
}

function bytesOf(value: unknown, length: number): Bytes {
  if (!(value instanceof Uint8Array) || value.length !== length) throw bad();
  return new Uint8Array(value);
}
