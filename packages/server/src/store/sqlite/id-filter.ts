/** Chunks that one look at a plane answers for. */
const COLUMNS = 32;
/** With six bits of sixteen per id, one id in a thousand seems to be in a chunk where it is not. */
const BITS_PER_ID = 16;
const MARKS = 6;

/**
 * A Bloom filter for each chunk of ids, laid out so that one word holds the same bit of 32 chunks: asking all of them
 * costs six reads. Two bytes of memory per id.
 */
export class IdFilter {
  readonly #rows: number;
  readonly #planes: Uint32Array[] = [];

  /** `chunk`: ids in each; a power of two. */
  constructor(chunk: number) {
    this.#rows = chunk * BITS_PER_ID;
  }

  /** Chunks that may hold the id, ascending; all that do are among them. */
  find(id: string): number[] {
    const found: number[] = [];
    if (this.#planes.length === 0) return found;
    const [start, step] = hashes(id);
    const mask = this.#rows - 1;
    for (const [index, plane] of this.#planes.entries()) {
      let columns = -1;
      for (let mark = 0, at = start; mark < MARKS && columns !== 0; mark += 1, at += step) {
        columns &= plane[at & mask] ?? 0;
      }
      for (; columns !== 0; columns &= columns - 1) {
        found.push(index * COLUMNS + 31 - Math.clz32(columns & -columns));
      }
    }
    return found;
  }

  /** Takes a chunk's ids. @returns its bits, for `load` */
  fill(chunk: number, ids: Iterable<string>): Uint8Array {
    const bits = new Uint8Array(this.#rows / 8);
    const mask = this.#rows - 1;
    for (const id of ids) {
      const [start, step] = hashes(id);
      for (let mark = 0, at = start; mark < MARKS; mark += 1, at += step) {
        const row = at & mask;
        bits[row >> 3] = (bits[row >> 3] ?? 0) | (1 << (row & 7));
      }
    }
    this.load(chunk, bits);
    return bits;
  }

  load(chunk: number, bits: Uint8Array): void {
    const index = Math.floor(chunk / COLUMNS);
    while (this.#planes.length <= index) this.#planes.push(new Uint32Array(this.#rows));
    const plane = this.#planes[index] ?? new Uint32Array();
    const column = 1 << (chunk % COLUMNS);
    for (const [at, byte] of bits.entries()) {
      for (let left = byte; left !== 0; left &= left - 1) {
        const row = at * 8 + 31 - Math.clz32(left & -left);
        plane[row] = (plane[row] ?? 0) | column;
      }
    }
  }
}

/** Ids of honest clients are random; others can only make themselves slower. The step is odd, so that no mark falls together. */
function hashes(id: string): [start: number, step: number] {
  let one = 0x811c9dc5;
  let two = 0x9747b28c;
  for (let at = 0; at < id.length; at += 1) {
    const code = id.charCodeAt(at);
    one = Math.imul(one ^ code, 0x01000193);
    two = Math.imul(two ^ code, 0x5bd1e995);
  }
  return [one ^ (one >>> 15), (two ^ (two >>> 13)) | 1];
}
