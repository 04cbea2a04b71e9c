import type { Ciphertext, LogEntry, RoomId } from '@sotto/protocol';
import { type Bus, roomTopic } from '../bus/bus.ts';
import type { Append, AppendResult, Failed, Receipt, Store } from '../store/store.ts';

export interface PendingSend {
  readonly append: Append;
  /** The body as it arrived. */
  readonly text: Ciphertext;
  /** Called after the commit and after the broadcast, with 'failed' where the store could not take this one. */
  readonly answer: (result: AppendResult | { readonly type: 'failed' }) => void;
}

type Stored = AppendResult | Failed;

type Work =
  | { readonly type: 'send'; readonly send: PendingSend }
  | { readonly type: 'task'; readonly run: () => Promise<void> };

/** Sends, and bytes of them, waiting at once; beyond, the sender is told to wait (attack 37). */
const QUEUE = 5_000;
const QUEUE_BYTES = 33_554_432;
/** Bodies in one commit, so that one broadcast stays well below the buffer limit of a reader. */
const BATCH_BYTES = 524_288;
const BATCH_SENDS = 1_000;

/** Milliseconds until receipts get a commit of their own: no message should wait for its sync behind each of them. */
const RECEIPTS_WAIT = 100;

const nextTurn = () => new Promise<void>((resolve) => setImmediate(resolve));

/**
 * D2: the one way into the logs. All sends that arrive within one turn of the event loop, or while a commit
 * runs, share the next commit; what else changes a log (epochs, leaves) takes its turn between. Broadcasts
 * leave in the order of the commits.
 */
export class Journal {
  readonly #store: Store;
  readonly #bus: Bus;
  readonly #now: () => number;
  readonly #onError: (error: unknown) => void;
  readonly #onCommit: (messages: number, milliseconds: number) => void;
  #queue: Work[] = [];
  #waitingBytes = 0;
  #receipts = new Map<string, Receipt>();
  #receiptsDue = false;
  #running: Promise<void> | undefined;

  constructor(parts: {
    store: Store;
    bus: Bus;
    now: () => number;
    onError: (error: unknown) => void;
    onCommit?: (messages: number, milliseconds: number) => void;
  }) {
    this.#store = parts.store;
    this.#bus = parts.bus;
    this.#now = parts.now;
    this.#onError = parts.onError;
    this.#onCommit = parts.onCommit ?? (() => undefined);
  }

  /** Sends and tasks that wait now. */
  get waiting(): number {
    return this.#queue.length;
  }

  /** False where too much waits already. */
  send(send: PendingSend): boolean {
    if (this.#queue.length >= QUEUE || this.#waitingBytes >= QUEUE_BYTES) return false;
    this.#waitingBytes += send.append.body.length;
    this.#queue.push({ type: 'send', send });
    this.#start();
    return true;
  }

  /** Kept with the next commit, or soon; only the newest of a device and room. */
  receipt(receipt: Receipt): void {
    this.#receipts.set(`${receipt.room}${receipt.account}${receipt.device}`, receipt);
    if (this.#receiptsDue) return;
    this.#receiptsDue = true;
    setTimeout(() => {
      this.#receiptsDue = false;
      if (this.#receipts.size > 0) this.#start();
    }, RECEIPTS_WAIT).unref();
  }

  /** Receipts of a room that wait to be kept: newer than what the store has. */
  receiptsOf(room: RoomId): Receipt[] {
    return [...this.#receipts.values()].filter((receipt) => receipt.room === room);
  }

  /** Runs a task between two commits: nothing else enters a log until its promise settles. */
  exclusive<T>(task: () => Promise<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      this.#queue.push({ type: 'task', run: () => task().then(resolve, reject) });
      this.#start();
    });
  }

  /** Resolves when all that waits is done. */
  async drain(): Promise<void> {
    if (this.#receipts.size > 0) this.#start();
    while (this.#running) await this.#running;
  }

  #start(): void {
    this.#running ??= this.#run();
  }

  async #run(): Promise<void> {
    await nextTurn();
    while (this.#queue.length > 0 || this.#receipts.size > 0) {
      const [first] = this.#queue;
      try {
        if (first?.type === 'task') {
          this.#queue.shift();
          await first.run();
        } else {
          await this.#commit(this.#takeBatch());
          await nextTurn();
        }
      } catch (error) {
        this.#onError(error); // one receiver's failure never stops the log of the others
      }
    }
    this.#running = undefined;
  }

  #takeBatch(): PendingSend[] {
    const batch: PendingSend[] = [];
    let bytes = 0;
    for (const work of this.#queue) {
      if (work.type !== 'send' || batch.length === BATCH_SENDS) break;
      bytes += work.send.append.body.length;
      if (bytes > BATCH_BYTES && batch.length > 0) break;
      batch.push(work.send);
    }
    for (const { append } of batch) this.#waitingBytes -= append.body.length;
    this.#queue = this.#queue.slice(batch.length);
    return batch;
  }

  async #commit(batch: readonly PendingSend[]): Promise<void> {
    const receipts = [...this.#receipts.values()];
    this.#receipts.clear();
    // Both are under way before either is awaited: they share a sync.
    const kept = receipts.length > 0 ? this.#store.log.receipt(receipts).catch(this.#onError) : undefined;
    if (batch.length > 0) await this.#append(batch);
    await kept;
  }

  async #append(batch: readonly PendingSend[]): Promise<void> {
    const start = performance.now();
    const results = await this.#stored(batch);
    this.#onCommit(batch.length, performance.now() - start);
    this.#broadcast(batch, results);
    // D2, D3: acknowledged only now, in the same write as the broadcast.
    for (const [index, { answer }] of batch.entries()) {
      try {
        answer(results[index] ?? { type: 'failed' });
      } catch (error) {
        this.#onError(error); // one sender's connection is no other's trouble
      }
    }
  }

  /** Attack 40: what fails fails alone; the log of the server hears of a commit's failures once. */
  async #stored(batch: readonly PendingSend[]): Promise<readonly Stored[]> {
    const appends = batch.map(({ append }) => append);
    const results: readonly Stored[] = await this.#store.log
      .append(appends, this.#now())
      .catch((error: unknown) => appends.map(() => ({ type: 'failed', error }) as const));
    const first = results.find((result) => result.type === 'failed');
    if (first) this.#onError(first.error);
    return results;
  }

  /** D4: one event, and so one serialisation, per room and commit. */
  #broadcast(batch: readonly PendingSend[], results: readonly Stored[]): void {
    const rooms = new Map<RoomId, LogEntry[]>();
    for (const [index, { append, text }] of batch.entries()) {
      const result = results[index];
      if (result?.type !== 'appended') continue;
      const { room, account, device, id } = append;
      const { position, time } = result;
      const entries = rooms.get(room) ?? [];
      rooms.set(room, entries);
      entries.push({ position, time, kind: 'message', account, device, id, body: text });
    }
    for (const [room, entries] of rooms)
      this.#bus.publish(roomTopic(room), { type: 'entries', room, entries });
  }
}
