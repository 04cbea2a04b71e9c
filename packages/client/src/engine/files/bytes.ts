import { type Bytes, release } from '@sotto/protocol';

/** Fills `into` with parts of any sizes that are as long together. */
export async function fill(into: Uint8Array, parts: AsyncIterable<Bytes>): Promise<void> {
  let at = 0;
  for await (const part of parts) {
    into.set(part, at);
    at += part.length;
    release(part);
  }
}

/**
 * Cuts parts of any sizes into pieces of the sizes asked for, each in memory of its own; a last one may be shorter where the
 * source ended.
 * @param used told of each part once all of it was copied
 */
export async function* cut(
  parts: AsyncIterable<Uint8Array>,
  sizes: Iterable<number>,
  used?: (part: Uint8Array) => void,
): AsyncGenerator<Bytes> {
  const wanted = sizes[Symbol.iterator]();
  let size = wanted.next();
  let piece = new Uint8Array(size.done ? 0 : size.value);
  let filled = 0;
  for await (const part of parts) {
    for (let at = 0; at < part.length && !size.done; ) {
      const taken = part.subarray(at, at + piece.length - filled);
      piece.set(taken, filled);
      at += taken.length;
      filled += taken.length;
      if (filled < piece.length) break;
      yield piece;
      size = wanted.next();
      piece = new Uint8Array(size.done ? 0 : size.value);
      filled = 0;
    }
    used?.(part);
    if (size.done) return;
  }
  if (filled > 0) yield filled === piece.length ? piece : piece.slice(0, filled);
}

/** Hands pieces on and, once told that the first one was used, gives its memory back. */
export class Lent {
  readonly #out: Bytes[] = [];

  async *each(pieces: AsyncIterable<Bytes>): AsyncGenerator<Bytes> {
    for await (const piece of pieces) {
      this.#out.push(piece);
      yield piece;
    }
  }

  /** What came of the oldest piece is here: nobody reads the piece any more. */
  back(): void {
    const piece = this.#out.shift();
    if (piece) release(piece);
  }
}
