import type { Rates } from '../limits/rates.ts';
import type { Connection } from './connection.ts';

/** Bytes that a connection may send before it has said who it is: one `auth` frame, and the frames of a keep-alive. */
export const BYTES_BEFORE_AUTH = 4_096;

/** Attack 51: connections that have not said yet who they are. */
export class Newcomers {
  readonly #limits: Rates['newcomers'];
  readonly #waiting = new Set<Connection>();
  readonly #perAddress = new Map<string, number>();

  constructor(limits: Rates['newcomers']) {
    this.#limits = limits;
  }

  get size(): number {
    return this.#waiting.size;
  }

  /** False where too many of this address have not answered their challenge. */
  admits(address: string): boolean {
    return (this.#perAddress.get(address) ?? 0) < this.#limits.address;
  }

  /** Where all places are taken, the one that has had the longest time to answer gives way. */
  add(connection: Connection): void {
    const [oldest] = this.#waiting;
    if (oldest && this.#waiting.size >= this.#limits.all) {
      this.leave(oldest);
      oldest.terminate();
    }
    this.#waiting.add(connection);
    this.#count(connection.address, 1);
  }

  /** It has said who it is, or is gone. */
  leave(connection: Connection): void {
    if (this.#waiting.delete(connection)) this.#count(connection.address, -1);
  }

  #count(address: string, change: number): void {
    const count = (this.#perAddress.get(address) ?? 0) + change;
    if (count > 0) this.#perAddress.set(address, count);
    else this.#perAddress.delete(address);
  }
}
