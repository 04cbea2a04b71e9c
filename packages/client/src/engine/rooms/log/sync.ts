import { VerificationError } from '@sotto/crypto';
import {
  type AccountId,
  equalBytes,
  headerHash,
  LIMITS,
  type LogEntry,
  LogPageSchema,
  PATHS,
  type RoomHead,
  type RoomId,
  type Seen,
  toBase64Url,
} from '@sotto/protocol';
import type { EntryRow, RoomRow } from '../../rows.ts';
import { alarmFrom, type RoomContext } from '../context.ts';
import type { EpochSecrets } from '../keys/secrets.ts';
import { entriesAfter, putSecret, type RoomRows } from '../room-rows.ts';
import { changesUnread, recounted } from './activity.ts';
import { lookAhead } from './ahead.ts';
import { rowAfter } from './apply.ts';
import { Batch } from './batch.ts';
import { EntryReader } from './entry-reader.ts';
import { contradiction, rereadLog, seenBy } from './reread.ts';
import { draftAfter, type Gone, scrubDeleted } from './scrub.ts';
import { beginningRow, beginRoom } from './start.ts';

interface Needs
  extends Pick<
    RoomContext,
    'background' | 'bus' | 'calls' | 'clock' | 'consent' | 'directory' | 'keys' | 'locks' | 'notify' | 'tabs'
  > {
  readonly rows: RoomRows;
  readonly secrets: EpochSecrets;
}

/** D1: true where the log that the server has is, as far as it says, the one that was read here. */
const isSame = ({ head, chain }: RoomHead, read: Seen) =>
  head === read.position && (chain === null || chain === toBase64Url(read.chain));

/** Progress is told where more than this waits. */
const LONG = 200;

/**
 * E2: brings rooms up to the log, in phases: fetch, verify and decrypt, write in one transaction, publish,
 * then effects. One tab at a time works on a room; the stored state is the truth.
 */
export class RoomSync {
  readonly #context: Needs;
  readonly #rows: RoomRows;
  readonly #secrets: EpochSecrets;
  readonly #reader: EntryReader;
  /** Rooms that could not be begun: whoever made them showed an identity that the user has not accepted (K4). */
  readonly #refused = new Set<RoomId>();
  /** Rooms that are not read to their end while nobody wants them (attack 48). */
  readonly #cut = new Set<RoomId>();

  constructor(context: Needs) {
    this.#context = context;
    this.#rows = context.rows;
    this.#secrets = context.secrets;
    this.#reader = new EntryReader(context);
    context.bus.on('contradiction', ({ room, error }) => this.raise(room, error));
    context.bus.on('consent-changed', () => this.#resume());
  }

  /** Entries as they come over the connection. A hole is filled from the log. */
  async live(room: RoomId, entries: readonly LogEntry[]): Promise<void> {
    const complete = await this.#exclusive(room, async () => {
      const row = await this.#rows.reload(room);
      const first = entries.find((entry) => entry.position > (row?.state.position ?? 0));
      if (row && this.#isCut(row)) return true;
      if (!row || row.alarm) return false; // what the log says now decides whether the alarm stands
      if (await this.#differs(row, entries)) return false;
      if (!first) return true;
      if (first.position > row.state.position + 1) return false;
      const end = row.state.position + this.#context.consent.readable(row);
      const within = entries.filter(({ position }) => position <= end);
      await this.#take(row, within, true);
      return within.length === entries.length;
    });
    if (!complete) await this.sync(room);
  }

  /**
   * What the server said of a room: catches up, or finds that the server shows less than before (attack 8), or that what
   * came over a connection is not what the log holds (attack 6). The log as it is now decides: what was said may be from
   * before what this device has read meanwhile.
   */
  async meet(head: RoomHead): Promise<void> {
    const row = this.#rows.peek(head.room);
    const member = row?.standing === 'member' && head.until === null;
    if (member && isSame(head, row.state) && !row.alarm) return;
    await this.sync(head.room, row?.standing !== 'member' && head.until === null);
  }

  /** A room that is new to this device: it is shown by its signed headers, its log can be read later. */
  async introduce(room: RoomId): Promise<void> {
    await this.#exclusive(room, async () => {
      if (await this.#rows.reload(room)) return;
      try {
        await this.#begin(room, undefined);
      } catch (error) {
        if (!(error instanceof VerificationError)) throw error;
        // Reading the log begins anew, meets the same, and tells of it.
      }
    });
  }

