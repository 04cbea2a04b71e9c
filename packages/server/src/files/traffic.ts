import type { IncomingMessage } from 'node:http';
import { Refused } from '../refusal.ts';
import type { Crowd, FileSettings } from './settings.ts';

/** Whose transfer it is; nothing of it is kept longer than it lasts. */
export interface Traveller {
  readonly account: string;
  readonly address: string;
  readonly incoming: IncomingMessage;
}

type Direction = 'uploads' | 'downloads';

/** One that runs, and what it is counted under; nothing any more once it has to make way. */
interface Running {
  readonly direction: Direction;
  readonly address: string;
  keys: readonly string[];
}

/** Milliseconds that one who is turned away waits before the next try. */
const WAIT = 2_000;

/** Attack 37: so many transfers at once, and none that hardly moves. */
export class Traffic {
  readonly #settings: FileSettings;
  readonly #counts = new Map<string, number>();
  /** The longest running first. */
  readonly #running = new Map<IncomingMessage, Running>();
  #onEnded: (() => void) | undefined;
  #closed = false;

  constructor(settings: FileSettings) {
    this.#settings = settings;
  }

  /** Transfers that run now. */
  get running(): number {
    return this.#running.size;
  }

  /** Runs one transfer. @throws Refused 'rate_limited' where too many run already, 'busy' once closed */
  async run<T>(direction: Direction, who: Traveller, transfer: () => Promise<T>): Promise<T> {
    if (this.#closed) throw new Refused('busy', undefined, { wait: WAIT });
    const running: Running = { direction, address: who.address, keys: this.#enter(direction, who) };
    this.#running.set(who.incoming, running);
    const stopWatch = this.#watch(who.incoming);
    try {
      return await transfer();
    } finally {
      stopWatch();
      this.#running.delete(who.incoming);
      this.#leave(running);
      if (this.#running.size === 0) this.#onEnded?.();
    }
  }

  /** Ends all that run (they can be resumed), and resolves when they have. */
  async close(): Promise<void> {
    this.#closed = true;
    if (this.#running.size === 0) return;
    const ended = new Promise<void>((resolve) => {
      this.#onEnded = resolve;
    });
    for (const incoming of this.#running.keys()) cut(incoming);
    await ended;
  }

  #enter(direction: Direction, { account, address }: Traveller): string[] {
    const crowd = this.#settings[direction];
    const keys: [string, keyof Crowd][] = [
      [`${direction} account ${account}`, 'account'],
      [`${direction} address ${address}`, 'address'],
      [direction, 'server'],
    ];
    if ((this.#counts.get(direction) ?? 0) >= crowd.server) this.#makeWay(direction, address);
    for (const [key, kind] of keys) {
      if ((this.#counts.get(key) ?? 0) >= crowd[kind]) {
        throw new Refused('rate_limited', 'Too many transfers at once. Wait for one to end.', { wait: WAIT });
      }
    }
    for (const [key] of keys) this.#count(key, 1);
    return keys.map(([key]) => key);
  }

  /** Attack 51: where all places are taken, an address that has many gives its oldest up to one that has fewer. */
  #makeWay(direction: Direction, address: string): void {
    const have = (one: string) => this.#counts.get(`${direction} address ${one}`) ?? 0;
    const others = [...this.#running].filter(
      ([, { direction: its, keys }]) => its === direction && keys.length > 0,
    );
    const most = Math.max(...others.map(([, other]) => have(other.address)));
    const [incoming, oldest] = others.find(([, other]) => have(other.address) === most) ?? [];
    if (!incoming || !oldest || most <= have(address) + 1) return;
    this.#leave(oldest);
    cut(incoming);
  }

  #leave(running: Running): void {
    for (const key of running.keys) this.#count(key, -1);
    running.keys = [];
  }

  #count(key: string, change: number): void {
    const count = (this.#counts.get(key) ?? 0) + change;
    if (count > 0) this.#counts.set(key, count);
    else this.#counts.delete(key);
  }

  #watch(incoming: IncomingMessage): () => void {
    const { bytes, window } = this.#settings.pace;
    const { socket } = incoming;
    const moved = () => socket.bytesRead + socket.bytesWritten;
    let before = moved();
    const timer = setInterval(() => {
      const now = moved();
      if (now - before < bytes) cut(incoming);
      before = now;
    }, window);
    timer.unref();
    return () => clearInterval(timer);
  }
}

/** The request ends as if the network had broken. */
function cut(incoming: IncomingMessage): void {
  incoming.socket.destroy();
}
