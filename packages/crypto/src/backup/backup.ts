import { type Bytes, concat, utf8 } from '@sotto/protocol';
import { chunkSealer } from '../file/chunk.ts';
import { FILE_CHUNK_BYTES } from '../file/layout.ts';
import { type ByteSource, pieces } from '../file/pieces.ts';
import { randomBytes } from '../primitives/random.ts';
import { BACKUP_VERSION, backupKeys, magicOf, SALT_BYTES } from './head.ts';

/**
 * Seals a backup under what the recovery phrase gives (K5): magic ‖ 32-byte salt ‖ 16-byte check ‖ AES-256-GCM over chunks
 * of 1 MiB with a final-chunk flag (M6, STREAM), under a fresh key by HKDF. In constant memory.
 */
export async function* sealBackup(phraseKey: Bytes, plaintext: ByteSource): AsyncGenerator<Bytes> {
  const salt = randomBytes(SALT_BYTES);
  const keys = await backupKeys(phraseKey, salt, BACKUP_VERSION);
  const seal = await chunkSealer(keys);
  yield concat(utf8(magicOf(BACKUP_VERSION)), salt, keys.check);
  for await (const { piece, index, last } of pieces(plaintext, FILE_CHUNK_BYTES)) {
    yield await seal(index, last, piece);
  }
}
