interface Known {
  readonly bytes: Buffer;
  readonly first: number;
  readonly last: number;
  unread: number;
}

/**
 * Every connection of a room must get every entry once, gapless and in order. The first to get a frame reads its
 * positions; the others only compare bytes, since the same frame goes to all. So the check costs the load little.
 */
export class RoomOrder {
  readonly #readers: number;
  readonly #mark: Buffer;
  readonly #frames = new Map<number, Known>();

  /** @param mark stands before every position */
  constructor(readers: number, mark: Buffer) {
    this.#readers = readers;
    this.#mark = mark;
  }

  reader(): Reader {
    let next = 0;
    let position: number | undefined;
    return (frame) => {
      const index = next;
      next += 1;
      let known = this.#frames.get(index);
      if (!known?.bytes.equals(frame)) {
        const range = positionsOf(frame, this.#mark);
        // A frame of its own (another commit seen as two, say) is read in full; only sameness is cheap.
        known = known
          ? { ...range, bytes: known.bytes, unread: 0 }
          : { ...range, bytes: Buffer.from(frame), unread: this.#readers };
        if (known.unread > 0) this.#frames.set(index, known);
      }
      if (known.unread > 0) {
        known.unread -= 1;
        if (known.unread === 0) this.#frames.delete(index);
      }
      if (position !== undefined && known.first !== position + 1) {
        throw new Error(`out of order: position ${known.first} after ${position}`);
      }
      position = known.last;
      return known;
    };
  }
}

/** @returns the positions of a frame of entries. @throws Error where they do not follow on each other */
export type Reader = (frame: Buffer) => { readonly first: number; readonly last: number };

function positionsOf(frame: Buffer, mark: Buffer): { first: number; last: number } {
  let first = 0;
  let last = 0;
  for (let at = frame.indexOf(mark); at >= 0; at = frame.indexOf(mark, at)) {
    at += mark.length;
    let position = 0;
    for (let byte = frame[at] ?? 0; byte >= 48 && byte <= 57; byte = frame[at] ?? 0) {
      position = position * 10 + byte - 48;
      at += 1;
    }
    if (first === 0) first = position;
    else if (position !== last + 1) throw new Error(`out of order: position ${position} after ${last}`);
    last = position;
  }
  if (first === 0) throw new Error('a frame of entries without entries');
  return { first, last };
}
