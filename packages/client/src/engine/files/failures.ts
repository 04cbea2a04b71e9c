import { VerificationError } from '@sotto/crypto';
import { ClientError } from '../../error.ts';
import { StorageError } from '../../seams/index.ts';

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

/** What a command fails with: a broken file with its reason (attack 16), a device without room; everything else as it is. */
export function asTold(error: unknown): unknown {
  if (error instanceof StorageError)
    return error.code === 'full'
      ? noRoom(error)
      : new ClientError('usage', { message: error.message, cause: error });
  if (!(error instanceof VerificationError)) return error;
  const message = `${error.rule}: ${error.message}`;
  return new ClientError('verification', { message, rule: error.rule, cause: error });
}

export const noRoom = (cause?: unknown): ClientError =>
  new ClientError('usage', { message: 'This device has no room left for the file.', cause });
