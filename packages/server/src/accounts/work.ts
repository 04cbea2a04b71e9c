import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { WORK, type WorkDone, workBits, workInput, workTry, zeroBits } from '@sotto/protocol';
import { bytesOf, sha256 } from '../digest.ts';
import { Tries } from '../limits/tries.ts';
import { Refused } from '../refusal.ts';

/** Zero bits by which what is asked for may grow between the challenge and its answer. */
const GRACE = 1;

/**
 * Attack 51: names are not locked, further tries cost work. The challenge says to this server, and to nobody else, for
 * which name, when and how much: nothing is kept of it. It serves one request, since the request is hashed with it.
 */
export class WorkGate {
  readonly #key = randomBytes(32);
  readonly #tries: Tries;
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#tries = new Tries(WORK.halfLife, now);
    this.#now = now;
  }

  /** Counts a try that is free or was worked for. @throws Refused 'work_needed' with a challenge */
  demand(name: string, request: string, done: WorkDone | undefined): void {
    const bits = workBits(this.#tries.count(name));
    if (bits > 0 && !(done && this.#isDone(name, request, done, bits - GRACE))) {
      throw new Refused('work_needed', undefined, { work: { seed: this.#challenge(name, bits), bits } });
    }
    this.#tries.add(name);
  }

  /** It was the owner. */
  forgive(name: string): void {
    this.#tries.add(name, -1);
  }

  /** `time (6) ‖ bits (1) ‖ tag (16)` */
  #challenge(name: string, bits: number): string {
    const said = Buffer.alloc(7);
    said.writeUIntBE(this.#now(), 0, 6);
    said.writeUInt8(bits, 6);
    return Buffer.concat([said, this.#tag(name, said)]).toString('base64url');
  }

  #tag(name: string, said: Uint8Array): Buffer {
    return createHmac('sha256', this.#key).update(said).update(name).digest().subarray(0, 16);
  }

  #isDone(name: string, request: string, done: WorkDone, least: number): boolean {
    const seed = Buffer.from(bytesOf(done.seed));
    const [said, tag] = [seed.subarray(0, 7), seed.subarray(7)];
    const [time, bits] = [said.readUIntBE(0, 6), said.readUInt8(6)];
    if (!timingSafeEqual(tag, this.#tag(name, said))) return false;
    if (this.#now() - time > WORK.lifetime || bits < least) return false;
    const hash = sha256(workInput(done, request));
    return zeroBits(sha256(workTry(hash, bytesOf(done.nonce)))) >= bits;
  }
}
