import { closeSync, fdatasync, openSync } from 'node:fs';

/**
 * D2: SQLite writes a commit into its journal, and this makes the journal durable without the event loop waiting for the
 * disk. One sync runs at a time and covers all that was written before it began; what is written meanwhile takes the next.
 *
 * A sync that fails is final: what it left on the disk is unknown, and later commits would rest upon it. From then on
 * every call fails, until a restart reads what is there.
 */
export class Durability {
  readonly #fd: number;
  #written = 0;
  #covered = 0;
  #synced = 0;
  #running: Promise<void> | undefined;
  #following: Promise<void> | undefined;
  #failure: Error | undefined;

  /** `journal` exists already: the database was opened and written. */
  constructor(journal: string) {
    this.#fd = openSync(journal, 'r+');
  }

  get failure(): Error | undefined {
    return this.#failure;
  }

  /** Something was committed that no sync has covered. */
  wrote(): void {
    this.#written += 1;
  }

  /** Resolves when all that was written by now is on disk; undefined where it is. Rejects where the disk fails. */
  settled(): Promise<void> | undefined {
    if (this.#failure) return Promise.reject(this.#failure);
    if (this.#synced === this.#written) return undefined;
    if (!this.#running) return this.#sync();
    if (this.#covered === this.#written) return this.#running;
    this.#following ??= this.#running.then(() => {
      this.#following = undefined;
      return this.settled();
    });
    return this.#following;
  }

  /** Only once nothing is written any more. */
  async close(): Promise<void> {
    try {
      await this.settled();
    } finally {
      closeSync(this.#fd);
    }
  }

  #sync(): Promise<void> {
    const covered = this.#written;
    this.#covered = covered;
    this.#running = new Promise((resolve, reject) => {
      fdatasync(this.#fd, (error) => {
        this.#running = undefined;
        if (error) {
          this.#failure = error;
          reject(error);
          return;
        }
        this.#synced = covered;
        resolve();
      });
    });
    return this.#running;
  }
}
