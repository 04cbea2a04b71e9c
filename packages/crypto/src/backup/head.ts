import { type Bytes, utf8 } from '@sotto/protocol';
import { hkdfSha256 } from '../primitives/digest.ts';

/** 1 had no files in it; what is made now is 2. */
export type BackupVersion = 1 | 2;
export const BACKUP_VERSION = 2;

export const SALT_BYTES = 32;
const CHECK_BYTES = 16;

/** What a backup file begins with. */
export const magicOf = (version: BackupVersion): string => `sotto backup ${version}\n`;
export const MAGIC_BYTES = magicOf(BACKUP_VERSION).length;
export const HEAD_BYTES = MAGIC_BYTES + SALT_BYTES + CHECK_BYTES;

const NAMED = { name: 'backup', type: 'application/x-sotto-backup' } as const;
/** The version is part of the derivation: it cannot be changed in the file. */
const LABELS = { 1: 'sotto/v1/backup\0', 2: 'sotto/v2/backup\0' } as const;

/** Key and id of the stream, and what tells another phrase from a damaged file. The secret has 256 random bits. */
export async function backupKeys(secret: Bytes, salt: Bytes, version: BackupVersion) {
  const okm = await hkdfSha256(secret, salt, utf8(LABELS[version]), 48 + CHECK_BYTES);
  return { key: okm.slice(0, 32), file: okm.slice(32, 48), check: okm.slice(48), ...NAMED };
}
