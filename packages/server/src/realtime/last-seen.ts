import type { AccountId, DeviceId } from '@sotto/protocol';
import type { DeviceSeen, Store } from '../store/store.ts';

const nextTurn = () => new Promise<void>((resolve) => setImmediate(resolve));

/** Keeps when devices were connected; when many come or go at once, they share one commit. */
export class LastSeen {
  readonly #store: Store;
  readonly #onError: (error: unknown) => void;
  #waiting = new Map<string, DeviceSeen>();
  #running: Promise<void> | undefined;

  constructor(store: Store, onError: (error: unknown) => void) {
    this.#store = store;
    this.#onError = onError;
  }

  note(account: AccountId, device: DeviceId, seen: number): void {
    this.#waiting.set(`${account}.${device}`, { account, device, seen });
    this.#running ??= this.#run();
  }

  /** Resolves when all that was noted is on disk. */
  async drain(): Promise<void> {
    while (this.#running) await this.#running;
  }

  async #run(): Promise<void> {
    await nextTurn();
    while (this.#waiting.size > 0) {
      const seen = [...this.#waiting.values()];
      this.#waiting.clear();
      try {
        await this.#store.devices.setSeen(seen);
      } catch (error) {
        this.#onError(error); // a time less is no reason to stop
      }
    }
    this.#running = undefined;
  }
}
