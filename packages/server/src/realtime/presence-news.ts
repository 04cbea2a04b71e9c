import type { AccountId, Presence } from '@sotto/protocol';

/** Milliseconds between two tellings. */
const PAUSE = 100;

/**
 * Tells who came and went: the first at once, those of the next moment together. When a thousand come back after a
 * restart, everybody would otherwise get a thousand frames.
 */
export class PresenceNews {
  readonly #tell: (people: Presence[]) => void;
  readonly #waiting = new Map<AccountId, Presence>();
  #pausing = false;

  constructor(tell: (people: Presence[]) => void) {
    this.#tell = tell;
  }

  /** Of one account only the newest is told. */
  add(presence: Presence): void {
    this.#waiting.set(presence.account, presence);
    if (!this.#pausing) this.#flush();
  }

  #flush(): void {
    this.#pausing = this.#waiting.size > 0;
    if (!this.#pausing) return;
    const people = [...this.#waiting.values()];
    this.#waiting.clear();
    setTimeout(() => this.#flush(), PAUSE).unref();
    this.#tell(people);
  }
}
