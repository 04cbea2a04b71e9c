import type { Bytes } from '@sotto/protocol';
import { VerificationError } from '../failure.ts';

/** Short messages share one size. */
const SMALLEST = 128;

/**
 * Padmé (Nikitin et al., PETS 2019): the next length whose binary form ends in enough zeros that at most
 * 12 % is added and only O(log log L) bits of the length leak.
 */
export function padme(length: number): number {
  if (length < 2) return length;
  const exponent = Math.floor(Math.log2(length));
  const significant = Math.floor(Math.log2(exponent)) + 1;
  const step = 2 ** (exponent - significant);
  return step < 1 ? length : Math.ceil(length / step) * step;
}

/** M3: 0x80 and zeros up to the bucket (attack 35). */
export function pad(content: Bytes): Bytes {
  const out = new Uint8Array(Math.max(SMALLEST, padme(content.length + 1)));
  out.set(content);
  out[content.length] = 0x80;
  return out;
}

/** A view of what was padded. @throws VerificationError M3 'malformed' where the padding is not exactly ours */
export function unpad(padded: Bytes): Bytes {
  let end = padded.length - 1;
  while (end >= 0 && padded[end] === 0) end -= 1;
  if (end < 0 || padded[end] !== 0x80 || padded.length !== Math.max(SMALLEST, padme(end + 1))) {
    throw new VerificationError('M3', 'malformed', 'the padding is malformed');
  }
  return padded.subarray(0, end);
}
