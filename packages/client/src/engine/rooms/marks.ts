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
  fromBase64Url,
  MarksSchema,
  type MessageId,
  PATHS,
  type RoomId,
  toBase64Url,
} from '@sotto/protocol';
import type { RoomRow } from '../rows.ts';
import { alarmFrom, type RoomContext } from './context.ts';
import { pendingRemovals } from './removal.ts';
import type { RoomRows } from './room-rows.ts';
import type { EpochSecrets } from './secrets.ts';
import type { RoomSync } from './sync.ts';

const TYPING_AGAIN = 3_000;
const TYPING_LAPSES = 6_500;

interface Parts {
  readonly rows: RoomRows;
  readonly sync: RoomSync;
  readonly secrets: EpochSecrets;
  onTyping(room: RoomId): void;
  onOwnRead(room: RoomId, position: number): void;
}

interface Frame {
  readonly t: 'signal' | 'mark';
  readonly room: RoomId;
  readonly account: AccountId;
  readonly device: DeviceId;
  readonly body: Ciphertext;
}

/** What is sealed like a message but not kept in the log: delivery and read marks, typing. */
export class Marks {
  readonly #context: RoomContext;
  readonly #parts: Parts;
  readonly #typing = new Map<RoomId, Map<AccountId, number>>();
  readonly #typedAt = new Map<RoomId, number>();
  readonly #counters = new Map<string, number>();
  readonly #pending = new Set<RoomId>();
  readonly #told = new Map<RoomId, string>();
  #lastCounter = 0;

  constructor(context: RoomContext, parts: Parts) {
    this.#context = context;
    this.#parts = parts;
  }

  typing(room: RoomId): readonly AccountId[] {
    const now = this.#context.clock.now();
    return [...(this.#typing.get(room) ?? [])].flatMap(([account, until]) => (until > now ? [account] : []));
  }

  /** Takes a signal or mark of another device. */
  async take(frame: Frame): Promise<void> {
    const row = this.#parts.rows.peek(frame.room);
    if (!row) return;
    try {
      const opened = await this.#open(row, frame);
      if (!opened) return;
      if (opened.content.kind === 'typing') this.#setTyping(frame, opened.counter, opened.content.on);
      if (opened.content.kind === 'mark') {
        const { delivered, read } = opened.content;
        const { account, device } = frame;
        this.#parts.rows.putMark(frame.room, {
          account,
          device,
          counter: opened.counter,
          delivered,
          read,
        });
        if (account === this.#context.keys.self.account) this.#parts.onOwnRead(frame.room, read);
      }
    } catch (error) {
      if (!(error instanceof VerificationError)) throw error;
      this.#context.notify(alarmFrom(error, this.#context.clock.now(), frame.account), frame.room);
    }
  }

  /** Everyone's newest marks, for a room that was not followed for a while. */
  async refresh(room: RoomId): Promise<void> {
    const { marks } = await this.#context.calls.get(PATHS.marks(room), MarksSchema);
    for (const mark of marks) await this.take({ t: 'mark', room, ...mark });
  }

  async #open(row: RoomRow, frame: Frame): Promise<{ content: Content; counter: number } | null> {
    const { room, account, device } = frame;
    const member = row.state.header?.header.members.find((m) => m.account === account);
    const list = member && (await this.#context.directory.lists.lookup(account, member.list));
    const signing = list && signingKeyOf(list.list, device);
    const body = fromBase64Url(frame.body);
    // A device that joined or left a moment ago: its next mark will be understood.
    if (!signing || !body) return null;
    const { header, content } = await openMessage(body, {
      room,
      kind: frame.t,
      account,
      device,
      signing,
      secrets: (epoch) => this.#parts.secrets.get(room, epoch),
    });
    await this.#parts.sync.compare(room, header.seen, account);
    return content && { content, counter: header.counter };
  }

  #setTyping(frame: Frame, counter: number, on: boolean): void {
    const name = `${frame.room}/${frame.device}`;
    if (counter <= (this.#counters.get(name) ?? 0)) return; // attack 5: an old signal again
    this.#counters.set(name, counter);
    const here = this.#typing.get(frame.room) ?? new Map<AccountId, number>();
    if (on) here.set(frame.account, this.#context.clock.now() + TYPING_LAPSES);
    else here.delete(frame.account);
    this.#typing.set(frame.room, here);
    this.#parts.onTyping(frame.room);
    if (on) this.#context.clock.after(TYPING_LAPSES + 20, () => this.#parts.onTyping(frame.room));
  }

  /** A message from someone ends their typing. */
  stopTyping(room: RoomId, account: AccountId): void {
    if (this.#typing.get(room)?.delete(account)) this.#parts.onTyping(room);
  }

  /** Tells the others that this user types (or stopped), at most every few seconds. */
  async sendTyping(room: RoomId, on: boolean): Promise<void> {
    const now = this.#context.clock.now();
    const last = this.#typedAt.get(room) ?? 0;
    if (on ? now - last < TYPING_AGAIN : last === 0) return;
    this.#typedAt.set(room, on ? now : 0);
    await this.#send('signal', room, { kind: 'typing', on });
  }

  /** Tells the others, a little later and once for many, how far messages arrived and were read. */
  schedule(room: RoomId): void {
    const row = this.#parts.rows.peek(room);
    if (!row || this.#pending.has(room)) return;
    this.#pending.add(room);
    const members = row.state.header?.header.members.length ?? 2;
    // Larger rooms tell later and scattered: everyone's marks go to everyone.
    const delay = 150 + Math.random() * 40 * members;
    this.#context.clock.after(delay, () => {
      this.#pending.delete(room);
      this.#context.background(this.#tell(room));
    });
  }

  async #tell(room: RoomId): Promise<void> {
    const row = this.#parts.rows.peek(room);
    if (row?.standing !== 'member' || row.alarm) return;
    const mark = { kind: 'mark', delivered: row.state.position, read: row.read } as const;
    const name = `${mark.delivered}/${mark.read}`;
    if (this.#told.get(room) === name || !this.#context.connection().online) return;
    if (await this.#send('mark', room, mark)) this.#told.set(room, name);
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
