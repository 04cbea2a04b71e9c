import { type Bytes, concat, equalBytes, utf8 } from '@sotto/protocol';
import { VerificationError } from '../failure.ts';
import { chunkOpener, chunkSealer } from '../file/chunk.ts';
import { FILE_CHUNK_BYTES, SEALED_CHUNK_BYTES } from '../file/layout.ts';
import { type ByteSource, pieces } from '../file/pieces.ts';
import { hkdfSha256 } from '../primitives/digest.ts';
import { randomBytes } from '../primitives/random.ts';

/** What a backup file begins with; the number is its version. */
const MAGIC = utf8('sotto backup 1\n');
const SALT_BYTES = 32;
const CHECK_BYTES = 16;
const HEAD_BYTES = MAGIC.length + SALT_BYTES + CHECK_BYTES;
const NAMED = { name: 'backup', type: 'application/x-sotto-backup' } as const;

/** Key and id of the stream, and what tells another phrase from a damaged file. The secret has 256 random bits. */
async function derive(secret: Bytes, salt: Bytes) {
  const okm = await hkdfSha256(secret, salt, utf8('sotto/v1/backup\0'), 48 + CHECK_BYTES);
  return { key: okm.slice(0, 32), file: okm.slice(32, 48), check: okm.slice(48), ...NAMED };
}

/**
 * Seals a backup under what the recovery phrase gives (K5): magic ‖ 32-byte salt ‖ 16-byte check ‖ AES-256-GCM over chunks
 * of 1 MiB with a final-chunk flag (M6, STREAM), under a fresh key by HKDF.
 */
export async function* sealBackup(phraseKey: Bytes, plaintext: ByteSource): AsyncGenerator<Bytes> {
  const salt = randomBytes(SALT_BYTES);
  const keys = await derive(phraseKey, salt);
  const seal = await chunkSealer(keys);
  yield concat(MAGIC, salt, keys.check);
  for await (const { piece, index, last } of pieces(plaintext, FILE_CHUNK_BYTES)) {
    yield await seal(index, last, piece);
  }
}

/**
 * Opens a backup; what came out is whole only once the generator has ended.
 * @throws VerificationError K5 'bad_phrase' for another phrase's file; M6 'bad_file' for what is no backup, or a damaged one
 */
export async function* openBackup(phraseKey: Bytes, sealed: Bytes): AsyncGenerator<Bytes> {
  if (sealed.length < HEAD_BYTES || !equalBytes(sealed.slice(0, MAGIC.length), MAGIC)) {
    throw new VerificationError('M6', 'bad_file', 'this file is not a backup');
  }
  const salt = sealed.slice(MAGIC.length, MAGIC.length + SALT_BYTES);
  const keys = await derive(phraseKey, salt);
  if (!equalBytes(keys.check, sealed.slice(MAGIC.length + SALT_BYTES, HEAD_BYTES))) {
    throw new VerificationError('K5', 'bad_phrase', 'the backup was made under another recovery phrase');
  }
  const open = await chunkOpener(keys);
  for await (const { piece, index, last } of pieces([sealed.subarray(HEAD_BYTES)], SEALED_CHUNK_BYTES)) {
    yield await open(index, last, piece);
  }
}
