import type { FileId } from '@sotto/protocol';
import { Refused } from '../refusal.ts';

/** Requests that may wait for one upload, and how long, in milliseconds. */
const WAITING = 4;
const WAIT = 10_000;
/** What a request that is asked to make way may still take in, in milliseconds. */
const MAKE_WAY = 100;

interface Turn extends PromiseWithResolvers<void> {
  readonly end: AbortController;
}

/**
 * One request at a time per upload. Who comes asks the one inside to end, which keeps what has arrived: so a device goes on
 * at once after a connection broke unnoticed.
 */
export class UploadLocks {
  /** The one inside, and behind it who waits. */
  readonly #turns = new Map<FileId, Turn[]>();

  /** @param work ends soon after its signal. @throws Refused 'busy' where others do not make way */
  async run<T>(upload: FileId, work: (makeWay: AbortSignal) => Promise<T>): Promise<T> {
    const turns = this.#turns.get(upload) ?? [];
    if (turns.length > WAITING) throw new Refused('busy');
    const turn: Turn = { ...Promise.withResolvers<void>(), end: new AbortController() };
    this.#turns.set(upload, turns);
    turns.push(turn);
    const late = setTimeout(() => turn.reject(new Refused('busy')), WAIT);
    try {
      const [inside = turn] = turns;
      if (inside === turn) turn.resolve();
      else makeWay(inside);
      await turn.promise;
      clearTimeout(late);
      if (turns.length > 1) makeWay(turn); // others wait behind it
      return await work(turn.end.signal);
    } finally {
      clearTimeout(late);
      turns.splice(turns.indexOf(turn), 1);
      turns[0]?.resolve();
      if (turns.length === 0) this.#turns.delete(upload);
    }
  }
}

const makeWay = ({ end }: Turn) => setTimeout(() => end.abort(), MAKE_WAY);
