import { FILE_CHUNK_BYTES, sealedRange } from '@sotto/crypto';

/** Lengths of the sealed chunks `first` … `last` of a file of `size` plaintext bytes. */
export function* sealedSizes(first: number, last: number, size: number): Generator<number> {
  for (let index = first; index <= last; index += 1) {
    const { start, end } = sealedRange(index, size);
    yield end - start;
  }
}

/** Lengths of chunks before they are sealed; without an end, so that a source which goes on too long is noticed. */
export function* plainSizes(): Generator<number> {
  for (;;) yield FILE_CHUNK_BYTES;
}
