import {
  type Content,
  decryptMessage,
  demandSound,
  randomId,
  sealMessage,
  signingKeyOf,
  VerificationError,
  verifyMessage,
} from '@sotto/crypto';
import {
  type AccountId,
  type Ciphertext,
  type DeviceId,
  type DeviceReceipt,
  type FrameOf,
  fromBase64Url,
  type MessageId,
  PATHS,
  ReceiptsSchema,
  type RoomId,
  type Seen,
  toBase64Url,
} from '@sotto/protocol';
import type { SignedCalls } from '../../calls.ts';
import type { Consent } from '../../consent/consent.ts';
import type { Directory } from '../../people/directory.ts';
import type { DeviceLists } from '../../people/lists.ts';
import type { EntryRow, ReceiptRow } from '../../rows.ts';
import { alarmFrom, type RoomContext } from '../context.ts';
import type { EpochSecrets } from '../keys/secrets.ts';
import type { RoomSync } from '../log/sync.ts';
import type { RoomRows } from '../room-rows.ts';
import { gateOf } from '../sending/gate.ts';
import { receiptDelay } from './receipt-pace.ts';
import { Typing } from './typing.ts';

interface Needs extends Pick<RoomContext, 'background' | 'bus' | 'clock' | 'connection' | 'keys' | 'notify'> {
  readonly calls: Pick<SignedCalls, 'get' | 'serverTime'>;
  readonly consent: Pick<Consent, 'isOpen'>;
  readonly directory: Pick<Directory, 'trustOf'> & { readonly lists: Pick<DeviceLists, 'lookup'> };
  readonly rows: RoomRows;
  readonly sync: Pick<RoomSync, 'compare'>;
  readonly secrets: Pick<EpochSecrets, 'get'>;
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

/** What is sealed like a message but not kept in the log: delivery and read receipts, typing. */
export class Receipts {
  readonly #needs: Needs;
  readonly #typing: Typing;
  readonly #pending = new Map<RoomId, { readonly due: number; readonly cancel: () => void }>();
  readonly #told = new Map<RoomId, Told>();
  #lastCounter = 0;

  constructor(needs: Needs) {
    this.#needs = needs;
    this.#typing = new Typing(needs.clock, needs.bus);
    needs.bus.on('stored', ({ row, entries }) => this.#stored(row.room, entries));
  }

  typing(room: RoomId): readonly AccountId[] {
    return this.#typing.in(room);
  }

  #stored(room: RoomId, entries: readonly EntryRow[]): void {
    const own = this.#needs.keys.self.account;
    const others = entries.filter(({ account }) => account !== own);
    // A message from someone ends their typing.
    for (const { account, what } of others) if (what.type === 'message') this.#typing.stop(room, account);
    // After a new epoch, whoever made it, what was told under the one before counts no more (§5).
    if (others.length > 0 || entries.some(({ kind }) => kind === 'epoch')) this.schedule(room);
  }

  /** Takes a signal of another device. */
  async takeSignal(frame: FrameOf<'signal'>): Promise<void> {
    const { room } = frame;
    const opened = await this.#open('signal', room, frame);
    if (!opened) return;
    await this.#needs.sync.compare(room, opened.seen, opened.account);
    if (opened.content?.kind === 'typing')
      this.#typing.heard({ room, ...opened }, opened.counter, opened.content.on);
  }

  /** Takes receipts of other devices in one go: opened side by side, stored and shown as one change. */
  async take(room: RoomId, receipts: readonly DeviceReceipt[]): Promise<void> {
    const { device } = this.#needs.keys.self;
    await this.#takeAll(
      room,
      receipts.filter((receipt) => receipt.device !== device),
    );
  }

