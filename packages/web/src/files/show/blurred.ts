import { thumbHashToRGBA } from 'thumbhash';

/** Shorter than its own header it is of no picture. */
const HEADER = 5;

/** The blurred colours that a sender told of a picture, whatever the bytes are; null where they are of none (attack 31). */
export function blurred(
  hash: Uint8Array,
): { readonly w: number; readonly h: number; readonly rgba: Uint8Array } | null {
  if (hash.length < HEADER) return null;
  const picture = thumbHashToRGBA(hash);
  return picture.w < 1 || picture.h < 1 ? null : picture;
}
