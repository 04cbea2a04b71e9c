import {
  advanceRoom,
  type EpochSecret,
  openProfile,
  type RoomProfile,
  type RoomState,
  VerificationError,
  type VerifiedHeader,
} from '@sotto/crypto';
import {
  type Bytes,
  equalBytes,
  fromBase64Url,
  LIMITS,
  type LogEntry,
  LogPageSchema,
  PATHS,
  type RoomHead,
  type RoomId,
  type Seen,
} from '@sotto/protocol';
import type { RoomWork } from '../../state.ts';
import type { EntryRow, HeaderRow, RoomRow, SecretRow } from '../rows.ts';
import { advanceRow, entryRow } from './apply.ts';
import { alarmFrom, type RoomContext } from './context.ts';
import type { RoomRows } from './room-rows.ts';
import type { EpochSecrets } from './secrets.ts';
import { beginRoom, withLists } from './start.ts';

export interface SyncHandlers {
  /** After entries were written (E2: publish, then effects). `live`: they came by themselves, just now. */
  onEntries(row: RoomRow, entries: readonly EntryRow[], live: boolean): void;
  onHeader(row: RoomRow, header: VerifiedHeader, readable: boolean): void;
  onWork(room: RoomId, work: RoomWork | null): void;
}

/** Progress is told where more than this waits. */
const LONG = 200;

/**
 * E2: brings rooms up to the log, in phases: fetch, verify and decrypt, write in one transaction, publish,
 * then effects. One tab at a time works on a room; the stored state is the truth.
 */
export class RoomSync {
  readonly #context: RoomContext;
  readonly #rows: RoomRows;
  readonly #secrets: EpochSecrets;
  readonly #handlers: SyncHandlers;

  constructor(context: RoomContext, rows: RoomRows, secrets: EpochSecrets, handlers: SyncHandlers) {
    this.#context = context;
    this.#rows = rows;
    this.#secrets = secrets;
    this.#handlers = handlers;
  }

