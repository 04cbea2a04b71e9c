import { sha256 } from '@noble/hashes/sha2.js';
import { toBase64Url, type Work, workInput, workTry, zeroBits } from '@sotto/protocol';

/** Hashes between two rests: some ten milliseconds. */
const STRETCH = 10_000;

/**
 * Does the work that a server asks for before it takes a `request` (attack 51).
 * @param rest lets others have their turn on this thread
 * @returns the nonce, base64url
 */
export async function doWork(
  work: Work,
  request: string,
  rest: () => Promise<void> = async () => undefined,
): Promise<string> {
  const tried = workTry(sha256(workInput(work, request)), new Uint8Array(8));
  const counter = new DataView(tried.buffer, tried.length - 8);
  for (let n = 0; ; n += 1) {
    counter.setUint32(4, n);
    if (zeroBits(sha256(tried)) >= work.bits) return toBase64Url(tried.subarray(-8));
    if (n % STRETCH === STRETCH - 1) await rest();
  }
}
