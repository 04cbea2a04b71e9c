import type { Bytes } from '@sotto/protocol';
import { sha256 } from '../primitives/digest.ts';

/**
 * M6: hashes sealed chunks, wherever a thread is free; only ciphertext goes there. A chunk that was handed over is not read
 * until the answer is here, and a spent one not at all.
 */
export interface ChunkDigests {
  /** SHA-256 of the chunk, and the chunk again: the bytes handed over may be gone. */
  keep(sealed: Bytes): Promise<{ readonly sealed: Bytes; readonly digest: Bytes }>;
  /** SHA-256 of a chunk that nobody needs after this. */
  spend(sealed: Bytes): Promise<Bytes>;
}

/** By the platform's Web Crypto, on the thread that asks or whichever it uses itself. */
export const digestsHere: ChunkDigests = {
  keep: async (sealed) => ({ sealed, digest: await sha256(sealed) }),
  spend: sha256,
};
