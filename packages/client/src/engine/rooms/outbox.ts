import { type Content, counterName, type EpochSecret, randomId, sealMessage } from '@sotto/crypto';
import { type Ciphertext, type FrameOf, type MessageId, type RoomId, toBase64Url } from '@sotto/protocol';
import { ClientError } from '../../error.ts';
import type { OutboxRow, RoomRow } from '../rows.ts';
import type { RoomContext } from './context.ts';
import type { Epochs } from './epochs.ts';
import { Patience } from './patience.ts';
import { pendingRemovals } from './removal.ts';
import type { RoomRows } from './room-rows.ts';
import type { EpochSecrets } from './secrets.ts';
import type { RoomSync } from './sync.ts';

const IN_FLIGHT = 32;
const ANSWER_WITHIN = 15_000;

type Answer =
  | { readonly type: 'ack'; readonly position: number }
  | { readonly type: 'refused'; readonly frame: FrameOf<'refused'> }
  | { readonly type: 'lost' };

interface Parts {
  readonly rows: RoomRows;
  readonly sync: RoomSync;
  readonly secrets: EpochSecrets;
  readonly epochs: Epochs;
  onChange(room: RoomId): void;
}

/** E3: what the user typed: ordered, durable before anything else, sent exactly once. */
export class Outbox {
  readonly #context: RoomContext;
  readonly #parts: Parts;
  readonly #items = new Map<RoomId, readonly OutboxRow[]>();
  readonly #waiting = new Map<string, (answer: Answer) => void>();
  readonly #pumping = new Map<RoomId, Promise<void>>();
  readonly #again = new Set<RoomId>();
  readonly #patience = new Map<RoomId, Patience>();
  /** Attack 33: true once every room was read to its end on this connection, but for those that failed. */
  #caughtUp = false;
  readonly #behind = new Set<RoomId>();

  constructor(context: RoomContext, parts: Parts) {
    this.#context = context;
    this.#parts = parts;
  }

