import { aesGcmOpen, aesGcmSeal, importHkdfKey, randomBytes } from '@sotto/crypto';
import { type AccountId, type Bytes, idBytes } from '@sotto/protocol';
import { ClientError } from '../../error.ts';
import type { Transaction } from '../../seams/index.ts';
import type { KeyForm } from './key-form.ts';

/** Table `keys`, ['vault'] and ['archive']: secrets of which only derivations are ever needed. */
export interface DerivationKeyRow {
  readonly opaque: CryptoKey | null;
  readonly raw: Bytes | null;
}

/** Table `keys`, ['seed']: a guest's identity seed, until a vault takes it. */
export interface SeedRow {
  readonly opaque: CryptoKey | null;
  readonly sealed: Bytes;
}

/** What of the vault rests on a device. A guest has only the seed. */
export interface VaultRows {
  readonly vault: DerivationKeyRow | null;
  readonly archive: DerivationKeyRow | null;
  readonly seed: SeedRow | null;
}

export async function derivationKeyRow(bytes: Bytes, keyForm: KeyForm): Promise<DerivationKeyRow> {
  return keyForm === 'opaque'
    ? { opaque: await importHkdfKey(bytes), raw: null }
    : { opaque: null, raw: bytes.slice() };
}

export async function derivationKeyFrom(row: DerivationKeyRow): Promise<CryptoKey> {
  if (row.opaque) return row.opaque;
  if (!row.raw) throw new ClientError('not_here');
  return importHkdfKey(row.raw);
}

/**
 * A guest may become an account with a vault later, which needs the identity's seed. Until then it rests sealed
 * under a key that cannot leave the platform's key store; in files, where there is none, as it is.
 */
export async function seedRow(seed: Bytes, account: AccountId, keyForm: KeyForm): Promise<SeedRow> {
  if (keyForm === 'bytes') return { opaque: null, sealed: seed.slice() };
  const key = await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, [
    'encrypt',
    'decrypt',
  ]);
  const nonce = randomBytes(12);
  const sealed = await aesGcmSeal(key, nonce, seed.slice(), idBytes(account));
  const row = new Uint8Array(nonce.length + sealed.length);
  row.set(nonce);
  row.set(sealed, nonce.length);
  return { opaque: key, sealed: row };
}

export async function seedFrom(row: SeedRow, account: AccountId): Promise<Bytes> {
  if (!row.opaque) return row.sealed;
  return aesGcmOpen(row.opaque, row.sealed.slice(0, 12), row.sealed.slice(12), idBytes(account));
}

/** Writes what changed; the seed goes once a vault holds it. */
export async function putVaultRows(tx: Transaction, rows: VaultRows): Promise<void> {
  for (const name of ['vault', 'archive', 'seed'] as const) {
    const row = rows[name];
    if (row) await tx.put('keys', [name], row);
    else await tx.delete('keys', [name]);
  }
}