  /** D1: true where the server now shows another entry at a position that this device has read. */
  async #differs({ room, state }: RoomRow, entries: readonly LogEntry[]): Promise<boolean> {
    for (const { position, device, id } of entries) {
      const known = position <= state.position ? await this.#rows.entry(room, position) : undefined;
      if (known && (known.id !== id || known.device !== device)) return true;
    }
    return false;
  }

  /** Fetches until the log is read to its end. @param restart after this account was admitted again */
  async sync(room: RoomId, restart = false): Promise<void> {
    await this.#exclusive(room, async () => {
      try {
        let row = await this.#rows.reload(room);
        if (!row || restart) row = await this.#begin(room, row);
        if (row) await this.#fetch(row);
        this.#refused.delete(room);
      } catch (error) {
        if (!(error instanceof VerificationError)) throw error;
        if (!this.#rows.peek(room)) this.#refused.add(room);
        await this.raise(room, error);
      } finally {
        this.#context.bus.emit({ type: 'work', room, work: null });
      }
    });
  }

  /** Some rooms may be wanted by now: they are read on. */
  async #resume(): Promise<void> {
    for (const room of this.#cut) {
      const row = this.#rows.peek(room);
      if (!row || this.#isCut(row)) continue;
      this.#cut.delete(room);
      await this.sync(room);
    }
  }

  /** True where no more is read of a room until it is wanted. */
  #isCut(row: RoomRow): boolean {
    if (this.#context.consent.readable(row) > 0) return false;
    this.#cut.add(row.room);
    return true;
  }

  /** After the user accepted an identity: rooms that came under it are looked at again. */
  async retryRefused(): Promise<void> {
    for (const room of [...this.#refused]) await this.sync(room);
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
  async raise(
    room: RoomId,
    error: VerificationError,
    by: { account: AccountId; seen?: Seen | undefined } | null = null,
  ): Promise<void> {
    const disputed = by?.seen;
    const alarm = alarmFrom(error, this.#context.clock.now(), by?.account ?? error.missing?.account ?? null);
    const row = await this.#rows.update(room, (old) => {
      if (old.alarm?.kind === alarm.kind && old.alarm.rule === alarm.rule) return old;
      const line = { after: old.state.position, time: alarm.at, event: { type: 'alarm', alarm } as const };
      return { ...old, alarm, lines: [...old.lines, line], ...(disputed ? { disputed } : {}) };
    });
    if (!row || row.alarm?.at === alarm.at) this.#context.notify(alarm, room);
  }

  /** M2: an author had seen this much; the server must have shown the same here. */
  async compare(room: RoomId, seen: Seen, author: AccountId): Promise<void> {
    if ((this.#rows.peek(room)?.state.position ?? 0) < seen.position) await this.sync(room);
    const row = this.#rows.peek(room);
    if (!row || row.alarm) return;
    if (row.state.position < seen.position) {
      if (this.#isCut(row)) return;
      const what = 'a member has seen entries that this server does not show';
      await this.raise(room, new VerificationError('M2', 'fork', what), { account: author, seen }); // attack 8: a cut tail
      return;
    }
    const chain = await this.#reader.chainAt(row, seen.position);
    if (chain && !equalBytes(chain, seen.chain)) {
      const error = new VerificationError('M2', 'fork', 'a member was shown another history');
      await this.raise(room, error, { account: author, seen });
      await this.sync(room);
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
    const row = await this.#rows.commit(room, { entries: [], headers }, (stored) =>
      beginningRow(room, begun, stored),
    );
    await this.#context.bus.settle({ type: 'begun', room });
    const ahead = await lookAhead(this.#secrets, headers, this.#context.keys.self);
    return (ahead && (await this.#rows.update(room, (begunRow) => ({ ...begunRow, ahead })))) ?? row;
  }

  /**
   * Removed and added again while this device was away: what lies between is not its to read, and the signed headers
   * say so. @returns the row from which it goes on, or null where that is not what happened
   */
  async #readmitted(row: RoomRow): Promise<RoomRow | null> {
    const begun = await beginRoom(this.#context, this.#rows, row.room);
    if (!begun || begun.earliest <= row.state.position) return null;
    return (await this.#begin(row.room, row)) ?? null;
  }

  async #fetch(begun: RoomRow): Promise<void> {
    const { room } = begun;
    const from = begun.state.position;
    let row = begun;
    let confirmed = 0;
    for (;;) {
      if (this.#isCut(row)) return;
      const after = row.state.position;
      // Before it is asked: what the server confirms meanwhile, this answer need not show.
      confirmed = this.#rows.peek(room)?.unconfirmed ?? 0;
      const limit = Math.min(LIMITS.page, this.#context.consent.readable(row));
      const path = `${PATHS.log(room)}?after=${after}&limit=${limit}`;
      const page = await this.#context.calls.get(path, LogPageSchema);
      const broken = contradiction(row, page);
      if (broken) {
        const readmitted = await this.#readmitted(row);
        if (readmitted) {
          row = readmitted;
          continue;
        }
        await this.raise(room, broken);
        const again = await rereadLog(this.#context, this.#rows, this.#reader, { old: row, head: page.head });
        if (!again) throw broken;
        row = await this.#write(again.batch, again.surplus);
        this.#context.bus.emit({ type: 'reread', room });
        break;
      }
      const total = page.head - from;
      if (total > LONG) {
        this.#context.bus.emit({ type: 'work', room, work: { kind: 'sync', done: after - from, total } });
      }
      if (page.entries.length === 0) {
        if (page.head > after) throw new VerificationError('D1', 'gap', 'the server holds back entries');
        break;
      }
      const taken = await this.#take(row, page.entries, false);
      if (!taken) return;
      row = taken;
      if (row.state.position >= page.head) break;
      // What is here already, once more: asked again, it would go on so for ever.
      if (row.state.position <= after)
        throw new VerificationError('D1', 'gap', 'the server holds back entries');
    }
    if (row.standing === 'member' && (row.state.header?.header.epoch ?? 0) < confirmed) {
      const what = `the server confirmed epoch ${confirmed} of this room and does not show it`;
      throw new VerificationError('R4', 'rollback', what); // attack 11
    }
    const standing = this.#rows.peek(room) ?? row;
    if (standing.alarm && (await this.#settles(standing))) {
      await this.#rows.update(room, ({ disputed: _, ...old }) => ({ ...old, alarm: null }));
      this.#context.bus.emit({ type: 'reread', room });
    }
  }

  /** Attack 9: what a member signed to have seen is forgotten only when this device sees the same. */
  async #settles(row: RoomRow): Promise<boolean> {
    const { disputed } = row;
    if (!disputed) return true;
    if (disputed.position > row.state.position) return false;
    const chain = await this.#reader.chainAt(row, disputed.position);
    return !chain || equalBytes(chain, disputed.chain);
  }

  /** Verifies, decrypts and stores. @returns the new row, or null where an alarm stopped it */
  async #take(row: RoomRow, entries: readonly LogEntry[], live: boolean): Promise<RoomRow | null> {
    const batch = new Batch(row);
    let stop: { error: VerificationError; entry: LogEntry } | null = null;
    const ahead = this.#reader.ahead(entries);
    for (const entry of entries) {
      if (entry.position <= batch.state.position) continue;
      try {
        await this.#reader.advance(batch, entry, ahead);
      } catch (error) {
        if (!(error instanceof VerificationError)) throw error;
        stop = { error, entry };
        break;
      }
    }
    const written = await this.#write(batch);
    const { bus } = this.#context;
    for (const { header } of written.standing === 'member' ? batch.headers : []) {
      bus.emit({ type: 'entered', row: written, header, readable: batch.secrets.has(header) });
    }
    bus.emit({ type: 'stored', row: written, entries: batch.entries, live });
    if (stop) {
      const { error, entry } = stop;
      const seen = error.code === 'fork' ? seenBy(entry) : undefined;
      await this.raise(row.room, error, { account: entry.account, seen });
      return null;
    }
    return written;
  }

  /** @param instead set where the batch takes the place of stored entries: those it leaves none for */
  async #write(batch: Batch, instead?: readonly EntryRow[]): Promise<RoomRow> {
    const { room } = batch.row;
    const { device } = this.#context.keys.self;
    const sent = new Set(batch.entries.flatMap((e) => (e.device === device ? [e.id] : [])));
    let unread: EntryRow[] | undefined;
    let gone: Gone = new Map();
    const row = await this.#rows.commit(
      room,
      batch,
      (stored) => {
        const { last, unread: counted, mentions } = batch.row;
        const base =
          stored && instead ? { ...stored, last, unread: counted, mentions } : (stored ?? batch.row);
        const draft = draftAfter(base.draft, gone);
        const after = rowAfter({ ...base, draft }, batch, this.#context.consent);
        return unread ? recounted(after, unread, this.#context.consent) : after;
      },
      async (tx) => {
        if (changesUnread(batch)) unread = await entriesAfter(tx, room, batch.row.read);
        for (const { position } of instead ?? []) await tx.delete('entries', [room, position]);
        for (const [header, secret] of batch.secrets) await putSecret(tx, header, secret, false);
        gone = await scrubDeleted(tx, room, batch.entries);
        if (sent.size === 0) return;
        // E3: what the log shows has been sent; it leaves the outbox in the same transaction.
        for (const item of await tx.range<{ id: string; sequence: number }>('outbox', { prefix: [room] })) {
          if ((sent as ReadonlySet<string>).has(item.id)) await tx.delete('outbox', [room, item.sequence]);
        }
      },
    );
    if (batch.secrets.size > 0) {
      const names = [...batch.secrets.keys()].map(({ hash }) => headerHash(hash));
      this.#context.background(this.#secrets.settleStored(room, names));
    }
    this.#context.tabs.announce({ type: 'room', room });
    return row;
  }
}
