import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import { StorageError, type Table } from '../seams/storage.ts';
import { decodeRow, encodeRow } from './row-encoding.ts';

const VERSION = 1;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** Seals the rows of one account: AES-256-GCM, a random nonce each, bound to the place where the row rests. */
export class RowSeal {
  readonly #key: Buffer;

  /** @param fileKey 32 bytes; each account's rows are sealed under a key of their own, derived from it */
  constructor(fileKey: Uint8Array, account: string) {
    this.#key = Buffer.from(hkdfSync('sha256', fileKey, '', `sotto/rows/1 ${account}`, 32));
  }

  /** @param key the row's encoded key */
  seal(table: Table, key: Uint8Array, row: unknown): Buffer {
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv('aes-256-gcm', this.#key, nonce);
    cipher.setAAD(placeOf(table, key));
    const sealed = cipher.update(encodeRow(row));
    cipher.final(); // GCM keeps nothing back: all is in `sealed`
    return Buffer.concat([Buffer.of(VERSION), nonce, sealed, cipher.getAuthTag()]);
  }

  /** @throws StorageError 'broken' where the row was changed, moved, or sealed under another key */
  open<Row>(table: Table, key: Uint8Array, sealed: Uint8Array): Row {
    const start = 1 + NONCE_BYTES;
    const end = sealed.byteLength - TAG_BYTES;
    if (sealed[0] !== VERSION || end < start) throw damaged(table);
    const decipher = createDecipheriv('aes-256-gcm', this.#key, sealed.subarray(1, start));
    decipher.setAAD(placeOf(table, key)).setAuthTag(sealed.subarray(end));
    const opened = decipher.update(sealed.subarray(start, end));
    try {
      decipher.final();
    } catch (error) {
      throw damaged(table, error);
    }
    return decodeRow<Row>(opened);
  }
}

/** No name of a table contains the byte that ends it here. */
const placeOf = (table: Table, key: Uint8Array) => Buffer.concat([Buffer.from(`${table}\0`), key]);

function damaged(table: Table, cause?: unknown): StorageError {
  return new StorageError('broken', `A row of ${table} does not open under this device's file key.`, cause);
}
