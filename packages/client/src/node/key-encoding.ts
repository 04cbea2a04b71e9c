import type { Key, KeyRange } from '../seams/storage.ts';

/** First byte of a component; numbers sort before texts, and both before END. */
const NUMBER = 0x10;
const TEXT = 0x20;
const END = 0xff;

/**
 * A key as bytes whose order is the order of the key: component by component, numbers by value, texts by
 * UTF-16 code units, and a key before every longer one that starts with it, as in IndexedDB.
 */
export function encodeKey(key: Key): Buffer {
  return Buffer.concat(key.map((part) => (typeof part === 'number' ? encodeNumber(part) : encodeText(part))));
}

/** The half-open range of encoded keys: `lower` ≤ key < `upper`. */
export function encodeRange({ prefix, from, to }: KeyRange): { lower: Buffer; upper: Buffer } {
  const lower = encodeKey(from === undefined ? prefix : [...prefix, from]);
  const upper = encodeKey(to === undefined ? prefix : [...prefix, to]);
  return { lower, upper: Buffer.concat([upper, Buffer.of(END)]) };
}

/** IEEE 754 bits sort like the numbers once the sign is flipped, and all bits of negative ones. */
function encodeNumber(value: number): Buffer {
  if (Number.isNaN(value)) throw new TypeError('key: expected numbers and texts, got NaN');
  const bytes = Buffer.alloc(9);
  bytes[0] = NUMBER;
  bytes.writeDoubleBE(value === 0 ? 0 : value, 1); // 0 and -0 are one key
  const bits = bytes.readBigUInt64BE(1);
  const sign = 1n << 63n;
  bytes.writeBigUInt64BE(bits & sign ? ~bits & (2n ** 64n - 1n) : bits | sign, 1);
  return bytes;
}

/** Two bytes per code unit, ended by 0000 0000; the code unit 0 is 0000 0001 to stay distinct and in order. */
function encodeText(text: string): Buffer {
  const units: number[] = [];
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    units.push(unit >> 8, unit & 0xff);
    if (unit === 0) units.push(0, 1);
  }
  return Buffer.from([TEXT, ...units, 0, 0, 0, 0]);
}
