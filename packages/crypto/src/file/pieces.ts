import type { Bytes } from '@sotto/protocol';

/** Parts in order, of any lengths. A part is not changed any more once it was handed over. */
export type ByteSource = AsyncIterable<Uint8Array> | Iterable<Uint8Array>;

interface Piece {
  readonly piece: Bytes;
  readonly index: number;
  readonly last: boolean;
}

/** What stays when bytes are cut from a part: a view, so that whole chunks are never copied. */
const view = (part: Uint8Array, from: number, to: number): Bytes =>
  part.buffer instanceof ArrayBuffer
    ? new Uint8Array(part.buffer, part.byteOffset + from, to - from)
    : // Web Crypto takes no shared memory.
      part.slice(from, to);

/** Pieces of exactly `size` bytes and one shorter or equal rest, told apart by `last`; holds one piece. */
export async function* pieces(source: ByteSource, size: number): AsyncGenerator<Piece> {
  let held: Bytes = new Uint8Array(0);
  let filling: Bytes | undefined;
  let index = 0;
  for await (const part of source) {
    let at = 0;
    while (at < part.length) {
      // A full piece is passed on only once more is there: else it is the last one.
      if (held.length === size) {
        yield { piece: held, index, last: false };
        index += 1;
        held = new Uint8Array(0);
        filling = undefined;
      }
      const taken = Math.min(size - held.length, part.length - at);
      if (taken === size) {
        held = view(part, at, at + size);
      } else {
        filling ??= new Uint8Array(size);
        filling.set(part.subarray(at, at + taken), held.length);
        held = filling.subarray(0, held.length + taken);
      }
      at += taken;
    }
  }
  yield { piece: held, index, last: true };
}

/**
 * Results of `work` in the order of `source`, with up to `width` of them under way: while one is hashed
 * the next is sealed, on whatever threads the platform has. Holds at most `width` items.
 */
export async function* inOrder<Item, Result>(
  source: AsyncIterable<Item>,
  width: number,
  work: (item: Item) => Promise<Result>,
): AsyncGenerator<Result> {
  const underWay: Promise<Result>[] = [];
  for await (const item of source) {
    const result = work(item);
    // Its failure is met below, in its turn; where an earlier one ends everything, nobody asks for it.
    result.catch(() => undefined);
    underWay.push(result);
    const oldest = underWay.length < width ? undefined : underWay.shift();
    if (oldest !== undefined) yield await oldest;
  }
  for (const result of underWay) yield await result;
}
