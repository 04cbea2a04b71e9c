import { type Content, type EpochSecret, encodeContent, saidOf, UsageError } from '@sotto/crypto';
import { type FileId, type FrameOf, isRefusalCode, type MessageId, type RoomId } from '@sotto/protocol';
import { ClientError, type ClientErrorCode } from '../../../error.ts';
import { Backoff } from '../../backoff.ts';
import type { Consent } from '../../consent/consent.ts';
import { giveUpFiles, uploadFilesAgain } from '../../files/outbox-files.ts';
import type { Directory } from '../../people/directory.ts';
import type { FileRow, OutboxRow, RoomRow } from '../../rows.ts';
import type { RoomContext } from '../context.ts';
import type { EpochSecrets } from '../keys/secrets.ts';
import { findCopy } from '../log/copied-device.ts';
import { takeCounters } from '../log/counters.ts';
import type { RoomSync } from '../log/sync.ts';
import type { Epochs } from '../membership/epochs.ts';
import type { RoomRows } from '../room-rows.ts';
import { type Answer, Answers } from './answers.ts';
import { gateOf } from './gate.ts';
import { OutboxRows } from './outbox-rows.ts';
import { sealOutgoing } from './seal-outgoing.ts';

const IN_FLIGHT = 32;
/** The server says again and again that a file is missing which it has. */
const MISSING_LIMIT = 3;

/** E3: the server may take it yet. What it does not know by name counts as `internal`: its own trouble, not the message's. */
const passes = (code: string) =>
  code === 'rate_limited' || code === 'busy' || code === 'internal' || !isRefusalCode(code);

interface Needs
  extends Pick<
    RoomContext,
    'background' | 'bus' | 'clock' | 'connection' | 'keys' | 'locks' | 'notify' | 'storage' | 'tabs'
  > {
  readonly directory: Pick<Directory, 'trustOf'>;
  readonly consent: Pick<Consent, 'enter'>;
  readonly rows: RoomRows;
  readonly sync: Pick<RoomSync, 'reach' | 'sync'>;
  readonly secrets: Pick<EpochSecrets, 'get'>;
  readonly epochs: Pick<Epochs, 'due' | 'renew'>;
}

/** E3: what the user typed: ordered, durable before anything else, sent exactly once. */
export class Outbox {
  readonly #needs: Needs;
  readonly #items: OutboxRows;
  readonly #answers: Answers;
  readonly #pumping = new Map<RoomId, Promise<void>>();
  readonly #again = new Set<RoomId>();
  readonly #backoff = new Map<RoomId, Backoff>();
  /** Attack 33: true once every room was read to its end on this connection, but for those that failed. */
  #caughtUp = false;
  readonly #behind = new Set<RoomId>();

  constructor(needs: Needs) {
    const { bus, keys } = needs;
    this.#needs = needs;
    this.#items = new OutboxRows(needs);
    this.#answers = new Answers(needs);
    bus.on('connection', ({ status: { status } }) => {
      if (status === 'offline' || status === 'refused') this.lost();
    });
    bus.on('entered', ({ row, readable }) => (readable ? this.pump(row.room) : undefined));
    bus.on('reread', ({ room }) => this.pump(room));
    bus.on('stored', ({ row, entries }) =>
      entries.some(({ device }) => device === keys.self.device) ? this.reload(row.room) : undefined,
    );
  }

  load(): Promise<void> {
    return this.#items.load();
  }

  items(room: RoomId): readonly OutboxRow[] {
    return this.#items.of(room);
  }

  /** Messages that wait for files, in all rooms. */
  withFiles(): OutboxRow[] {
    return this.#items.all().filter(({ waits }) => waits && waits.length > 0);
  }

  /**
   * Durable once this resolves.
   * @throws ClientError 'usage' for what could never be sealed, and would stand before all that comes behind it
   * @param more.files rows that come to stand with the message, all or nothing; it waits for those that go out with it (M6)
   */
  async add(
    room: RoomId,
    content: Content,
    more: { id?: MessageId; files?: readonly FileRow[] } = {},
  ): Promise<MessageId> {
    demandSealable(content);
    await this.#needs.consent.enter(room); // attack 48: who writes wants to be there
    const id = await this.#items.add(room, content, more);
    this.pump(room);
    return id;
  }

