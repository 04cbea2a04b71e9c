import { randomBytes, scrypt } from 'node:crypto';
import {
  closeSync,
  fsyncSync,
  linkSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { aesGcmOpen, aesGcmSeal } from '@sotto/crypto';
import { type Bytes, toBase64Url, utf8 } from '@sotto/protocol';
import { ClientError } from '../error.ts';
import { prepared } from '../password/prepared.ts';
import { StorageError } from '../seams/storage.ts';
import { asStorageError } from './file-errors.ts';

/**
 * The key that seals what rests in a directory: random, and made once. It rests next to the stores, either as it
 * is, readable for the owner of the files alone, or wrapped under a passphrase.
 */
type KeyFile =
  | { readonly version: 1; readonly protection: 'file'; readonly key: string }
  | {
      readonly version: 1;
      readonly protection: 'passphrase';
      readonly salt: string;
      readonly wrapped: string;
    };

/** What guards a directory's keys: nothing is there yet, the rights of the file alone, or a passphrase. */
export type KeyProtection = 'new' | 'file' | 'passphrase';

const KEY_BYTES = 32;
/** Fixed here and never read from the file: what rests there cannot make guessing cheaper (attack 17). */
const SCRYPT = { N: 2 ** 17, r: 8, p: 1, maxmem: 256 * 2 ** 20 };
const WRAP = utf8('sotto/file-key/1');
/** The key under it comes of a fresh salt and wraps once. */
const NONCE = new Uint8Array(12);
const decoded = (text: string) => new Uint8Array(Buffer.from(text, 'base64url'));

const pathOf = (directory: string) => join(directory, 'file-key.json');

/** @throws StorageError where the key file cannot be read */
export function keyProtection(directory: string): KeyProtection {
  return readKeyFile(directory)?.protection ?? 'new';
}

/**
 * The directory's key; made where there is none. A passphrase given for a directory that had none is taken on.
 * @throws ClientError 'bad_passphrase' where the passphrase is missing or wrong
 */
export async function openFileKey(directory: string, passphrase: string | undefined): Promise<Buffer> {
  const found = readKeyFile(directory);
  if (!found) {
    const fresh = randomBytes(KEY_BYTES);
    if (writeKeyFile(directory, await wrap(fresh, passphrase), 'first')) return fresh;
    return openFileKey(directory, passphrase); // another process was quicker: its key counts
  }
  const key = await unwrap(found, passphrase);
  if (found.protection === 'file' && passphrase) {
    writeKeyFile(directory, await wrap(key, passphrase), 'replace');
  }
  return key;
}

/**
 * Changes what guards a directory's keys; the key itself, and so everything sealed under it, stays.
 * @param change.to the new passphrase; null leaves the key to the rights of its file
 * @throws ClientError 'bad_passphrase'
 */
export async function changePassphrase(
  directory: string,
  change: { from: string | undefined; to: string | null },
): Promise<void> {
  const key = await openFileKey(directory, change.from);
  writeKeyFile(directory, await wrap(key, change.to ?? undefined), 'replace');
}

async function wrap(key: Buffer, passphrase: string | undefined): Promise<KeyFile> {
  if (!passphrase) return { version: 1, protection: 'file', key: key.toString('base64url') };
  const salt = randomBytes(16);
  const wrapped = await aesGcmSeal(await stretch(passphrase, salt), NONCE, new Uint8Array(key), WRAP);
  return {
    version: 1,
    protection: 'passphrase',
    salt: salt.toString('base64url'),
    wrapped: toBase64Url(wrapped),
  };
}

async function unwrap(file: KeyFile, passphrase: string | undefined): Promise<Buffer> {
  if (file.protection === 'file') return Buffer.from(file.key, 'base64url');
  if (!passphrase) {
    throw new ClientError('bad_passphrase', { reason: 'keys_locked' });
  }
  const stretched = await stretch(passphrase, Buffer.from(file.salt, 'base64url'));
  try {
    return Buffer.from(await aesGcmOpen(stretched, NONCE, decoded(file.wrapped), WRAP));
  } catch (error) {
    throw new ClientError('bad_passphrase', { cause: error });
  }
}

function stretch(passphrase: string, salt: Buffer): Promise<Bytes> {
  return new Promise((resolve, reject) => {
    scrypt(prepared(passphrase), salt, KEY_BYTES, SCRYPT, (error, key) =>
      error ? reject(error) : resolve(new Uint8Array(key)),
    );
  });
}

function readKeyFile(directory: string): KeyFile | undefined {
  try {
    return parseKeyFile(readFileSync(pathOf(directory), 'utf8'));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw asStorageError(error);
  }
}

function parseKeyFile(text: string): KeyFile {
  const damaged = (cause?: unknown) =>
    new StorageError('broken', 'file-key.json is damaged; without it the keys here cannot be opened.', cause);
  let file: Partial<Record<string, unknown>>;
  try {
    file = JSON.parse(text);
  } catch (error) {
    throw damaged(error);
  }
  const { version, protection, key, salt, wrapped } = file;
  if (version !== 1) throw damaged();
  if (protection === 'file' && isBase64Url(key, KEY_BYTES)) return { version, protection, key };
  if (protection === 'passphrase' && isBase64Url(salt, 16) && isBase64Url(wrapped, KEY_BYTES + 16)) {
    return { version, protection, salt, wrapped };
  }
  throw damaged();
}

const isBase64Url = (value: unknown, bytes: number): value is string =>
  typeof value === 'string' && Buffer.from(value, 'base64url').byteLength === bytes;

/** @returns false where 'first' found that another process had written one */
function writeKeyFile(directory: string, file: KeyFile, place: 'first' | 'replace'): boolean {
  const path = pathOf(directory);
  const draft = `${path}.${randomBytes(8).toString('hex')}`;
  try {
    // Whole and on disk before it gets its name: rows sealed under a lost key would be lost with it.
    const handle = openSync(draft, 'wx', 0o600);
    writeSync(handle, `${JSON.stringify(file)}\n`);
    fsyncSync(handle);
    closeSync(handle);
    if (place === 'replace') renameSync(draft, path);
    else linkSync(draft, path);
    syncDirectory(directory);
    return true;
  } catch (error) {
    if (place === 'first' && error instanceof Error && 'code' in error && error.code === 'EEXIST')
      return false;
    throw asStorageError(error);
  } finally {
    rmSync(draft, { force: true });
  }
}

function syncDirectory(directory: string): void {
  const handle = openSync(directory, 'r');
  fsyncSync(handle);
  closeSync(handle);
}
