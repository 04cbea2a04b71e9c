import type { VerifiedList } from '@sotto/crypto';
import type { AccountId, FrameOf, RoomHead, RoomId, ServerFrame } from '@sotto/protocol';
import pMap from 'p-map';
import { ROOMS_AT_ONCE } from './at-once.ts';
import { StrangersLine } from './consent/strangers-line.ts';
import type { EngineParts } from './parts.ts';
import { WaitingReceipts } from './rooms/receipts/waiting-receipts.ts';

/** Rooms that are read before all others get their names. */
const READ_FIRST = 8;

interface Handlers {
  /** Upkeep of the device itself, once per connection. */
  onConnected(): Promise<void>;
  /** Everything that waited at the server was worked through. */
  onCaughtUp(): void;
  /** So was what others brought this account into. */
  onRequestsRead(): void;
}

/** What the server sends, worked through one after the other, each room's in order. */
export class Inbox {
  readonly #parts: EngineParts;
  readonly #handlers: Handlers;
  readonly #waiting = new WaitingReceipts();
  readonly #strangers: StrangersLine;
  #last: Promise<void> = Promise.resolve();

  constructor(parts: EngineParts, handlers: Handlers) {
    this.#parts = parts;
    this.#handlers = handlers;
    this.#strangers = new StrangersLine(parts.context.clock, (error) => this.#failed(error));
  }

  ready(frame: FrameOf<'ready'>): void {
    this.#enqueue(() => this.#ready(frame).finally(() => this.#parts.duties.release()));
  }

  take(frame: ServerFrame): void {
    const { outbox, sync, secrets, receipts, consent, directory } = this.#parts;
    switch (frame.t) {
      case 'ack':
        outbox.answered(frame);
        return;
      case 'refused':
        outbox.refused(frame);
        return;
      case 'entries':
        this.#enqueueFor(frame.room, () => sync.live(frame.room, frame.entries));
        return;
      case 'room':
        consent.heard(frame.room);
        if (this.#isApart(frame.room)) this.#meetApart(frame.room);
        else this.#enqueue(() => this.#meet(frame.room));
        return;
      case 'wrap':
        this.#enqueueFor(frame.wrap.room, () => secrets.take(frame.wrap));
        return;
      case 'signal':
        this.#enqueueFor(frame.room, () => receipts.takeSignal(frame));
        return;
      case 'receipts':
        this.#waiting.add(frame.room, frame.receipts);
        this.#enqueueFor(frame.room, () =>
          receipts.take(frame.room, this.#waiting.take(frame.room, frame.receipts)),
        );
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
      case 'requests':
        this.#enqueue(async () => this.#parts.helping.take(frame)); // once what it may ask for has been read
        return;
      default:
        return;
    }
  }

  #enqueue(work: () => Promise<void>): void {
    this.#last = this.#last.then(work).catch((error: unknown) => this.#failed(error));
  }

  #failed(error: unknown): void {
    this.#parts.background(Promise.reject(error));
  }

  /** Attack 48: rooms that were not accepted keep nobody waiting; they wait for what came before, such as an answer to them. */
  #enqueueFor(room: RoomId, work: () => Promise<void>): void {
    const before = this.#last;
    if (this.#parts.consent.isApart(room)) this.#strangers.enqueue(() => before.then(work));
    else this.#enqueue(work);
  }

  #isApart({ room, pending }: RoomHead): boolean {
    return pending && this.#parts.consent.isApart(room);
  }

  #meetApart(head: RoomHead): void {
    const { room } = head;
    if (!this.#parts.consent.follows(head)) return;
    const fresh = this.#parts.rows.peek(room) === undefined;
    const meet = async () => {
      await this.#meet(head);
      await this.#parts.duties.seekMissing(room);
    };
    this.#strangers.enqueue(meet, fresh);
  }

  async #ready(frame: FrameOf<'ready'>): Promise<void> {
    const { context, directory, rows, secrets, outbox, receipts, consent, duties } = this.#parts;
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
    for (const head of frame.rooms) consent.heard(head);
    const heads = frame.rooms.filter((head) => !this.#isApart(head));
    const [newest, others] = [heads.slice(0, READ_FIRST), heads.slice(READ_FIRST)];
    await pMap(newest, meet, ROOMS_AT_ONCE);
    const unknown = others.filter(({ room, until }) => until === null && !rows.peek(room));
    await pMap(unknown, ({ room }) => this.#settled(this.#parts.sync.introduce(room)), ROOMS_AT_ONCE);
    await pMap(others, meet, ROOMS_AT_ONCE);
    await this.#settled(secrets.collect());
    await this.#settled(this.#parts.archive.restore());
    for (const { room } of heads) await duties.seekMissing(room);
    for (const head of frame.rooms) if (this.#isApart(head)) this.#meetApart(head);
    this.#strangers.enqueue(async () => this.#handlers.onRequestsRead());
    outbox.caughtUp(behind);
    duties.release();
    const members = rows.all().filter((row) => row.standing === 'member');
    for (const row of members) duties.considerRenewal(row);
    // This device's own receipts first: a restored one must not count from before (M2).
    const refresh = ({ room }: { room: RoomId }) =>
      receipts.refresh(room).finally(() => receipts.schedule(room));
    const open = members.filter(({ room }) => consent.isOpen(room));
    context.background(pMap(open, (row) => this.#settled(refresh(row)), ROOMS_AT_ONCE));
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
    const { rows, sync, receipts, consent, context } = this.#parts;
    const { room, until } = head;
    const known = rows.peek(room) !== undefined;
    await sync.meet(head);
    consent.settle(room);
    if (!known && until === null && consent.isOpen(room)) context.background(receipts.refresh(room));
  }

  /** A device that joined this account while this one looks on: was it the user? */
  async #newDevices(before: VerifiedList): Promise<void> {
    const { directory, context } = this.#parts;
    const now = await directory.lists.newest(context.keys.self.account);
    const known = new Set(before.list.devices.map(({ device }) => device));
    for (const listed of now?.list.devices ?? [])
      if (!known.has(listed.device)) this.#parts.notifyDevice(listed);
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
