import {
  type Content,
  openMessage,
  randomId,
  sealMessage,
  signingKeyOf,
  VerificationError,
} from '@sotto/crypto';
import {
  type AccountId,
  type Ciphertext,
  type DeviceId,
  type DeviceMark,
  type FrameOf,
  fromBase64Url,
  MarksSchema,
  type MessageId,
  PATHS,
  type RoomId,
  type Seen,
  toBase64Url,
} from '@sotto/protocol';
import type { MarkRow } from '../rows.ts';
import { alarmFrom, type RoomContext } from './context.ts';
import { markDelay } from './mark-pace.ts';
import { pendingRemovals } from './removal.ts';
import type { RoomRows } from './room-rows.ts';
import type { EpochSecrets } from './secrets.ts';
import type { RoomSync } from './sync.ts';
import { Typing } from './typing.ts';

interface Parts {
  readonly rows: RoomRows;
  readonly sync: RoomSync;
  readonly secrets: EpochSecrets;
  onTyping(room: RoomId): void;
  onOwnRead(room: RoomId, position: number): void;
}

interface Opened {
  readonly account: AccountId;
  readonly device: DeviceId;
  readonly seen: Seen;
  readonly counter: number;
  readonly content: Content | null;
}

/** What this device last told a room. */
interface Told {
  readonly delivered: number;
  readonly read: number;
  readonly at: number;
}

/** What is sealed like a message but not kept in the log: delivery and read marks, typing. */
export class Marks {
  readonly #context: RoomContext;
  readonly #parts: Parts;
  readonly #typing: Typing;
  readonly #pending = new Map<RoomId, { readonly due: number; readonly cancel: () => void }>();
  readonly #told = new Map<RoomId, Told>();
  #lastCounter = 0;

  constructor(context: RoomContext, parts: Parts) {
    this.#context = context;
    this.#parts = parts;
    this.#typing = new Typing(context.clock, parts.onTyping);
  }

  typing(room: RoomId): readonly AccountId[] {
    return this.#typing.in(room);
  }

  /** A message from someone ends their typing. */
  stopTyping(room: RoomId, account: AccountId): void {
    this.#typing.stop(room, account);
  }

  /** Takes a signal of another device. */
  async takeSignal(frame: FrameOf<'signal'>): Promise<void> {
    const { room } = frame;
    const opened = await this.#open('signal', room, frame);
    if (!opened) return;
    await this.#parts.sync.compare(room, opened.seen, opened.account);
    if (opened.content?.kind === 'typing')
      this.#typing.heard({ room, ...opened }, opened.counter, opened.content.on);
  }

