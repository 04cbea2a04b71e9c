import type { AccountId, FrameOf, ServerFrame } from '@sotto/protocol';
import type { EngineParts } from './parts.ts';

interface Handlers {
  /** Upkeep of the device itself, once per connection. */
  onConnected(): Promise<void>;
}

/** What the server sends, worked through one after the other, each room's in order. */
export class Inbox {
  readonly #parts: EngineParts;
  readonly #handlers: Handlers;
  #last: Promise<void> = Promise.resolve();

  constructor(parts: EngineParts, handlers: Handlers) {
    this.#parts = parts;
    this.#handlers = handlers;
  }

  ready(frame: FrameOf<'ready'>): void {
    this.#enqueue(() => this.#ready(frame));
  }

  take(frame: ServerFrame): void {
    const { outbox, sync, secrets, marks, directory, duties } = this.#parts;
    switch (frame.t) {
      case 'ack':
        outbox.answered(frame);
        return;
      case 'refused':
        outbox.refused(frame);
        return;
      case 'entries':
        this.#enqueue(() => sync.live(frame.room, frame.entries));
        return;
      case 'room':
        this.#enqueue(() => this.#meet(frame.room));
        return;
      case 'wrap':
        this.#enqueue(() => secrets.take(frame.wrap));
        return;
      case 'signal':
      case 'mark':
        this.#enqueue(() => marks.take(frame));
        return;
      case 'presence':
        directory.applyPresence(frame.people);
        return;
      case 'people':
        directory.met(frame.people);
        return;
      case 'list':
        this.#enqueue(() => this.#listMoved(frame.account));
        return;
      case 'request':
        duties.help(frame.request);
        return;
      default:
        return;
    }
  }

  #enqueue(work: () => Promise<void>): void {
    this.#last = this.#last
      .then(work)
      .catch((error: unknown) => this.#parts.background(Promise.reject(error)));
  }

  async #ready(frame: FrameOf<'ready'>): Promise<void> {
    const { context, directory, rows, secrets, outbox, marks, duties } = this.#parts;
    context.calls.learnTime(frame.time);
    directory.setOnline(frame.online);
    await this.#settled(directory.fetchKeys([context.keys.self.account]));
    for (const head of frame.rooms) await this.#settled(this.#meet(head)); // one room's trouble is its own
    await this.#settled(secrets.collect());
    for (const { room } of frame.rooms) {
      const missing = await secrets.missing(room);
      if (missing.length > 0) context.background(secrets.request(room, missing, true));
    }
    for (const request of frame.requests) duties.help(request);
    outbox.pumpAll();
    for (const row of rows.all()) {
      if (row.standing !== 'member') continue;
      duties.considerRenewal(row);
      marks.schedule(row.room);
      context.background(marks.refresh(row.room));
    }
    context.background(directory.refresh());
    context.background(this.#handlers.onConnected());
  }

  async #settled(work: Promise<unknown>): Promise<void> {
    this.#parts.background(work);
    await work.catch(() => undefined); // told by `background`
  }

  async #meet(head: FrameOf<'room'>['room']): Promise<void> {
    const { rows, sync, marks, context } = this.#parts;
    const known = rows.peek(head.room) !== undefined;
    await sync.meet(head);
    if (!known && head.until === null) context.background(marks.refresh(head.room));
  }

  async #listMoved(account: AccountId): Promise<void> {
    const { directory, rows, duties } = this.#parts;
    await directory.fetchKeys([account]);
    for (const row of rows.all()) {
      if (row.state.header?.header.members.some((m) => m.account === account)) duties.considerRenewal(row);
    }
  }
}