  async load(): Promise<void> {
    const rows = await this.#context.storage.transaction(['outbox'], 'read', (tx) =>
      tx.range<OutboxRow>('outbox', { prefix: [] }),
    );
    this.#items.clear();
    for (const row of rows) this.#items.set(row.room, [...this.items(row.room), row]);
  }

  items(room: RoomId): readonly OutboxRow[] {
    return this.#items.get(room) ?? [];
  }

  /** Durable once this resolves. */
  async add(room: RoomId, content: Content): Promise<MessageId> {
    const id = randomId<MessageId>();
    const at = this.#context.clock.now();
    await this.#context.storage.transaction(['outbox'], 'write', async (tx) => {
      const [last] = await tx.range<OutboxRow>('outbox', { prefix: [room], order: 'descending', limit: 1 });
      const sequence = (last?.sequence ?? 0) + 1;
      await tx.put<OutboxRow>('outbox', [room, sequence], { room, sequence, id, content, at, failed: null });
    });
    await this.#changed(room);
    this.pump(room);
    return id;
  }

  async retry(room: RoomId, id: MessageId): Promise<void> {
    await this.#edit(room, id, (item) => ({ ...item, failed: null }));
    this.pump(room);
  }

  discard(room: RoomId, id: MessageId): Promise<void> {
    return this.#edit(room, id, () => null);
  }

  /** Reads a room's items again: the log or another tab changed them. */
  async reload(room: RoomId): Promise<void> {
    const rows = await this.#context.storage.transaction(['outbox'], 'read', (tx) =>
      tx.range<OutboxRow>('outbox', { prefix: [room] }),
    );
    this.#items.set(room, rows);
    this.#parts.onChange(room);
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
    this.#context.background(run);
  }

  /**
   * M2: the log was read on this connection; only now is it known which counters this device has used.
   * @param behind rooms whose log could not be read
   */
  caughtUp(behind: Iterable<RoomId>): void {
    this.#caughtUp = true;
    this.#behind.clear();
    for (const room of behind) this.#behind.add(room);
    for (const [room, items] of this.#items) if (items.length > 0) this.pump(room);
  }

  answered(frame: FrameOf<'ack'>): void {
    this.#settle(frame.room, frame.id, { type: 'ack', position: frame.position });
  }

  refused(frame: FrameOf<'refused'>): void {
    if (frame.room && frame.id) this.#settle(frame.room, frame.id, { type: 'refused', frame });
  }

  /** The connection is gone: whatever was on its way is asked for again under the same ids (D3). */
  lost(): void {
    this.#caughtUp = false;
    for (const settle of [...this.#waiting.values()]) settle({ type: 'lost' });
    for (const patience of this.#patience.values()) patience.wake();
  }

  async #run(room: RoomId): Promise<void> {
    if (this.items(room).length === 0) return;
    const patience = this.#patience.get(room) ?? new Patience(this.#context.clock);
    this.#patience.set(room, patience);
    await this.#context.locks.exclusive(`outbox:${room}`, async () => {
      let tried: readonly OutboxRow[] = [];
      for (;;) {
        await this.reload(room);
        const waiting = this.items(room).filter((item) => !item.failed);
        if (waiting.length === 0 || !this.#caughtUp || !this.#context.connection().online) return;
        const stuck = tried.length > 0 && tried.every(({ id }) => waiting.some((item) => item.id === id));
        if (stuck) await patience.failed();
        else patience.succeeded();
        tried = waiting.slice(0, IN_FLIGHT);
        if (!(await this.#try(room, tried))) return;
      }
    });
  }

  /** One round. @returns false where something else has to happen first, which then starts the outbox again */
  async #try(room: RoomId, items: readonly OutboxRow[]): Promise<boolean> {
    try {
      if (this.#behind.has(room)) await this.#parts.sync.sync(room);
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
    let row = this.#parts.rows.peek(room);
    if (row && this.#parts.epochs.due(row)) {
      // R4, R5: nothing new under keys that somebody who left still holds.
      await this.#parts.epochs.renew(room);
      row = this.#parts.rows.peek(room);
    }
    if (!row) return null;
    const header = row.state.header?.header;
    if (!header) return null; // the log is being read; its first header starts the outbox again
    if (row.standing !== 'member') {
      await this.#failAll(room, 'not_member', 'You are no longer a member of this conversation.');
      return null;
    }
    if (row.alarm || row.unconfirmed || pendingRemovals(row).length > 0) return null; // attack 11
    if (header.members.some((m) => this.#context.directory.trustOf(m.account) === 'changed')) return null; // K4
    const secret = await this.#parts.secrets.get(room, header.epoch);
    return secret ? { row, secret } : null;
  }

  async #send(ready: { row: RoomRow; secret: EpochSecret }, items: readonly OutboxRow[]): Promise<void> {
    const { room } = ready.row;
    const first = await takeCounters(this.#context, this.#parts.rows, room, items.length);
    const { state } = this.#parts.rows.peek(room) ?? ready.row;
    const { self, signing } = this.#context.keys;
    const epoch = ready.row.state.header?.header.epoch ?? 0;
    if (state.header?.header.epoch !== epoch) return; // the room moved on: look again
    const list = state.header.header.members.find((m) => m.account === self.account)?.list ?? 1;
    const answers: Promise<Answer>[] = [];
    for (const [index, item] of items.entries()) {
      const body = await sealMessage(
        {
          kind: 'log',
          room,
          epoch,
          account: self.account,
          device: self.device,
          id: item.id,
          counter: first + index,
          list,
          seen: { position: state.position, chain: state.chain },
        },
        item.content,
        { secret: ready.secret, signing },
      );
      answers.push(this.#dispatch(room, epoch, item.id, toBase64Url(body) as Ciphertext));
    }
    await this.#conclude(room, items, await Promise.all(answers));
  }

  #dispatch(room: RoomId, epoch: number, id: MessageId, body: Ciphertext): Promise<Answer> {
    return new Promise((resolve) => {
      const name = `${room}/${id}`;
      const cancel = this.#context.clock.after(ANSWER_WITHIN, () => settle({ type: 'lost' }));
      const settle = (answer: Answer) => {
        cancel();
        this.#waiting.delete(name);
        resolve(answer);
      };
      this.#waiting.set(name, settle);
      if (!this.#context.connection().send({ t: 'send', room, epoch, id, body })) settle({ type: 'lost' });
    });
  }

  #settle(room: RoomId, id: MessageId, answer: Answer): void {
    this.#waiting.get(`${room}/${id}`)?.(answer);
  }

  async #conclude(room: RoomId, items: readonly OutboxRow[], answers: readonly Answer[]): Promise<void> {
    const acked = answers.flatMap((answer) => (answer.type === 'ack' ? [answer.position] : []));
    if (acked.length > 0) await this.#parts.sync.reach(room, Math.max(...acked));
    for (const [index, answer] of answers.entries()) {
      const item = items[index];
      if (!item || answer.type === 'ack') continue;
      if (answer.type === 'lost') return; // the same again under the same ids (D3)
      const { code, message, wait } = answer.frame;
      if (code === 'stale_epoch') {
        await this.#parts.sync.sync(room); // R5: seal again under the new epoch
        return;
      }
      if (code === 'rate_limited' || code === 'busy') {
        await this.#patience.get(room)?.pause(wait ?? 1_000);
        return;
      }
      if (code === 'not_member') await this.#parts.sync.sync(room);
      await this.#edit(room, item.id, (old) => ({ ...old, failed: { code, reason: message } }));
    }
  }

  async #failAll(room: RoomId, code: string, reason: string): Promise<void> {
    for (const item of this.items(room)) {
      if (!item.failed) await this.#edit(room, item.id, (old) => ({ ...old, failed: { code, reason } }));
    }
  }

  async #edit(room: RoomId, id: MessageId, change: (item: OutboxRow) => OutboxRow | null): Promise<void> {
    await this.#context.storage.transaction(['outbox'], 'write', async (tx) => {
      const item = (await tx.range<OutboxRow>('outbox', { prefix: [room] })).find((row) => row.id === id);
      if (!item) return;
      const next = change(item);
      if (next) await tx.put('outbox', [room, item.sequence], next);
      else await tx.delete('outbox', [room, item.sequence]);
    });
    await this.#changed(room);
  }

  async #changed(room: RoomId): Promise<void> {
    await this.reload(room);
    this.#context.siblings.announce({ type: 'outbox', room });
  }
}

/**
 * M2, attack 33: reserves counters on disk before anything is sealed with them; after a crash some are skipped,
 * none is used twice. Starts above what the log shows of this device.
 * @returns the first of `count` consecutive counters
 */
async function takeCounters(
  context: RoomContext,
  rows: RoomRows,
  room: RoomId,
  count: number,
): Promise<number> {
  const { account, device } = context.keys.self;
  const row = await rows.update(room, (old) => {
    const highest = Math.max(old.counter, old.state.counters[counterName(account, device)] ?? 0);
    return { ...old, counter: highest + count };
  });
  if (!row) throw new ClientError('not_found');
  return row.counter - count + 1;
}
