import type { VerifiedList } from '@sotto/crypto';
import type { AccountId, FrameOf, RoomHead, RoomId, ServerFrame } from '@sotto/protocol';
import pMap from 'p-map';
import { ROOMS_AT_ONCE } from './at-once.ts';
import { StrangersLine } from './consent/strangers-line.ts';
import type { Notices } from './notices.ts';
import type { EngineParts } from './parts.ts';
import type { RoomContext } from './rooms/context.ts';
import { WaitingReceipts } from './rooms/receipts/waiting-receipts.ts';

/** Rooms that are read before all others get their names. */
const READ_FIRST = 8;

interface Needs
  extends Pick<RoomContext, 'background' | 'bus' | 'calls' | 'clock' | 'consent' | 'directory' | 'keys'>,
    Pick<
      EngineParts,
      'archive' | 'duties' | 'helping' | 'outbox' | 'receipts' | 'rows' | 'secrets' | 'sync' | 'upkeep'
    > {
  readonly notices: Pick<Notices, 'newDevice'>;
}

/** What the server sends, worked through one after the other, each room's in order. */
export class Inbox {
  readonly #needs: Needs;
  readonly #waiting = new WaitingReceipts();
  readonly #strangers: StrangersLine;
  #last: Promise<void> = Promise.resolve();

  constructor(needs: Needs) {
    this.#needs = needs;
    this.#strangers = new StrangersLine(needs.clock, (error) => this.#failed(error));
    needs.bus.on('frame', ({ frame }) => this.#take(frame));
  }

  #take(frame: ServerFrame): void {
    const { consent, directory, outbox, receipts, secrets, sync } = this.#needs;
    switch (frame.t) {
      case 'ready':
        this.#enqueue(() => this.#ready(frame).finally(() => this.#needs.duties.release()));
        return;
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
        this.#enqueue(() => this.#needs.upkeep.keeper.refresh());
        return;
      case 'requests':
        this.#enqueue(async () => this.#needs.helping.take(frame)); // once what it may ask for has been read
        return;
      default:
        return;
    }
  }

  #enqueue(work: () => Promise<void>): void {
    this.#last = this.#last.then(work).catch((error: unknown) => this.#failed(error));
  }

  #failed(error: unknown): void {
    this.#needs.background(Promise.reject(error));
  }

  /** Attack 48: rooms that were not accepted keep nobody waiting; they wait for what came before, such as an answer to them. */
  #enqueueFor(room: RoomId, work: () => Promise<void>): void {
    const before = this.#last;
    if (this.#needs.consent.isApart(room)) this.#strangers.enqueue(() => before.then(work));
    else this.#enqueue(work);
  }

  #isApart({ room, pending }: RoomHead): boolean {
    return pending && this.#needs.consent.isApart(room);
  }

  #meetApart(head: RoomHead): void {
    const { room } = head;
    if (!this.#needs.consent.follows(head)) return;
    const fresh = this.#needs.rows.peek(room) === undefined;
    const meet = async () => {
      await this.#meet(head);
      await this.#needs.duties.seekMissing(room);
    };
    this.#strangers.enqueue(meet, fresh);
  }

  async #ready(frame: FrameOf<'ready'>): Promise<void> {
    const { background, bus, calls, consent, directory, duties, keys, outbox, receipts, rows, secrets } =
      this.#needs;
    calls.learnTime(frame.time);
    directory.setOnline(frame.online);
    await this.#settled(directory.fetchKeys([keys.self.account]));
    // K5: what the account knows of people comes before anything that would pin them at first sight.
    await this.#settled(this.#needs.upkeep.keeper.refresh());
    const people = this.#settled(directory.refresh());
    duties.hold();
    // M5: first the keys of all rooms, so that each is readable as soon as it is there.
    await this.#settled(this.#needs.archive.readAhead());
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
    await pMap(unknown, ({ room }) => this.#settled(this.#needs.sync.introduce(room)), ROOMS_AT_ONCE);
    await pMap(others, meet, ROOMS_AT_ONCE);
    await this.#settled(secrets.collect());
    await this.#settled(this.#needs.archive.restore());
    for (const { room } of heads) await duties.seekMissing(room);
    for (const head of frame.rooms) if (this.#isApart(head)) this.#meetApart(head);
    this.#strangers.enqueue(async () => bus.emit({ type: 'requests-read' }));
    outbox.caughtUp(behind);
    duties.release();
    const members = rows.all().filter((row) => row.standing === 'member');
    for (const row of members) duties.considerRenewal(row);
    // This device's own receipts first: a restored one must not count from before (M2).
    const refresh = ({ room }: { room: RoomId }) =>
      receipts.refresh(room).finally(() => receipts.schedule(room));
    const open = members.filter(({ room }) => consent.isOpen(room));
    background(pMap(open, (row) => this.#settled(refresh(row)), ROOMS_AT_ONCE));
    await people;
    bus.emit({ type: 'caught-up' });
  }

  /** @returns false where it failed; `background` tells of it */
  #settled(work: Promise<unknown>): Promise<boolean> {
    this.#needs.background(work);
    return work.then(
      () => true,
      () => false,
    );
  }

  async #meet(head: FrameOf<'room'>['room']): Promise<void> {
    const { background, consent, receipts, rows, sync } = this.#needs;
    const { room, until } = head;
    const known = rows.peek(room) !== undefined;
    await sync.meet(head);
    consent.settle(room);
    if (!known && until === null && consent.isOpen(room)) background(receipts.refresh(room));
  }

  /** A device that joined this account while this one looks on: was it the user? */
  async #newDevices(before: VerifiedList): Promise<void> {
    const { directory, keys } = this.#needs;
    const now = await directory.lists.newest(keys.self.account);
    const known = new Set(before.list.devices.map(({ device }) => device));
    for (const listed of now?.list.devices ?? [])
      if (!known.has(listed.device)) this.#needs.notices.newDevice(listed);
  }

  async #listMoved(account: AccountId): Promise<void> {
    const { directory, duties, keys, rows } = this.#needs;
    const own = account === keys.self.account;
    const before = own ? await directory.lists.newest(account) : null;
    await directory.fetchKeys([account]);
    if (own && before) await this.#newDevices(before);
    for (const row of rows.all()) {
      if (row.state.header?.header.members.some((m) => m.account === account)) duties.considerRenewal(row);
    }
  }
}
