import * as v from 'valibot';
import { type Bytes, concat, fromBase64Url, utf8 } from './bytes.ts';
import { blobSchema } from './ids.ts';

/**
 * Work in place of a lock (attack 51): once a name was tried often, each further try costs some hashing, so that strangers
 * who try cannot keep its owner out. It is done for one request, names the server's challenge, and proves nothing else.
 */
export const WORK = {
  /** Tries of a name that cost nothing. */
  free: 10,
  /** Leading zero bits asked for, at first and at most: a fraction of a second, and some seconds, in a browser. */
  least: 16,
  most: 21,
  /** Milliseconds in which the weight of a try halves. */
  halfLife: 60_000,
  /** Milliseconds for which a challenge is good. */
  lifetime: 120_000,
} as const;

/** A challenge is 23 bytes, of which the server alone knows what they say; a nonce is any 8. */
const seed = blobSchema<string>('seed', 23, 23);
const nonce = blobSchema<string>('nonce', 8, 8);

/** What the server asks for. A client does not begin where `bits` is beyond `WORK.most`. */
export const WorkSchema = v.object({
  seed,
  bits: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(WORK.most)),
});
export type Work = v.InferOutput<typeof WorkSchema>;

/** What a client answers. */
export const WorkDoneSchema = v.strictObject({ seed, nonce });
export type WorkDone = v.InferOutput<typeof WorkDoneSchema>;

/**
 * Zero bits asked for where a name was tried so often, older tries counting less; 0: none. One more for each four times
 * as many: whoever tries a thousand a second pays for all of it, whoever comes once pays seconds.
 */
export function workBits(tries: number): number {
  if (tries < WORK.free) return 0;
  return Math.min(WORK.most, WORK.least + Math.floor(Math.log2(tries / WORK.free) / 2));
}

/** What is hashed once: the challenge, and the `request` that the work is for. */
export function workInput({ seed }: Pick<Work, 'seed'>, request: string): Bytes {
  return concat(utf8('sotto/v1/work\0'), fromBase64Url(seed) ?? utf8(''), utf8(request));
}

/** What is hashed again and again, until the hash begins with enough zero bits: `hash` (of the input) ‖ nonce. */
export function workTry(hash: Uint8Array, nonce: Uint8Array): Bytes {
  return concat(hash, nonce);
}

/** Leading zero bits of a hash. */
export function zeroBits(hash: Uint8Array): number {
  const first = hash.findIndex((byte) => byte !== 0);
  return first < 0 ? hash.length * 8 : first * 8 + Math.clz32(hash[first] ?? 0) - 24;
}
