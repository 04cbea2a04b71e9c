import {
  type AccountId,
  type Bytes,
  concat,
  decodeCbor,
  encodeCbor,
  idBytes,
  idFromBytes,
  u64,
  utf8,
} from '@sotto/protocol';
import { VerificationError } from '../failure.ts';
import { aesGcmOpen, aesGcmSeal } from '../primitives/aes-gcm.ts';
import { hkdfSha256 } from '../primitives/digest.ts';
import { randomBytes } from '../primitives/random.ts';

/** K5: what follows an account to all of its devices. */
export interface VaultContent {
  /** Ed25519 seed of the identity key, 32 bytes. */
  readonly identitySeed: Bytes;
  /** Pinned and verified people (K4). */
  readonly contacts: readonly {
    readonly account: AccountId;
    readonly identity: Bytes;
    readonly verified: boolean;
  }[];
}

export interface VaultPlace {
  readonly account: AccountId;
  /** 1, 2, 3 …: the server compares and sets. */
  readonly version: number;
  /** OPAQUE's export key. */
  readonly exportKey: Bytes;
}

const associated = (place: VaultPlace) =>
  concat(utf8('sotto/v1/vault\0'), idBytes(place.account), u64(place.version));

async function vaultKey(place: VaultPlace, salt: Bytes): Promise<{ key: Bytes; nonce: Bytes }> {
  const okm = await hkdfSha256(place.exportKey, salt, utf8('sotto/v1/vault-key\0'), 44);
  return { key: okm.slice(0, 32), nonce: okm.slice(32) };
}

/** 32-byte salt ‖ AES-256-GCM of the content, bound to account and version. */
export async function sealVault(content: VaultContent, place: VaultPlace): Promise<Bytes> {
  const salt = randomBytes(32);
  const { key, nonce } = await vaultKey(place, salt);
  const contacts = content.contacts.map((c) => ({ ...c, account: idBytes(c.account) }));
  const plain = encodeCbor({ v: 1, identitySeed: content.identitySeed, contacts });
  return concat(salt, await aesGcmSeal(key, nonce, plain, associated(place)));
}

/**
 * @param atLeast newest version this client has seen (attack 10)
 * @throws VerificationError K5 'old_vault', 'bad_vault'
 */
export async function openVault(sealed: Bytes, place: VaultPlace, atLeast = 1): Promise<VaultContent> {
  if (place.version < atLeast)
    throw new VerificationError('K5', 'old_vault', 'the server shows an older vault');
  const bad = (cause?: unknown) =>
    new VerificationError('K5', 'bad_vault', 'the vault does not open', { cause });
  const { key, nonce } = await vaultKey(place, sealed.slice(0, 32));
  let value: unknown;
  try {
    value = decodeCbor(await aesGcmOpen(key, nonce, sealed.slice(32), associated(place)));
  } catch (cause) {
    throw bad(cause);
  }
  if (typeof value !== 'object' || value === null || !('v' in value) || value.v !== 1) throw bad();
  const { identitySeed, contacts } = value as { identitySeed?: unknown; contacts?: unknown };
  if (!(identitySeed instanceof Uint8Array) || identitySeed.length !== 32 || !Array.isArray(contacts))
    throw bad();
  return {
    identitySeed: new Uint8Array(identitySeed),
    contacts: contacts.map((c: { account: unknown; identity: unknown; verified: unknown }) => {
      if (!(c.account instanceof Uint8Array) || !(c.identity instanceof Uint8Array)) throw bad();
      const account = idFromBytes<AccountId>(c.account);
      return { account, identity: new Uint8Array(c.identity), verified: c.verified === true };
    }),
  };
}