  async retry(room: RoomId, id: MessageId): Promise<void> {
    await this.#items.edit(room, id, ({ missed: _, ...item }) =>
      item.unread ? item : { ...item, failed: null },
    );
    this.pump(room);
  }

  /** Its files go too, here and at the server; files that it would have deleted stay (M6). */
  async discard(room: RoomId, id: MessageId): Promise<void> {
    await this.#items.edit(
      room,
      id,
      () => null,
      (tx) => giveUpFiles(tx, room, id),
    );
    this.#needs.bus.emit({ type: 'discarded' });
  }

  /** Shows why a message cannot go out; `retry` may. */
  fail(room: RoomId, id: MessageId, failed: NonNullable<OutboxRow['failed']>, unread = false): Promise<void> {
    return this.#items.edit(room, id, (item) => ({
      ...item,
      failed,
      ...(unread ? { unread: true as const } : {}),
    }));
  }

  /**
   * M6: one of its files got further, written in the same transaction.
   * @returns false where the message is gone
   */
  async advance(
    room: RoomId,
    id: MessageId,
    change: (item: OutboxRow) => OutboxRow,
    file: { readonly file: FileId; change(row: FileRow | undefined): FileRow | undefined },
  ): Promise<boolean> {
    let found = false;
    await this.#items.edit(
      room,
      id,
      (item) => {
        found = true;
        return change(item);
      },
      async (tx) => {
        const row = file.change(await tx.get<FileRow>('files', [file.file]));
        if (row) await tx.put('files', [file.file], row);
      },
    );
    if (found) this.pump(room);
    return found;
  }

  /** Reads a room's items again: the log or another tab changed them. */
  reload(room: RoomId): Promise<void> {
    return this.#items.reload(room);
  }

  /** Sends what waits, in order; does nothing while offline or while another run is at it. */
  pump(room: RoomId): void {
    if (this.#pumping.has(room)) {
      this.#again.add(room);
      return;
    }
    const run = this.#run(room).finally(() => {
      this.#pumping.delete(room);
      if (this.#again.delete(room)) this.pump(room);
    });
    this.#pumping.set(room, run);
    this.#needs.background(run);
  }

  /**
   * M2: the log was read on this connection; only now is it known which counters this device has used.
   * @param behind rooms whose log could not be read
   */
  caughtUp(behind: Iterable<RoomId>): void {
    this.#caughtUp = true;
    this.#behind.clear();
    for (const room of behind) this.#behind.add(room);
    for (const room of new Set(this.#items.all().map((item) => item.room))) this.pump(room);
  }

  answered(frame: FrameOf<'ack'>): void {
    this.#answers.settle(frame.room, frame.id, { type: 'ack', position: frame.position });
  }

  refused(frame: FrameOf<'refused'>): void {
    if (frame.room && frame.id) this.#answers.settle(frame.room, frame.id, { type: 'refused', frame });
  }

  /** The connection is gone: whatever was on its way is asked for again under the same ids (D3). */
  lost(): void {
    this.#caughtUp = false;
    this.#answers.lost();
    for (const backoff of this.#backoff.values()) backoff.wake();
  }

  async #run(room: RoomId): Promise<void> {
    if (this.items(room).length === 0) return;
    const backoff = this.#backoff.get(room) ?? new Backoff(this.#needs.clock);
    this.#backoff.set(room, backoff);
    await this.#needs.locks.exclusive(`outbox:${room}`, async () => {
      let tried: readonly OutboxRow[] = [];
      for (;;) {
        await this.reload(room);
        // M6: a message takes its place once its files are up; what is ready behind it does not wait for them.
        const waiting = this.items(room).filter((item) => !item.failed && !item.waits?.length);
        if (waiting.length === 0 || !this.#caughtUp || !this.#needs.connection.online) return;
        const stuck = tried.length > 0 && tried.every(({ id }) => waiting.some((item) => item.id === id));
        if (stuck) await backoff.failed();
        else backoff.succeeded();
        tried = waiting.slice(0, IN_FLIGHT);
        if (!(await this.#try(room, tried))) return;
      }
    });
  }

  /** One round. @returns false where something else has to happen first, which then starts the outbox again */
  async #try(room: RoomId, items: readonly OutboxRow[]): Promise<boolean> {
    try {
      if (this.#behind.has(room)) await this.#needs.sync.sync(room);
      this.#behind.delete(room);
      const ready = await this.#ready(room);
      if (!ready) return false;
      await this.#send(ready, items);
      return true;
    } catch (error) {
      if (!(error instanceof ClientError)) throw error;
      return true; // the server said no, or nothing: once more, a little later
    }
  }

  /** What sending needs; null where it has to wait for something else to happen first. */
  async #ready(room: RoomId): Promise<{ row: RoomRow; secret: EpochSecret } | null> {
    let row = this.#needs.rows.peek(room);
    if (row && this.#needs.epochs.due(row)) {
      // R4, R5: nothing new under keys that somebody who left still holds.
      await this.#needs.epochs.renew(room);
      row = this.#needs.rows.peek(room);
    }
    if (!row) return null;
    const gate = gateOf(row, (account) => this.#needs.directory.trustOf(account));
    if (gate.state === 'held') {
      if (gate.why.reason === 'not-member') {
        await this.#failAll(room, 'not_member');
      }
      return null; // whatever opens the gate starts the outbox again
    }
    const secret = await this.#needs.secrets.get(gate.header);
    return secret ? { row, secret } : null;
  }

  async #send(ready: { row: RoomRow; secret: EpochSecret }, items: readonly OutboxRow[]): Promise<void> {
    const { room } = ready.row;
    const first = await takeCounters(this.#needs, this.#needs.rows, room, items.length);
    const row = this.#needs.rows.peek(room) ?? ready.row;
    const epoch = ready.row.state.header?.header.epoch;
    if (row.state.header?.header.epoch !== epoch) return; // the room moved on: look again
    const answers: Promise<Answer>[] = [];
    const sealed = sealOutgoing(this.#needs, { row, secret: ready.secret, first }, items);
    for await (const frame of sealed) answers.push(this.#answers.send(frame));
    await this.#conclude(room, items, await Promise.all(answers), first);
  }

  /** @param first the counter of the first item; the others follow */
  async #conclude(
    room: RoomId,
    items: readonly OutboxRow[],
    answers: readonly Answer[],
    first: number,
  ): Promise<void> {
    const acked = answers.flatMap((answer) => (answer.type === 'ack' ? [answer.position] : []));
    if (acked.length > 0) await this.#needs.sync.reach(room, Math.max(...acked));
    let wait = 0;
    for (const [index, answer] of answers.entries()) {
      const item = items[index];
      if (!item || answer.type === 'ack') continue;
      if (answer.type === 'lost') return; // the same again under the same ids (D3)
      const { code } = answer.frame;
      if (code === 'stale_epoch') {
        await this.#needs.sync.sync(room); // R5: seal again under the new epoch
        return;
      }
      if (passes(code)) {
        wait = Math.max(wait, answer.frame.wait ?? 1_000);
        continue; // what was said of the others stands
      }
      if (code === 'malformed' && (await findCopy(this.#needs, room, first + index))) return;
      if (code === 'not_member') await this.#needs.sync.sync(room);
      if (code === 'file_missing' && (await this.#uploadAgain(item))) continue;
      await this.#items.edit(room, item.id, (old) => ({ ...old, failed: { code } }));
    }
    if (wait > 0) await this.#backoff.get(room)?.pause(wait);
  }

  /** M6: the server lost a file, or never had all of it: the upload looks again. @returns false where that does not help */
  async #uploadAgain(item: OutboxRow): Promise<boolean> {
    const { room, id, content, missed = 0 } = item;
    const waits = saidOf(content)?.files.map(({ file }) => file) ?? [];
    if (waits.length === 0 || missed >= MISSING_LIMIT) return false;
    await this.#items.edit(
      room,
      id,
      (old) => ({ ...old, waits, missed: missed + 1 }),
      (tx) => uploadFilesAgain(tx, waits),
    );
    return true;
  }

  async #failAll(room: RoomId, code: ClientErrorCode): Promise<void> {
    for (const item of this.items(room)) {
      if (!item.failed) await this.#items.edit(room, item.id, (old) => ({ ...old, failed: { code } }));
    }
  }
}

/** M4. @throws ClientError 'usage' */
function demandSealable(content: Content): void {
  try {
    encodeContent(content);
  } catch (cause) {
    if (!(cause instanceof UsageError)) throw cause;
    throw new ClientError('usage', { reason: 'unsendable', cause });
  }
}