  /** Entries as they come over the connection. A hole is filled from the log. */
  async live(room: RoomId, entries: readonly LogEntry[]): Promise<void> {
    const complete = await this.#exclusive(room, async () => {
      const row = await this.#rows.reload(room);
      const first = entries.find((entry) => entry.position > (row?.state.position ?? 0));
      if (!row) return false;
      if (!first) return true;
      if (first.position > row.state.position + 1) return false;
      await this.#take(row, entries, true);
      return true;
    });
    if (!complete) await this.sync(room);
  }

  /** What the server says of a room: catches up, or finds that the server shows less than before. */
  async meet(head: RoomHead): Promise<void> {
    const row = this.#rows.peek(head.room);
    const known = row?.state;
    if (row && known && row.standing === 'member' && head.until === null) {
      if (head.head < known.position || head.epoch < (known.header?.header.epoch ?? 0)) {
        // Attack 8: this device has seen more than the server now admits.
        const what = `the server shows ${head.head} entries, this device has seen ${known.position}`;
        await this.raise(head.room, new VerificationError('D1', 'rollback', what));
        return;
      }
      if (head.head === known.position && !row.alarm) return;
    }
    await this.sync(head.room, row?.standing !== 'member' && head.until === null);
  }

  /** Fetches until the log is read to its end. @param restart after this account was admitted again */
  async sync(room: RoomId, restart = false): Promise<void> {
    await this.#exclusive(room, async () => {
      try {
        let row = await this.#rows.reload(room);
        if (!row || restart) row = await this.#begin(room, row);
        if (row) await this.#fetch(row);
      } catch (error) {
        if (!(error instanceof VerificationError)) throw error;
        await this.raise(room, error);
      } finally {
        this.#handlers.onWork(room, null);
      }
    });
  }

  /** Waits until the room's stored state reaches `position`, from the connection or else from the log. */
  async reach(room: RoomId, position: number): Promise<void> {
    const here = () => (this.#rows.peek(room)?.state.position ?? 0) >= position;
    const end = this.#context.clock.now() + 1_500;
    while (!here() && this.#context.clock.now() < end) {
      await new Promise<void>((resolve) => this.#context.clock.after(10, resolve));
    }
    if (!here()) await this.sync(room);
  }

  /** Records a broken rule: a line in the conversation, and an alarm that stops sending until it is resolved. */
  async raise(room: RoomId, error: VerificationError, entry?: LogEntry): Promise<void> {
    const alarm = alarmFrom(
      error,
      this.#context.clock.now(),
      entry?.account ?? error.missing?.account ?? null,
    );
    const row = await this.#rows.update(room, (old) => {
      if (old.alarm?.kind === alarm.kind && old.alarm.rule === alarm.rule) return old;
      const line = { after: old.state.position, time: alarm.at, event: { type: 'alarm', alarm } as const };
      return { ...old, alarm, lines: [...old.lines, line] };
    });
    if (!row || row.alarm?.at === alarm.at) this.#context.notify(alarm, row ? room : null);
  }

  /** M2: an author had seen this much; the server must have shown the same here. */
  async compare(room: RoomId, seen: Seen): Promise<void> {
    if ((this.#rows.peek(room)?.state.position ?? 0) < seen.position) await this.sync(room);
    const row = this.#rows.peek(room);
    if (!row || row.alarm) return;
    if (row.state.position < seen.position) {
      const what = 'a member has seen entries that this server does not show';
      await this.raise(room, new VerificationError('M2', 'fork', what)); // attack 8: a cut tail
      return;
    }
    const chain = await this.#chainAt(row, seen.position);
    if (chain && !equalBytes(chain, seen.chain)) {
      await this.raise(room, new VerificationError('M2', 'fork', 'a member was shown another history'));
    }
  }

  #exclusive<T>(room: RoomId, work: () => Promise<T>): Promise<T> {
    return this.#context.locks.exclusive(`room:${room}`, work);
  }

  async #begin(room: RoomId, old: RoomRow | undefined): Promise<RoomRow | undefined> {
    const begun = await beginRoom(this.#context, this.#rows, room);
    if (!begun) return undefined;
    const { state, headers } = begun;
    if (old && state.position < old.state.position) return old; // admitted again: nothing before is new
    const start = { position: state.position, chain: state.chain };
    return this.#rows.commit(room, { entries: [], headers }, (stored) => ({
      room,
      profile: { name: '', topic: '' },
      unread: 0,
      mentions: 0,
      last: null,
      muted: false,
      draft: '',
      counter: 0,
      lines: [],
      ...stored,
      alarm: null,
      unconfirmed: null,
      state,
      start,
      oldest: start,
      standing: 'member',
      read: Math.max(stored?.read ?? 0, start.position),
    }));
  }

  async #fetch(begun: RoomRow): Promise<void> {
    const { room } = begun;
    const from = begun.state.position;
    let row = begun;
    for (;;) {
      const after = row.state.position;
      const path = `${PATHS.log(room)}?after=${after}&limit=${LIMITS.page}`;
      const page = await this.#context.calls.get(path, LogPageSchema);
      if (page.head < after) {
        throw new VerificationError('D1', 'rollback', 'the server shows less than this device has seen');
      }
      const chain = fromBase64Url(page.chain);
      if (!chain || !equalBytes(chain, row.state.chain)) {
        throw new VerificationError('D1', 'fork', 'the server’s log is not the one this device knows');
      }
      const total = page.head - from;
      if (total > LONG) this.#handlers.onWork(room, { kind: 'sync', done: after - from, total });
      if (page.entries.length === 0) {
        if (page.head > after) throw new VerificationError('D1', 'gap', 'the server holds back entries');
        break;
      }
      const taken = await this.#take(row, page.entries, false);
      if (!taken) return;
      row = taken;
      if (row.state.position >= page.head) break;
    }
    const confirmed = this.#rows.peek(room)?.unconfirmed ?? 0;
    if (row.standing === 'member' && (row.state.header?.header.epoch ?? 0) < confirmed) {
      const what = `the server confirmed epoch ${confirmed} of this room and does not show it`;
      throw new VerificationError('R4', 'rollback', what); // attack 11
    }
    if (row.alarm) await this.#rows.update(room, (old) => ({ ...old, alarm: null }));
  }

  /** Verifies, decrypts and stores. @returns the new row, or null where an alarm stopped it */
  async #take(row: RoomRow, entries: readonly LogEntry[], live: boolean): Promise<RoomRow | null> {
    const batch = new Batch(row);
    let stop: { error: VerificationError; entry: LogEntry } | null = null;
    for (const entry of entries) {
      if (entry.position <= batch.state.position) continue;
      try {
        await this.#advance(batch, entry);
      } catch (error) {
        if (!(error instanceof VerificationError)) throw error;
        stop = { error, entry };
        break;
      }
    }
    const written = await this.#write(batch);
    for (const header of batch.headers) {
      this.#handlers.onHeader(written, header.header, batch.secrets.has(header.header.header.epoch));
    }
    this.#handlers.onEntries(written, batch.entries, live);
    if (stop) {
      await this.raise(row.room, stop.error, stop.entry);
      return null;
    }
    return written;
  }

  async #advance(batch: Batch, entry: LogEntry): Promise<void> {
    const { room } = batch.row;
    const { state, outcome } = await withLists(this.#context, () =>
      advanceRoom(batch.state, entry, {
        lists: this.#context.directory.lists.lookup,
        secrets: (epoch) => this.#secrets.get(room, epoch),
        chainAt: async (position) => batch.chainAt(position) ?? (await this.#chainAt(batch.row, position)),
      }),
    );
    const before = batch.profile;
    if (outcome.type === 'epoch') await this.#enter(batch, outcome.header, entry.position);
    if (outcome.type === 'leave' && outcome.account === this.#context.keys.self.account) {
      batch.standing = 'left';
    }
    if (outcome.type === 'rejected') {
      this.#context.notify(alarmFrom(outcome.error, entry.time, entry.account), room);
    }
    const profile = outcome.type === 'epoch' ? batch.profile : null;
    batch.entries.push(entryRow(entry, outcome, { chain: state.chain, profile, before }));
    batch.state = state;
  }

  async #enter(batch: Batch, header: VerifiedHeader, position: number): Promise<void> {
    batch.headers.push({ header, position });
    const self = this.#context.keys.self.account;
    if (!header.header.members.some((member) => member.account === self)) {
      const left = header.events.some((event) => event.type === 'left' && event.account === self);
      batch.standing = left || batch.standing === 'left' ? 'left' : 'removed';
      return;
    }
    batch.standing = 'member';
    const secret = await this.#secrets.forHeader(header);
    if (!secret) return;
    batch.secrets.set(header.header.epoch, secret);
    batch.profile = await this.#profile(header, secret, batch.profile);
  }

  /** A profile that does not open is its author's fault; the room goes on under the name it had. */
  async #profile(header: VerifiedHeader, secret: EpochSecret, old: RoomProfile): Promise<RoomProfile> {
    try {
      return await openProfile(header.header, secret);
    } catch (error) {
      if (!(error instanceof VerificationError)) throw error;
      const { account } = header.header.author;
      this.#context.notify(alarmFrom(error, header.header.at, account, 'bad-header'), header.header.room);
      return old;
    }
  }

  async #write(batch: Batch): Promise<RoomRow> {
    const { room } = batch.row;
    const { account, device } = this.#context.keys.self;
    const sent = new Set(batch.entries.flatMap((e) => (e.device === device ? [e.id] : [])));
    const row = await this.#rows.commit(
      room,
      batch,
      (stored) => {
        const { state, profile, standing } = batch;
        const advanced = advanceRow(stored ?? batch.row, batch.entries, account);
        const { unconfirmed } = advanced;
        const shown = (state.header?.header.epoch ?? 0) >= (unconfirmed ?? 0);
        return { ...advanced, state, profile, standing, unconfirmed: shown ? null : unconfirmed };
      },
      async (tx) => {
        for (const [epoch, secret] of batch.secrets) {
          await tx.put<SecretRow>('secrets', [room, epoch], { secret });
        }
        if (sent.size === 0) return;
        // E3: what the log shows has been sent; it leaves the outbox in the same transaction.
        for (const item of await tx.range<{ id: string; sequence: number }>('outbox', { prefix: [room] })) {
          if ((sent as ReadonlySet<string>).has(item.id)) await tx.delete('outbox', [room, item.sequence]);
        }
      },
    );
    if (batch.secrets.size > 0) {
      this.#context.background(this.#secrets.settleStored(room, [...batch.secrets.keys()]));
    }
    this.#context.siblings.announce({ type: 'room', room });
    return row;
  }

  async #chainAt(row: RoomRow, position: number): Promise<Bytes | undefined> {
    if (position === row.state.position) return row.state.chain;
    if (position === row.start.position) return row.start.chain;
    if (position === row.oldest.position) return row.oldest.chain;
    return (await this.#rows.entry(row.room, position))?.chain;
  }
}

/** What one run over entries gathers before it is written as one. */
class Batch {
  readonly row: RoomRow;
  readonly entries: EntryRow[] = [];
  readonly headers: HeaderRow[] = [];
  readonly secrets = new Map<number, EpochSecret>();
  state: RoomState;
  profile: RoomProfile;
  standing: RoomRow['standing'];

  constructor(row: RoomRow) {
    this.row = row;
    this.state = row.state;
    this.profile = row.profile;
    this.standing = row.standing;
  }

  chainAt(position: number): Bytes | undefined {
    if (position === this.state.position) return this.state.chain;
    return this.entries[position - (this.entries[0]?.position ?? 0)]?.chain;
  }
}
