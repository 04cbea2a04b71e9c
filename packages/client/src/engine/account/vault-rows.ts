import { importHkdfKey, openSeed, sealSeed } from '@sotto/crypto';
import type { AccountId, Bytes } from '@sotto/protocol';
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
  const { key, sealed } = await sealSeed(seed, account);
  return { opaque: key, sealed };
}

export async function seedFrom({ opaque, sealed }: SeedRow, account: AccountId): Promise<Bytes> {
  return opaque ? openSeed({ key: opaque, sealed }, account) : sealed;
}

/** Writes what changed; the seed goes once a vault holds it. */
export async function putVaultRows(tx: Transaction, rows: VaultRows): Promise<void> {
  for (const name of ['vault', 'archive', 'seed'] as const) {
    const row = rows[name];
    if (row) await tx.put('keys', [name], row);
    else await tx.delete('keys', [name]);
  }
}
