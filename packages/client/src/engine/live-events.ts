import { type Change, changeOf, mayChange, saidOf, showContent } from '@sotto/crypto';
import type { RoomId } from '@sotto/protocol';
import type { EngineEvent, Events, MemberEvent } from '../events.ts';
import type { SignedCalls } from './calls.ts';
import type { Consent } from './consent/consent.ts';
import { Emitter } from './emitter.ts';
import { summaryOf } from './files/summary.ts';
import type { RoomContext } from './rooms/context.ts';
import type { RoomRows } from './rooms/room-rows.ts';
import type { EntryRow, RoomRow } from './rows.ts';

interface Needs extends Pick<RoomContext, 'bus' | 'keys'> {
  readonly calls: Pick<SignedCalls, 'serverTime'>;
  readonly consent: Pick<Consent, 'hears' | 'ofRow' | 'strangers'>;
  readonly rows: Pick<RoomRows, 'entry'>;
}

/** What of membership is told, and as what. */
const MEMBERSHIP: Readonly<Record<string, MemberEvent['type']>> = {
  added: 'joined',
  joined: 'joined',
  left: 'left',
  removed: 'removed',
};

/** Tells bots and interfaces what others do (`EngineEvent`), from entries once they are stored (E2). */
export class LiveEvents implements Events {
  readonly #needs: Needs;
  readonly #told = new Emitter<EngineEvent>();
  /** When this engine first knew all there was: what is younger is news, also after a break. */
  #newsFrom = Number.POSITIVE_INFINITY;
  #last: Promise<void> = Promise.resolve();

  constructor(needs: Needs) {
    this.#needs = needs;
    const { bus, calls, consent, keys } = needs;
    bus.on('caught-up', () => {
      this.#newsFrom = Math.min(this.#newsFrom, calls.serverTime());
    });
    bus.on('stored', ({ row, entries, live }) => {
      const others = entries.filter(({ account }) => account !== keys.self.account);
      const news = others.filter(({ time }) => live || time >= this.#newsFrom);
      // One after the other: looking for what a change is about takes a moment, and nothing overtakes it.
      const told = this.#last.then(() => this.#tell(row, news));
      this.#last = told.catch(() => undefined); // told by the bus
      return told;
    });
    bus.on('trust', (event) => {
      const { account } = event;
      if (this.#newsFrom === Number.POSITIVE_INFINITY || !consent.hears(account)) return;
      if (!consent.strangers().has(account)) this.#told.emit(event);
    });
  }

  on(listener: (event: EngineEvent) => void): () => void {
    return this.#told.on(listener);
  }

  async #tell(row: RoomRow, entries: readonly EntryRow[]): Promise<void> {
    const { consent } = this.#needs;
    for (const entry of entries) {
      if (consent.ofRow(row) !== 'open' || !consent.hears(entry.account)) continue; // attack 48
      for (const event of await this.#eventsOf(row, entry)) this.#told.emit(event);
    }
  }

  async #eventsOf({ room, muted }: RoomRow, entry: EntryRow): Promise<EngineEvent[]> {
    const { position, id, account, time, what } = entry;
    const facts = { room, position, account, time };
    if (what.type === 'epoch') {
      return what.events.flatMap((event) => {
        const type = MEMBERSHIP[event.type];
        return type && 'account' in event ? [{ ...facts, type, member: event.account }] : [];
      });
    }
    if (what.type !== 'message') return [];
    const said = saidOf(what.content);
    if (said) {
      const now = await this.#needs.rows.entry(room, position);
      if (now?.what.type === 'message' && !saidOf(now.what.content)) return []; // deleted behind it already
      const { body, mentions, reply } = said;
      const mentionsSelf = mentions.includes(this.#needs.keys.self.account);
      const answers = reply === undefined ? {} : { reply };
      const message = { type: 'message', ...facts, id, body, ...summaryOf(said.files), ...answers } as const;
      return [{ ...message, mentions, mentionsSelf, muted }];
    }
    const change = changeOf(what.content);
    if (!change || !(await this.#counts(room, entry, change))) return [];
    return [{ ...change.told, ...facts, id, target: change.target }];
  }

  /** Attack 30: there is such a message, it is theirs to change, and is another by it: not an edit of what is deleted. */
  async #counts(room: RoomId, { account, time }: EntryRow, change: Change): Promise<boolean> {
    const about = await this.#needs.rows.entry(room, change.target);
    const line = about?.what.type === 'message' ? showContent(about.what.content) : null;
    if (!about || !line || !mayChange(change, about.account, account)) return false;
    return change.apply(line, { account, time, reader: this.#needs.keys.self.account }) !== line;
  }
}