  /** Takes marks of other devices in one go: opened side by side, stored and shown as one change. */
  async take(room: RoomId, marks: readonly DeviceMark[]): Promise<void> {
    const { device } = this.#context.keys.self;
    await this.#takeAll(
      room,
      marks.filter((mark) => mark.device !== device),
    );
  }

  /** Everyone's newest marks, for a room that was not followed for a while. */
  async refresh(room: RoomId): Promise<void> {
    const { marks } = await this.#context.calls.get(PATHS.marks(room), MarksSchema);
    // This device's own, too: a restored one must not count from before (M2), and what the server lost is told again.
    await this.#takeAll(room, marks);
    const own = this.#parts.rows.marks(room).find((mark) => mark.device === this.#context.keys.self.device);
    const shown = marks.some((mark) => mark.device === own?.device);
    if (own && shown) this.#told.set(room, { delivered: own.delivered, read: own.read, at: 0 });
    else this.#told.delete(room);
  }

  async #takeAll(room: RoomId, marks: readonly DeviceMark[]): Promise<void> {
    const opened = await Promise.all(marks.map((mark) => this.#open('mark', room, mark)));
    const readable = opened.filter((each) => each !== null);
    // M2: most of them have seen the same; each sight of the log is compared once.
    const sights = new Map(readable.map((each) => [sightOf(each.seen), each]));
    for (const { seen, account } of sights.values()) await this.#parts.sync.compare(room, seen, account);
    const rows: MarkRow[] = [];
    for (const { account, device, counter, content } of readable) {
      if (content?.kind !== 'mark') continue;
      rows.push({ account, device, counter, delivered: content.delivered, read: content.read });
    }
    this.#parts.rows.putMarks(room, rows);
    const own = rows.filter(({ account }) => account === this.#context.keys.self.account);
    if (own.length > 0) this.#parts.onOwnRead(room, Math.max(...own.map(({ read }) => read)));
  }

  /** @returns null where it cannot be understood yet; what is false is told */
  async #open(kind: 'signal' | 'mark', room: RoomId, frame: DeviceMark): Promise<Opened | null> {
    const { account, device } = frame;
    const header = this.#parts.rows.peek(room)?.state.header?.header;
    const member = header?.members.find((m) => m.account === account);
    const body = fromBase64Url(frame.body);
    if (!member || !body) return null;
    try {
      const list = await this.#context.directory.lists.lookup(account, member.list);
      const signing = list && signingKeyOf(list.list, device);
      // A device that joined or left a moment ago: its next mark will be understood.
      if (!signing) return null;
      const secrets = (epoch: number) => this.#parts.secrets.get(room, epoch);
      const claim = { room, kind, account, device, signing, secrets };
      const { header: own, content } = await openMessage(body, claim);
      return { account, device, seen: own.seen, counter: own.counter, content };
    } catch (error) {
      if (!(error instanceof VerificationError)) throw error;
      this.#context.notify(alarmFrom(error, this.#context.clock.now(), account), room);
      return null;
    }
  }

  /** Tells the others that this user types (or stopped), at most every few seconds. */
  async sendTyping(room: RoomId, on: boolean): Promise<void> {
    if (this.#typing.due(room, on)) await this.#send('signal', room, { kind: 'typing', on });
  }

  /** Tells the others, a little later and once for many, how far messages arrived and were read. */
  schedule(room: RoomId): void {
    const row = this.#parts.rows.peek(room);
    if (!row) return;
    const told = this.#told.get(room);
    const now = this.#context.clock.now();
    const delay = markDelay(
      {
        members: row.state.header?.header.members.length ?? 2,
        news: row.read > (told?.read ?? 0) ? 'read' : 'delivered',
        sinceLast: now - (told?.at ?? 0),
      },
      Math.random(),
    );
    const before = this.#pending.get(room);
    if (before && before.due <= now + delay) return;
    before?.cancel();
    const cancel = this.#context.clock.after(delay, () => {
      this.#pending.delete(room);
      this.#context.background(this.#tell(room));
    });
    this.#pending.set(room, { due: now + delay, cancel });
  }

  async #tell(room: RoomId): Promise<void> {
    const row = this.#parts.rows.peek(room);
    if (row?.standing !== 'member' || row.alarm) return;
    const { read } = row;
    const delivered = row.state.position;
    const told = this.#told.get(room);
    if (told?.delivered === delivered && told.read === read) return;
    const sent = await this.#send('mark', room, { kind: 'mark', delivered, read });
    if (sent) this.#told.set(room, { delivered, read, at: this.#context.clock.now() });
  }

  async #send(t: 'signal' | 'mark', room: RoomId, content: Content): Promise<boolean> {
    const row = this.#parts.rows.peek(room);
    const header = row?.state.header?.header;
    if (!row || !header || row.standing !== 'member' || !this.#context.connection().online) return false;
    // Attacks 3, 8, 9, 11: what stops messages stops these too.
    if (row.alarm || row.unconfirmed || pendingRemovals(row).length > 0) return false;
    if (header.members.some((m) => this.#context.directory.trustOf(m.account) === 'changed')) return false;
    const { self, signing } = this.#context.keys;
    const secret = await this.#parts.secrets.get(room, header.epoch);
    const member = header.members.find((m) => m.account === self.account);
    if (!secret || !member) return false;
    // Not in the log, so counted apart from it: by the clock, which also moves on for a restored device.
    const own = this.#parts.rows.marks(room).find((mark) => mark.device === self.device);
    const now = Math.round(this.#context.calls.serverTime());
    const counter = Math.max(now, (own?.counter ?? 0) + 1, this.#lastCounter + 1);
    this.#lastCounter = counter;
    const { position, chain } = row.state;
    const body = await sealMessage(
      {
        kind: t,
        room,
        epoch: header.epoch,
        account: self.account,
        device: self.device,
        id: randomId<MessageId>(),
        counter,
        list: member.list,
        seen: { position, chain },
      },
      content,
      { secret, signing },
    );
    const sealed = toBase64Url(body) as Ciphertext;
    return this.#context.connection().send({ t, room, epoch: header.epoch, body: sealed });
  }
}

const sightOf = ({ position, chain }: Seen) => `${position}/${toBase64Url(chain)}`;
