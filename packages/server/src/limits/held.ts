import { Refused } from '../refusal.ts';

/** Bytes that may be in memory at once: of one (an address, an account), and of all together. */
export interface HeldLimits {
  readonly each: number;
  readonly all: number;
}

/** Milliseconds that one who is turned away waits before the next try. */
const WAIT = 1_000;

interface Holder {
  bytes: number;
  /** Those whose bytes still come: they alone can be cut. */
  readonly arriving: Set<Holding>;
}

/**
 * Attack 51: bytes of requests under way. Where all of it is taken, who holds most gives way, so that a crowd of large
 * or slow bodies keeps no small one out.
 */
export class HeldBytes {
  readonly #limits: HeldLimits;
  readonly #holders = new Map<string, Holder>();
  #total = 0;

  constructor(limits: HeldLimits) {
    this.#limits = limits;
  }

  /** Bytes held now. */
  get total(): number {
    return this.#total;
  }

  /** @param cut ends what `who` is sending; called at most once, and only until it has `arrived` */
  hold(who: string, cut: () => void): Holding {
    const holder = this.#holders.get(who) ?? { bytes: 0, arriving: new Set() };
    this.#holders.set(who, holder);
    const holding: Holding = {
      bytes: 0,
      cut,
      take: (bytes) => {
        this.#makeRoom(holder, bytes);
        holding.bytes += bytes;
        holder.bytes += bytes;
        this.#total += bytes;
      },
      arrived: () => void holder.arriving.delete(holding),
      release: () => {
        holder.arriving.delete(holding);
        this.#forget(who, holder, holding);
      },
    };
    holder.arriving.add(holding);
    return holding;
  }

  #makeRoom(holder: Holder, bytes: number): void {
    const { each, all } = this.#limits;
    if (holder.bytes + bytes > each) {
      throw new Refused('rate_limited', 'Too much is sent at once. Send one after the other.', {
        wait: WAIT,
      });
    }
    while (this.#total + bytes > all) {
      const most = [...this.#holders.values()]
        .filter(({ arriving }) => arriving.size > 0)
        .reduce((one, other) => (other.bytes > one.bytes ? other : one), holder);
      const [largest] = [...most.arriving].sort((one, other) => other.bytes - one.bytes);
      if (most === holder || !largest) throw new Refused('busy', undefined, { wait: WAIT });
      most.arriving.delete(largest);
      largest.cut();
      this.#giveBack(most, largest);
    }
  }

  #giveBack(holder: Holder, holding: Holding): void {
    holder.bytes -= holding.bytes;
    this.#total -= holding.bytes;
    holding.bytes = 0;
  }

  #forget(who: string, holder: Holder, holding: Holding): void {
    this.#giveBack(holder, holding);
    if (holder.bytes === 0 && holder.arriving.size === 0 && this.#holders.get(who) === holder) {
      this.#holders.delete(who);
    }
  }
}

/** What one request holds. */
export interface Holding {
  bytes: number;
  readonly cut: () => void;
  /** Before the bytes are kept. @throws Refused 'rate_limited' for who holds too much, 'busy' where all is taken */
  take(bytes: number): void;
  /** Nothing more comes: it is worked on now, and cannot be cut any more. */
  arrived(): void;
  release(): void;
}
