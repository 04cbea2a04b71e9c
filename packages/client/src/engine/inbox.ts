import type { VerifiedList } from '@sotto/crypto';
import type { AccountId, FrameOf, RoomHead, RoomId, ServerFrame } from '@sotto/protocol';
import { inTurns } from './in-turns.ts';
import type { EngineParts } from './parts.ts';
import { WaitingMarks } from './rooms/waiting-marks.ts';

/** Rooms that are read before all others get their names. */
const READ_FIRST = 8;

interface Handlers {
  /** Upkeep of the device itself, once per connection. */
  onConnected(): Promise<void>;
  /** Everything that waited at the server was worked through. */
  onCaughtUp(): void;
}

/** What the server sends, worked through one after the other, each room's in order. */
export class Inbox {
  readonly #parts: EngineParts;
  readonly #handlers: Handlers;
  readonly #waiting = new WaitingMarks();
  #last: Promise<void> = Promise.resolve();

  constructor(parts: EngineParts, handlers: Handlers) {
    this.#parts = parts;
    this.#handlers = handlers;
  }

  ready(frame: FrameOf<'ready'>): void {
    this.#enqueue(() => this.#ready(frame).finally(() => this.#parts.duties.release()));
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
        this.#enqueue(() => marks.takeSignal(frame));
        return;
      case 'marks':
        this.#waiting.add(frame.room, frame.marks);
        this.#enqueue(() => marks.take(frame.room, this.#waiting.take(frame.room, frame.marks)));
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
      case 'vault':
        this.#enqueue(() => this.#parts.upkeep.keeper.refresh());
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
    // K5: what the account knows of people comes before anything that would pin them at first sight.
    await this.#settled(this.#parts.upkeep.keeper.refresh());
    const people = this.#settled(directory.refresh());
    duties.hold();
    // M5: first the keys of all rooms, so that each is readable as soon as it is there.
    await this.#settled(this.#parts.archive.readAhead());
    const behind: RoomId[] = [];
    const meet = async (head: RoomHead) => {
      if (!(await this.#settled(this.#meet(head)))) behind.push(head.room); // one room's trouble is its own
    };
    // Where many rooms are new to this device: the newest are read, then all are named, then the others are read.
    const [newest, others] = [frame.rooms.slice(0, READ_FIRST), frame.rooms.slice(READ_FIRST)];
    await inTurns(newest, meet);
    const unknown = others.filter(({ room, until }) => until === null && !rows.peek(room));
    await inTurns(unknown, ({ room }) => this.#settled(this.#parts.sync.introduce(room)));
    await inTurns(others, meet);
    await this.#settled(secrets.collect());
    await this.#settled(this.#parts.archive.restore());
    for (const { room } of frame.rooms) {
      const missing = await secrets.missing(room);
      if (missing.length === 0) continue;
      context.background(secrets.request(room, missing, true));
      duties.remind(room, missing);
      const current = rows.peek(room)?.state.header?.header.epoch;
      if (current !== undefined && missing.includes(current)) duties.giveUpLater(room, current);
    }
    for (const request of frame.requests) duties.help(request);
    outbox.caughtUp(behind);
    duties.release();
    const members = rows.all().filter((row) => row.standing === 'member');
    for (const row of members) duties.considerRenewal(row);
    // This device's own marks first: a restored one must not count from before (M2).
    const refresh = ({ room }: { room: RoomId }) => marks.refresh(room).finally(() => marks.schedule(room));
    context.background(inTurns(members, (row) => this.#settled(refresh(row))));
    await people;
    this.#handlers.onCaughtUp();
    context.background(this.#handlers.onConnected());
  }

  /** @returns false where it failed; `background` tells of it */
  #settled(work: Promise<unknown>): Promise<boolean> {
    this.#parts.background(work);
    return work.then(
      () => true,
      () => false,
    );
  }

  async #meet(head: FrameOf<'room'>['room']): Promise<void> {
    const { rows, sync, marks, context } = this.#parts;
    const known = rows.peek(head.room) !== undefined;
    await sync.meet(head);
    if (!known && head.until === null) context.background(marks.refresh(head.room));
  }

  /** A device that joined this account while this one looks on: was it the user? */
  async #newDevices(before: VerifiedList): Promise<void> {
    const { directory, context } = this.#parts;
    const now = await directory.lists.newest(context.keys.self.account);
    const known = new Set(before.list.devices.map(({ device }) => device));
    for (const { device } of now?.list.devices ?? [])
      if (!known.has(device)) this.#parts.notifyDevice(device);
  }

  async #listMoved(account: AccountId): Promise<void> {
    const { directory, rows, duties, context } = this.#parts;
    const own = account === context.keys.self.account;
    const before = own ? await directory.lists.newest(account) : null;
    await directory.fetchKeys([account]);
    if (own && before) await this.#newDevices(before);
    for (const row of rows.all()) {
      if (row.state.header?.header.members.some((m) => m.account === account)) duties.considerRenewal(row);
    }
  }
}
