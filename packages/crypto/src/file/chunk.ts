import { type Bytes, concat, u32, utf8 } from '@sotto/protocol';
import { UsageError, VerificationError } from '../failure.ts';
import { aesGcmOpen, aesGcmSeal } from '../primitives/aes-gcm.ts';
import { sha256 } from '../primitives/digest.ts';
import { chunkCount, sealedRange } from './layout.ts';
import type { FileKey, FileManifest, FileNaming } from './manifest.ts';

/** M6: everything about a file that is not what it says. */
export function badFile(why: string): VerificationError {
  return new VerificationError('M6', 'bad_file', `the file is not whole: ${why}`);
}

/** 7 zero bytes ‖ chunk number (u32) ‖ 1 in the last chunk, else 0 (STREAM, Hoang et al. 2015). */
function chunkNonce(index: number, last: boolean): Bytes {
  return concat(new Uint8Array(7), u32(index), new Uint8Array([last ? 1 : 0]));
}

/** The file's id, and a hash of name and type: swapping either in the manifest opens nothing (attack 16). */
async function chunkBinding(key: FileKey & FileNaming): Promise<Bytes> {
  const name = utf8(key.name);
  const described = concat(u32(name.length), name, utf8(key.type));
  return concat(utf8('sotto/v1/file\0'), key.file, await sha256(described));
}

function importChunkKey(key: FileKey, use: 'encrypt' | 'decrypt'): Promise<CryptoKey> {
  if (key.key.length !== 32) throw new UsageError(`file key: expected 32 bytes, got ${key.key.length}`);
  if (key.file.length !== 16) throw new UsageError(`file id: expected 16 bytes, got ${key.file.length}`);
  return crypto.subtle.importKey('raw', key.key, 'AES-GCM', false, [use]);
}

/** Seals or opens the chunk at a place; whether it is the file's last one is part of the place. */
type ChunkStep = (index: number, last: boolean, bytes: Bytes) => Promise<Bytes>;

/** M6: encrypts the chunks of one file; `sealChunks` also hashes them. A place is sealed once, or its nonce would serve twice. */
export async function chunkSealer(key: FileKey & FileNaming): Promise<ChunkStep> {
  const [chunkKey, binding] = await Promise.all([importChunkKey(key, 'encrypt'), chunkBinding(key)]);
  return (index, last, plain) => aesGcmSeal(chunkKey, chunkNonce(index, last), plain, binding);
}

/** Its step throws VerificationError M6 'bad_file' for a chunk that does not open there. */
export async function chunkOpener(key: FileKey & FileNaming): Promise<ChunkStep> {
  const [chunkKey, binding] = await Promise.all([importChunkKey(key, 'decrypt'), chunkBinding(key)]);
  return async (index, last, sealed) => {
    try {
      return await aesGcmOpen(chunkKey, chunkNonce(index, last), sealed, binding);
    } catch (cause) {
      if (cause instanceof VerificationError) throw badFile('a chunk does not open');
      throw cause;
    }
  };
}

/**
 * M6: opens one chunk on its own, for seeking in media or resuming. Its place, whether it is the last one,
 * and the file's name and type are checked; the hash over the whole file is not (`openChunks` does that).
 * @param sealed exactly the bytes of `sealedRange(index, manifest.size)`
 * @throws VerificationError M6 'bad_file' for whatever is not that chunk; UsageError where there is none
 */
export async function openChunk(manifest: FileManifest, index: number, sealed: Bytes): Promise<Bytes> {
  const { start, end } = sealedRange(index, manifest.size);
  if (sealed.length !== end - start) throw badFile('a chunk is cut off');
  const open = await chunkOpener(manifest);
  return open(index, index === chunkCount(manifest.size) - 1, sealed);
}