  /** Everyone's newest receipts, for a room that was not followed for a while. */
  async refresh(room: RoomId): Promise<void> {
    const { receipts } = await this.#needs.calls.get(PATHS.receipts(room), ReceiptsSchema);
    // This device's own, too: a restored one must not count from before (M2), and what the server lost is told again.
    await this.#takeAll(room, receipts);
    const own = this.#needs.rows
      .receipts(room)
      .find((receipt) => receipt.device === this.#needs.keys.self.device);
    const shown = receipts.some((receipt) => receipt.device === own?.device);
    if (own && shown) this.#told.set(room, { delivered: own.delivered, read: own.read, at: 0 });
    else this.#told.delete(room);
  }

  async #takeAll(room: RoomId, receipts: readonly DeviceReceipt[]): Promise<void> {
    const opened = await Promise.all(receipts.map((receipt) => this.#open('receipt', room, receipt)));
    const readable = opened.filter((each) => each !== null);
    // M2: most of them have seen the same; each sight of the log is compared once.
    const sights = new Map(readable.map((each) => [sightOf(each.seen), each]));
    for (const { seen, account } of sights.values()) await this.#needs.sync.compare(room, seen, account);
    const rows: ReceiptRow[] = [];
    for (const { account, device, counter, content } of readable) {
      if (content?.kind !== 'receipt') continue;
      rows.push({ account, device, counter, delivered: content.delivered, read: content.read });
    }
    this.#needs.rows.putReceipts(room, rows);
    const own = rows.filter(({ account }) => account === this.#needs.keys.self.account);
    if (own.length === 0) return;
    this.#needs.bus.emit({ type: 'own-read', room, position: Math.max(...own.map(({ read }) => read)) });
  }

  /** @returns null where it cannot be understood yet; what is false is told */
  async #open(kind: 'signal' | 'receipt', room: RoomId, frame: DeviceReceipt): Promise<Opened | null> {
    const { account, device } = frame;
    const verified = this.#needs.rows.peek(room)?.state.header;
    const body = fromBase64Url(frame.body);
    if (!verified || !body) return null;
    const { header } = verified;
    const member = header.members.find((m) => m.account === account);
    if (!member) return null;
    try {
      const list = await this.#needs.directory.lists.lookup(account, member.list);
      const signing = list && signingKeyOf(list.list, device);
      // A device that joined or left a moment ago: its next receipt will be understood.
      if (!signing) return null;
      const message = await verifyMessage(body, { room, kind, account, device, signing });
      const { epoch, seen, counter } = message.header;
      // Of an epoch that is over, or not read yet: after each new one everybody tells anew.
      if (epoch !== header.epoch) {
        return epoch < header.epoch ? null : { account, device, seen, counter, content: null };
      }
      demandSound(message.header, { epoch, list: member.list, counter: 0 });
      const secret = await this.#needs.secrets.get(verified);
      const content = secret ? await decryptMessage(message, secret) : null;
      return { account, device, seen, counter, content };
    } catch (error) {
      if (!(error instanceof VerificationError)) throw error;
      this.#needs.notify(alarmFrom(error, this.#needs.clock.now(), account), room);
      return null;
    }
  }

  /** Tells the others that this user types (or stopped), at most every few seconds. */
  async sendTyping(room: RoomId, on: boolean): Promise<void> {
    if (this.#typing.due(room, on)) await this.#send('signal', room, { kind: 'typing', on });
  }

  /** Tells the others, a little later and once for many, how far messages arrived and were read. */
  schedule(room: RoomId): void {
    const row = this.#needs.rows.peek(room);
    if (!row) return;
    const told = this.#told.get(room);
    const now = this.#needs.clock.now();
    const delay = receiptDelay(
      {
        members: row.state.header?.header.members.length ?? 2,
        news: row.read > (told?.read ?? 0) ? 'read' : 'delivered',
        sinceLast: now - (told?.at ?? 0),
      },
      this.#needs.clock.jitter(),
    );
    const before = this.#pending.get(room);
    if (before && before.due <= now + delay) return;
    before?.cancel();
    const cancel = this.#needs.clock.after(delay, () => {
      this.#pending.delete(room);
      this.#needs.background(this.#tell(room));
    });
    this.#pending.set(room, { due: now + delay, cancel });
  }

  /** Tells now what was left for a moment later: whoever closes right after reading has read. */
  async flush(): Promise<void> {
    const rooms = [...this.#pending.keys()];
    this.stop();
    await Promise.all(rooms.map((room) => this.#tell(room)));
  }

  stop(): void {
    for (const { cancel } of this.#pending.values()) cancel();
    this.#pending.clear();
  }

  async #tell(room: RoomId): Promise<void> {
    const row = this.#needs.rows.peek(room);
    if (row?.standing !== 'member' || row.alarm) return;
    const { read } = row;
    const delivered = row.state.position;
    const told = this.#told.get(room);
    if (told?.delivered === delivered && told.read === read) return;
    const sent = await this.#send('receipt', room, { kind: 'receipt', delivered, read });
    if (sent) this.#told.set(room, { delivered, read, at: this.#needs.clock.now() });
  }

  async #send(t: 'signal' | 'receipt', room: RoomId, content: Content): Promise<boolean> {
    const row = this.#needs.rows.peek(room);
    if (!row || !this.#needs.connection.online) return false;
    // Attack 48: nothing is told to a room that was not accepted.
    if (!this.#needs.consent.isOpen(room)) return false;
    const gate = gateOf(row, (account) => this.#needs.directory.trustOf(account));
    if (gate.state === 'held') return false;
    const { header } = gate.header;
    const { self, signing } = this.#needs.keys;
    const secret = await this.#needs.secrets.get(gate.header);
    const member = header.members.find((m) => m.account === self.account);
    if (!secret || !member) return false;
    // Not in the log, so counted apart from it: by the clock, which also moves on for a restored device.
    const own = this.#needs.rows.receipts(room).find((receipt) => receipt.device === self.device);
    const now = this.#needs.calls.serverTime();
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
    return this.#needs.connection.send({ t, room, epoch: header.epoch, body: sealed });
  }
}

const sightOf = ({ position, chain }: Seen) => `${position}/${toBase64Url(chain)}`;
