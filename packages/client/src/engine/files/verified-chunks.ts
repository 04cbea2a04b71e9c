import { type Attachment, chunkCount, FileHash, openChunk, sha256, VerificationError } from '@sotto/crypto';
import { type Bytes, equalBytes, release } from '@sotto/protocol';
import type { FileCache } from './cache.ts';
import { sealedChunks } from './chunk-source.ts';
import type { FileContext } from './context.ts';
import { badFile } from './failures.ts';
import { manifestOf } from './open-file.ts';

/**
 * M6: a file as it was sealed, chunk by chunk, from this device or the server. Each chunk is authentic and in its place before
 * it goes out, and the last one only once the hash over all of them agrees (attack 16).
 * @throws VerificationError M6 'bad_file'; ClientError 'not_found', 'unreachable'; the reason of `signal`
 */
export async function* verifiedChunks(
  files: FileContext,
  cache: FileCache,
  { attachment, signal }: { attachment: Attachment; signal: AbortSignal },
): AsyncGenerator<Bytes> {
  const manifest = manifestOf(attachment);
  const last = chunkCount(attachment.size) - 1;
  const hash = new FileHash();
  let next = 0;
  async function* rest(): AsyncGenerator<Bytes> {
    for await (const sealed of sealedChunks(files, attachment, { first: next, last, signal })) {
      signal.throwIfAborted();
      release(await openChunk(manifest, next, sealed));
      hash.add(await sha256(sealed));
      if (next === last && !equalBytes(hash.value(), attachment.hash)) throw badFile('its hash is another');
      next += 1;
      yield sealed;
    }
  }
  const ended = cache.reading(attachment.file);
  try {
    yield* rest();
  } catch (error) {
    const kept = await files.sealed.size(attachment.file);
    if (!(error instanceof VerificationError) || kept === 0 || next > last) throw error;
    // What was kept here may be damaged; the server's is asked for from there.
    await cache.drop(attachment.file);
    yield* rest();
  } finally {
    ended();
  }
}
