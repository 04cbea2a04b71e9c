import { decode, encode, rfc8949EncodeOptions } from 'cborg';
import { type Bytes, equalBytes } from './bytes.ts';

/** What our structures may be made of. Floats, tags, undefined and bignums do not occur. */
export type CborValue =
  | null
  | boolean
  | number
  | string
  | Uint8Array
  | readonly CborValue[]
  | { readonly [key: string]: CborValue };

/** Deterministic CBOR (RFC 8949 §4.2.1): one byte string per value. */
export function encodeCbor(value: CborValue): Bytes {
  return new Uint8Array(encode(value, rfc8949EncodeOptions));
}

/**
 * Decodes deterministic CBOR and refuses everything else: indefinite lengths, duplicate keys,
 * unsorted maps, long-form integers, floats, tags, undefined, trailing bytes, nesting beyond `maxDepth`.
 * @throws Error naming what is wrong; callers turn it into their own named failure
 */
export function decodeCbor(bytes: Uint8Array, maxDepth = 6): unknown {
  assertDepth(bytes, maxDepth); // attack 29: bounded before a recursive decoder sees it
  const value: unknown = decode(bytes, {
    strict: true,
    allowIndefinite: false,
    allowUndefined: false,
    allowInfinity: false,
    allowNaN: false,
    allowBigInt: false,
    rejectDuplicateMapKeys: true,
  });
  if (!equalBytes(encodeCbor(value as CborValue), bytes)) {
    throw new Error('CBOR is not in deterministic form');
  }
  return value;
}

const FALSE = 0xf4;
const NULL = 0xf6;

/** One pass over the item heads with an explicit stack: cost is linear, memory is `maxDepth`. */
function assertDepth(bytes: Uint8Array, maxDepth: number): void {
  const open: number[] = [];
  let at = 0;
  while (at < bytes.length) {
    const head = bytes[at] as number;
    const major = head >> 5;
    const { length, next } = readLength(bytes, at, head & 31);
    at = next;
    if (major === 6 || (major === 7 && (head < FALSE || head > NULL))) {
      throw new Error('CBOR tags, floats and undefined do not occur here');
    }
    if (major === 2 || major === 3) at += length;
    const children = major === 4 ? length : major === 5 ? length * 2 : 0;
    if (children > bytes.length) throw new Error('CBOR container is longer than its input');
    if (children > 0) {
      if (open.length === maxDepth) throw new Error(`CBOR is nested deeper than ${maxDepth}`);
      open.push(children);
      continue;
    }
    for (let top = open.length - 1; top >= 0; top--) {
      const left = (open[top] as number) - 1;
      if (left > 0) {
        open[top] = left;
        break;
      }
      open.pop();
    }
  }
}

function readLength(bytes: Uint8Array, at: number, info: number): { length: number; next: number } {
  if (info < 24) return { length: info, next: at + 1 };
  const size = [1, 2, 4, 8][info - 24];
  if (size === undefined || at + 1 + size > bytes.length) throw new Error('CBOR item head is malformed');
  let length = 0;
  for (let i = 1; i <= size; i++) length = length * 256 + (bytes[at + i] as number);
  return { length, next: at + 1 + size };
}
