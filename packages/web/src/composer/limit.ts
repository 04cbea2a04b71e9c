import { TEXT_BYTES } from '../app/limits.ts';

const encoder = new TextEncoder();
/** Below this share of the limit nobody is told about it. */
const TOLD_FROM = 0.9;

/** Bytes left of the most a message can have, or null while that is far away. Negative when too long. */
export function bytesLeft(text: string): number | null {
  // A UTF-16 unit takes at most three bytes: short texts need no counting.
  if (text.length * 3 < TEXT_BYTES * TOLD_FROM) return null;
  const left = TEXT_BYTES - encoder.encode(text).length;
  return left > TEXT_BYTES * (1 - TOLD_FROM) ? null : left;
}
