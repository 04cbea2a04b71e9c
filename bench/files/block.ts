export const MIB = 1_048_576;

const FILLED = new Uint8Array(MIB).map((_, at) => Math.imul(at ^ (at >>> 9), 2_654_435_761) & 0xff);

/** The block of the large file at a place, in parts: the same bytes for everyone, no two blocks alike. */
export function* blockParts(index: number): Generator<Uint8Array> {
  const stamp = new Uint8Array(8);
  new DataView(stamp.buffer).setFloat64(0, index);
  yield stamp;
  yield FILLED.subarray(8);
}

/** True where these are the bytes of the block; without another copy of it. */
export function isBlock(index: number, bytes: Uint8Array): boolean {
  if (bytes.length !== MIB || new DataView(bytes.buffer, bytes.byteOffset).getFloat64(0) !== index)
    return false;
  return Buffer.compare(bytes.subarray(8), FILLED.subarray(8)) === 0;
}
