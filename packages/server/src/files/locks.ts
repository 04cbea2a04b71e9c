import { ERRORS, type Lock, type Locker, type RequestRelease } from '@tus/server';

/** Requests that may wait for one upload, and how long. */
const WAITING = 4;
const PATIENCE = 10_000;

interface Held {
  release: RequestRelease;
  readonly waiting: Waiter[];
}

interface Waiter {
  readonly release: RequestRelease;
  readonly enter: () => void;
}

/**
 * One request at a time per upload. Who comes asks the one inside to end, which keeps what has arrived: so a device goes on
 * at once after a connection broke unnoticed. (tus' own locker spins the event loop while it waits, attack 37.)
 */
export class UploadLocks implements Locker {
  readonly #held = new Map<string, Held>();

  newLock(id: string): Lock {
    return {
      lock: (signal, release) => this.#lock(id, signal, release),
      unlock: async () => this.#unlock(id),
    };
  }

  async #lock(id: string, signal: AbortSignal, release: RequestRelease): Promise<void> {
    const held = this.#held.get(id);
    if (!held) {
      this.#held.set(id, { release, waiting: [] });
      return;
    }
    if (held.waiting.length >= WAITING || signal.aborted) throw ERRORS.ERR_LOCK_TIMEOUT;
    await Promise.all([this.#wait(held, release, signal), held.release()]);
  }

  #wait(held: Held, release: RequestRelease, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const settle = (outcome: () => void) => {
        clearTimeout(timer);
        signal.removeEventListener('abort', giveUp);
        outcome();
      };
      const waiter: Waiter = { release, enter: () => settle(resolve) };
      const giveUp = () => {
        const index = held.waiting.indexOf(waiter);
        if (index >= 0) held.waiting.splice(index, 1);
        settle(() => reject(ERRORS.ERR_LOCK_TIMEOUT));
      };
      const timer = setTimeout(giveUp, PATIENCE);
      signal.addEventListener('abort', giveUp, { once: true });
      held.waiting.push(waiter);
    });
  }

  #unlock(id: string): void {
    const held = this.#held.get(id);
    const next = held?.waiting.shift();
    if (!held || !next) {
      this.#held.delete(id);
      return;
    }
    held.release = next.release;
    next.enter();
    if (held.waiting.length > 0) void next.release(); // others wait behind it
  }
}
