import { VerificationError } from '@sotto/crypto';
import { ClientError } from '../../error.ts';

/** M6: what the server gave is not the file that was sealed. */
export const badFile = (why: string): VerificationError =>
  new VerificationError('M6', 'bad_file', `the file is not whole: ${why}`);

/** A body ended before its end. Not every platform tells a cut from that, so it is asked for again. */
export class BrokenOff extends ClientError {
  constructor() {
    super('unreachable');
    this.name = 'BrokenOff';
  }
}

/** How often nothing at all may come of what the server says is there. */
const PATIENT = 4;

/** Tells a server that holds back the end of a file from a network that was cut. */
export class Progress {
  #at = -1;
  #fruitless = 0;

  /**
   * Notes that a body broke off.
   * @param at how far the file has come
   * @throws VerificationError M6 'bad_file' where it does not get any further
   */
  broken(at: number): void {
    this.#fruitless = at > this.#at ? 1 : this.#fruitless + 1;
    this.#at = Math.max(at, this.#at);
    if (this.#fruitless > PATIENT) throw badFile('it is shorter than announced');
  }
}

export const noRoom = (): ClientError => new ClientError('usage', { reason: 'store_full' });
