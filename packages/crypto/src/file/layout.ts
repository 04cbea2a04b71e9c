import { isCount } from '@sotto/protocol';
import { UsageError } from '../failure.ts';

/** M6: plaintext bytes per chunk; only the last one may be shorter. */
export const FILE_CHUNK_BYTES = 1_048_576;

/** The tag of AES-GCM behind every chunk. */
export const FILE_TAG_BYTES = 16;

/** A whole chunk with its tag. */
export const SEALED_CHUNK_BYTES = FILE_CHUNK_BYTES + FILE_TAG_BYTES;

/**
 * M6: how many chunks a file of `size` plaintext bytes has; an empty file has one empty chunk. No size that counts has more
 * than a number of 32 bits can name.
 * @throws UsageError for what is no size of a file
 */
export function chunkCount(size: number): number {
  if (!isCount(size)) throw new UsageError(`file size: expected whole bytes, got ${size}`);
  return Math.max(1, Math.ceil(size / FILE_CHUNK_BYTES));
}

/** M6: bytes of the ciphertext of a file of `size` plaintext bytes. */
export function sealedSize(size: number): number {
  return size + chunkCount(size) * FILE_TAG_BYTES;
}

/** A range of the ciphertext, in bytes; `end` is the first byte behind it. */
export interface SealedRange {
  readonly start: number;
  readonly end: number;
}

/**
 * M6: where chunk `index` (from 0) stands in the ciphertext of a file of `size` plaintext bytes.
 * @throws UsageError where the file has no such chunk
 */
export function sealedRange(index: number, size: number): SealedRange {
  const count = chunkCount(size);
  if (!Number.isInteger(index) || index < 0 || index >= count)
    throw new UsageError(`file chunk: expected a number below ${count}, got ${index}`);
  const start = index * SEALED_CHUNK_BYTES;
  return { start, end: Math.min(start + SEALED_CHUNK_BYTES, sealedSize(size)) };
}
