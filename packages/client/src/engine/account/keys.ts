import {
  createExchangeKey,
  exportPrivateKey,
  exportSigningKeySeed,
  generateKeyPair,
  generateSigningKey,
  importPrivateKey,
  importSigningKeySeed,
  type OwnExchangeKey,
  type SigningKey,
  type VerifiedExchangeKey,
} from '@sotto/crypto';
import { type AccountId, type DeviceId, toBase64Url } from '@sotto/protocol';
import type { SetupStep } from '../../api.ts';
import { ClientError } from '../../error.ts';
import type { Storage, Transaction } from '../../seams/index.ts';
import type { ExchangeKeyRow, SelfRow, SigningKeyRow } from '../rows.ts';
import type { KeyForm } from './key-form.ts';
import { type OwnKey, standingAfter } from './renewal.ts';
import { putVaultRows, type VaultRows } from './vault-rows.ts';

/** @param keyForm where 'bytes', the key is extractable because the store only knows bytes */
export const makeSigningKey = (keyForm: KeyForm): Promise<SigningKey> =>
  generateSigningKey({ extractable: keyForm === 'bytes' });

export async function signingKeyRow(key: SigningKey, keyForm: KeyForm): Promise<SigningKeyRow> {
  return keyForm === 'opaque'
    ? { publicKey: key.publicKey, privateKey: key.privateKey, seed: null }
    : { publicKey: key.publicKey, privateKey: null, seed: await exportSigningKeySeed(key) };
}

/** @param extractable to write it again where the store only knows bytes */
export async function signingKeyFrom(row: SigningKeyRow, extractable = false): Promise<SigningKey> {
  if (row.privateKey) return { publicKey: row.publicKey, privateKey: row.privateKey };
  if (!row.seed) throw new ClientError('not_here');
  return importSigningKeySeed(row.seed, { extractable });
}

/** K2: a fresh exchange key, signed by the device. */
export async function makeExchangeKey(input: {
  account: AccountId;
  device: DeviceId;
  signing: SigningKey;
  at: number;
  keyForm: KeyForm;
  onStep?: ((step: SetupStep) => void) | undefined;
}): Promise<{ verified: VerifiedExchangeKey; row: ExchangeKeyRow }> {
  const { account, device, signing, at, keyForm, onStep } = input;
  const pair = await generateKeyPair({ extractable: keyForm === 'bytes', ...(onStep ? { onStep } : {}) });
  const verified = await createExchangeKey({ account, device, publicKey: pair.publicKey, signing, at });
  const row: ExchangeKeyRow = {
    ...verified,
    opaque: keyForm === 'opaque' ? pair.privateKey : null,
    raw: keyForm === 'bytes' ? await exportPrivateKey(pair) : null,
    standing: { state: 'publishing' },
  };
  return { verified, row };
}

async function ownExchangeKey(row: ExchangeKeyRow): Promise<OwnExchangeKey> {
  const verified = { key: row.key, hash: row.hash, signed: row.signed };
  if (row.opaque) return { verified, privateKey: row.opaque };
  if (!row.raw) throw new ClientError('not_here');
  const { privateKey } = await importPrivateKey(row.raw, { extractable: false });
  return { verified, privateKey };
}

/** Writes a new account's or device's keys and who it is, all or nothing. */
export async function storeKeys(
  storage: Storage,
  keys: {
    self: SelfRow;
    identity: SigningKeyRow;
    signing: SigningKeyRow;
    exchange: ExchangeKeyRow;
    vault: VaultRows;
  },
  more: (tx: Transaction) => Promise<void>,
): Promise<void> {
  await storage.transaction(['meta', 'keys', 'lists', 'people'], 'write', async (tx) => {
    await tx.put('meta', ['self'], keys.self);
    await tx.put('keys', ['identity'], keys.identity);
    await tx.put('keys', ['signing'], keys.signing);
    await putExchangeKey(tx, keys.exchange);
    await putVaultRows(tx, keys.vault);
    await more(tx);
  });
}

const putExchangeKey = (tx: Transaction, row: ExchangeKeyRow) =>
  tx.put('keys', ['exchange', toBase64Url(row.hash)], row);

/** The keys of an account on this device, as the engine uses them. */
export interface DeviceKeys {
  readonly self: SelfRow;
  readonly identity: SigningKey;
  readonly signing: SigningKey;
}

/** @throws ClientError 'not_here' where this store holds no account */
export async function loadKeys(storage: Storage): Promise<DeviceKeys> {
  const rows = await storage.transaction(['meta', 'keys'], 'read', async (tx) => ({
    self: await tx.get<SelfRow>('meta', ['self']),
    identity: await tx.get<SigningKeyRow>('keys', ['identity']),
    signing: await tx.get<SigningKeyRow>('keys', ['signing']),
  }));
  if (!rows.self || !rows.identity || !rows.signing) throw new ClientError('not_here');
  return {
    self: rows.self,
    identity: await signingKeyFrom(rows.identity),
    signing: await signingKeyFrom(rows.signing),
  };
}

/** The private half that a wrap names by the hash of its signed public half, where it still exists. */
export class ExchangeKeys {
  readonly #storage: Storage;
  readonly #imported = new Map<string, Promise<OwnExchangeKey>>();

  constructor(storage: Storage) {
    this.#storage = storage;
  }

  async find(hash: string): Promise<OwnExchangeKey | undefined> {
    const row = await this.#row(hash);
    if (!row) {
      this.#imported.delete(hash); // another tab forgot it
      return undefined;
    }
    const imported = this.#imported.get(hash) ?? ownExchangeKey(row);
    this.#imported.set(hash, imported);
    return imported;
  }

  async all(): Promise<OwnKey[]> {
    const rows = await this.#storage.transaction(['keys'], 'read', allKeys);
    return rows.map(asOwn);
  }

  /** The public half as its device signed it, base64url. @throws ClientError 'not_here' */
  async signed(hash: string): Promise<string> {
    const row = await this.#row(hash);
    if (!row) throw new ClientError('not_here');
    return toBase64Url(row.signed);
  }

  async add(row: ExchangeKeyRow): Promise<void> {
    await this.#storage.transaction(['keys'], 'write', (tx) => putExchangeKey(tx, row));
  }

  /** The server shows this key: all others of this device are replaced by it. */
  async confirm(hash: string, at: number): Promise<void> {
    await this.#storage.transaction(['keys'], 'write', async (tx) => {
      for (const row of await allKeys(tx)) {
        await putExchangeKey(tx, { ...row, standing: standingAfter(asOwn(row), hash, at) });
      }
    });
  }

  /** K2: forgets private halves for good. */
  async forget(hashes: readonly string[]): Promise<void> {
    await this.#storage.transaction(['keys'], 'write', async (tx) => {
      for (const hash of hashes) await tx.delete('keys', ['exchange', hash]);
    });
    for (const hash of hashes) this.#imported.delete(hash);
  }

  #row(hash: string): Promise<ExchangeKeyRow | undefined> {
    return this.#storage.transaction(['keys'], 'read', (tx) =>
      tx.get<ExchangeKeyRow>('keys', ['exchange', hash]),
    );
  }
}

function asOwn({ key, hash, standing }: ExchangeKeyRow): OwnKey {
  const { notBefore, notAfter } = key;
  return { hash: toBase64Url(hash), notBefore, notAfter, standing };
}

const allKeys = (tx: Transaction) => tx.range<ExchangeKeyRow>('keys', { prefix: ['exchange'] });
