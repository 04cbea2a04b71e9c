import type { RoomId } from '@sotto/protocol';
import type { EngineParts } from '../parts.ts';
import { fetchOlder } from '../rooms/log/older.ts';
import { RoomTimeline } from './timeline.ts';

type Parts = Pick<EngineParts, 'context' | 'rows' | 'secrets' | 'sync' | 'outbox' | 'background'>;

/** The conversations that somebody looks at, or looked at: each has one timeline. */
export class Timelines {
  readonly #parts: Parts;
  readonly #open = new Map<RoomId, RoomTimeline>();

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** The same object for the same room. */
  open(room: RoomId): RoomTimeline {
    const known = this.#open.get(room);
    if (known) return known;
    const { context, rows, secrets, sync, outbox } = this.#parts;
    const timeline = new RoomTimeline(room, {
      rows,
      outbox: (of) => outbox.items(of),
      self: context.keys.self,
      hears: (account) => context.consent.hears(account),
      readNow: (of) => sync.sync(of),
      fetchOlder: (of) => fetchOlder(context, rows, secrets, of),
      background: (work) => this.#parts.background(work),
    });
    this.#open.set(room, timeline);
    return timeline;
  }

  peek(room: RoomId): RoomTimeline | undefined {
    return this.#open.get(room);
  }
}
