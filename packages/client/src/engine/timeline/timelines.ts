import type { RoomId } from '@sotto/protocol';
import type { RoomContext } from '../rooms/context.ts';
import type { EpochSecrets } from '../rooms/keys/secrets.ts';
import { fetchOlder } from '../rooms/log/older.ts';
import type { RoomSync } from '../rooms/log/sync.ts';
import type { RoomRows } from '../rooms/room-rows.ts';
import type { Outbox } from '../rooms/sending/outbox.ts';
import { RoomTimeline } from './timeline.ts';

interface Needs
  extends Pick<RoomContext, 'background' | 'bus' | 'calls' | 'consent' | 'directory' | 'keys' | 'locks'> {
  readonly rows: RoomRows;
  readonly secrets: EpochSecrets;
  readonly sync: RoomSync;
  readonly outbox: Outbox;
}

/** The conversations that somebody looks at, or looked at: each has one timeline. */
export class Timelines {
  readonly #needs: Needs;
  readonly #open = new Map<RoomId, RoomTimeline>();

  constructor(needs: Needs) {
    this.#needs = needs;
    const { bus } = needs;
    bus.on('room-changed', ({ room }) => this.peek(room)?.refresh());
    bus.on('receipts', ({ room }) => this.peek(room)?.marked());
    bus.on('stored', ({ row, entries }) => this.peek(row.room)?.append(entries));
    bus.on('reread', ({ room }) => this.peek(room)?.reload());
    bus.on('consent-changed', () => {
      for (const timeline of this.#open.values()) timeline.refresh();
    });
  }

  /** The same object for the same room. */
  open(room: RoomId): RoomTimeline {
    const known = this.#open.get(room);
    if (known) return known;
    const { background, consent, keys, outbox, rows, sync } = this.#needs;
    const timeline = new RoomTimeline(room, {
      rows,
      outbox: (of) => outbox.items(of),
      self: keys.self,
      hears: (account) => consent.hears(account),
      readNow: (of) => sync.sync(of),
      fetchOlder: (of) => fetchOlder(this.#needs, of),
      background,
    });
    this.#open.set(room, timeline);
    return timeline;
  }

  peek(room: RoomId): RoomTimeline | undefined {
    return this.#open.get(room);
  }
}
