import {
  type AccountId,
  type AddressedWrap,
  type Bytes,
  fromBase64Url,
  type LogEntry,
  type MessageHeader,
  type RoomId,
} from '@sotto/protocol';
import {
  advanceRoom,
  checkCommitment,
  type EpochSecret,
  type ListLookup,
  type Outcome,
  openLink,
  openMessage,
  openProfile,
  openWrap,
  type RoomState,
  rewrapSecret,
  signingKeyOf,
  startRoomAt,
  VerificationError,
  type VerifiedExchangeKey,
  type VerifiedHeader,
  type VerifiedList,
  verifyDeviceLists,
  verifyExchangeKey,
  verifyHeaderChain,
} from '../../src/index.ts';
import { NOW, type Person, type TestDevice } from '../support/person.ts';
import type { HonestServer } from './server.ts';

/** Everything a device stores: plain data, so that a crash is a structured clone of it. */
interface Stored {
  state: RoomState | null;
  chains: Map<number, Bytes>;
  headers: Map<number, VerifiedHeader>;
  secrets: Map<number, EpochSecret>;
  lists: Map<AccountId, VerifiedList[]>;
  /** Texts by position. */
  texts: Map<number, string>;
  /** Genuine entries that wait for their secret (R6). */
  locked: Map<number, { entry: LogEntry; header: VerifiedHeader }>;
  counter: number;
}

/** One device: it believes nothing but what it verified. */
export class SimulatedDevice {
  readonly person: Person;
  readonly own: TestDevice;
  readonly room: RoomId;
  readonly server: HonestServer;
  stored: Stored = {
    state: null,
    chains: new Map(),
    headers: new Map(),
    secrets: new Map(),
    lists: new Map(),
    texts: new Map(),
    locked: new Map(),
    counter: 0,
  };
  /** False while its entries are held back. */
  online = true;

  constructor(person: Person, own: TestDevice, room: RoomId, server: HonestServer) {
    this.person = person;
    this.own = own;
    this.room = room;
    this.server = server;
  }

  get name(): string {
    return `${this.person.name}/${this.own.device.slice(0, 4)}`;
  }

  get state(): RoomState {
    if (!this.stored.state) throw new Error(`${this.name} is not in the room`);
    return this.stored.state;
  }

  get header(): VerifiedHeader {
    if (!this.state.header) throw new Error(`${this.name} has no header`);
    return this.state.header;
  }

  get epoch(): number {
    return this.header.header.epoch;
  }

  get isMember(): boolean {
    const { state } = this.stored;
    const listed = state?.header?.header.members.find((m) => m.account === this.person.account);
    if (!state || !listed) return false;
    const list = this.stored.lists.get(this.person.account)?.find((l) => l.list.version === listed.list);
    return list?.list.devices.some((d) => d.device === this.own.device) ?? false;
  }

  /** Put out by a header that it took itself: not one that it is about to enter by. */
  get isOut(): boolean {
    return this.stored.chains.has(this.state.position) && this.state.header !== null && !this.isMember;
  }

  readonly lists: ListLookup = async (account, version) => {
    const known = this.stored.lists.get(account) ?? [];
    return version === 0 ? known.at(-1) : known.find((l) => l.list.version === version);
  };

  /** Fetches and verifies an account's lists; returns the newest. */
  async fetchLists(account: AccountId): Promise<VerifiedList> {
    const known = this.stored.lists.get(account) ?? [];
    const signed = (this.server.lists.get(account) ?? []).slice(known.length);
    const all = [...known, ...(await verifyDeviceLists(known.at(-1) ?? null, signed, account))];
    this.stored.lists.set(account, all);
    const newest = all.at(-1);
    if (!newest) throw new Error('the server has no list of this account');
    return newest;
  }

  async fetchExchangeKeys(list: VerifiedList): Promise<VerifiedExchangeKey[]> {
    const { account, devices } = list.list;
    const keys: VerifiedExchangeKey[] = [];
    for (const { device, signing } of devices) {
      const signed = this.server.exchangeKeys.get(device);
      if (!signed) throw new Error('the server has no exchange key of this device');
      keys.push(await verifyExchangeKey(signed, { account, device, signing, now: NOW }));
    }
    return keys;
  }

  /** [E3] what is stored survives; what was in memory does not. */
  crash(): void {
    this.stored = structuredClone(this.stored);
  }

  /** Enters, or enters again, at the next epoch made for this device: verifies all headers from the first. */
  async enter(): Promise<void> {
    const after = this.stored.state?.position ?? 0;
    const admitted = this.server.headers.findIndex(
      (h) => h.position > after && h.recipients.has(this.own.device),
    );
    if (admitted < 0) return; // out, and still out
    const placed = this.server.headers.slice(0, admitted + 1);
    const chain = await this.fetching(() =>
      verifyHeaderChain(
        this.room,
        placed.map((p) => ({ signed: p.header.signed, author: p.author })),
        this.lists,
      ),
    );
    const [previous, admitting] = [chain.at(-2), chain.at(-1)];
    if (!previous || !admitting) throw new Error('a device enters a room that exists');
    for (const header of chain.slice(0, -1)) this.stored.headers.set(header.header.epoch, header);
    const { seen } = admitting.header;
    const previousPosition = placed.at(-2)?.position ?? 0;
    this.stored.chains.delete(seen.position);
    this.stored.state = startRoomAt({ room: this.room, previous, previousPosition, seen });
  }

  /** Takes all that the log has for this device. */
  async sync(): Promise<void> {
    if (!this.stored.state) await this.enter();
    for (let last = -1; last !== this.state.position; ) {
      last = this.state.position;
      // The server shows a device nothing of what comes after it was put out, until it is in again.
      if (this.isOut) await this.enter();
      const entry = this.server.entries[this.state.position];
      if (entry && !this.isOut) await this.take(entry);
    }
  }

  async take(entry: LogEntry): Promise<Outcome> {
    const { state, outcome } = await this.fetching(() =>
      advanceRoom(this.state, entry, {
        lists: this.lists,
        secrets: async ({ header }) => this.stored.secrets.get(header.epoch),
        chainAt: async (position) => this.stored.chains.get(position),
      }),
    );
    if (outcome.type === 'rejected') throw outcome.error;
    this.stored.state = state;
    this.stored.chains.set(state.position, state.chain);
    if (outcome.type === 'epoch') {
      this.stored.headers.set(outcome.header.header.epoch, outcome.header);
      await this.openWraps(outcome.header.header.epoch);
    }
    if (outcome.type === 'message') this.read(entry.position, outcome.content);
    if (outcome.type === 'locked') {
      if (state.header) this.stored.locked.set(entry.position, { entry, header: state.header });
    }
    return outcome;
  }

  private read(position: number, content: { kind: string } | null): void {
    if (content && 'body' in content && typeof content.body === 'string') {
      this.stored.texts.set(position, content.body);
    }
  }

  /** Opens this device's wrap of an epoch where there is one, follows the links, then opens what was locked. */
  async openWraps(epoch: number): Promise<boolean> {
    const header = this.stored.headers.get(epoch);
    const body = this.server.wrapFor(this.own.device, epoch);
    if (!header || !body) return false;
    await this.learn(header, await openWrap(body, header, this.own.device, this.own.exchange));
    return true;
  }

  async learn(header: VerifiedHeader, secret: EpochSecret): Promise<void> {
    this.stored.secrets.set(header.header.epoch, secret);
    await openProfile(header.header, secret);
    const linked = await openLink(header.header, secret);
    const before = this.stored.headers.get(header.header.epoch - 1);
    if (linked && before && !this.stored.secrets.has(before.header.epoch)) {
      await checkCommitment(linked, before.header);
      await this.learn(before, linked);
    }
    for (const [position, { entry, header: under }] of this.stored.locked) {
      const opened = await this.open(entry, under);
      if (!opened) continue;
      this.read(position, opened);
      this.stored.locked.delete(position);
    }
  }

  private async open(entry: LogEntry, header: VerifiedHeader) {
    const member = header.header.members.find((m) => m.account === entry.account);
    const list = member && (await this.lists(entry.account, member.list));
    const signing = list && signingKeyOf(list.list, entry.device);
    const signed = fromBase64Url(entry.body);
    if (!signing || !signed) throw new Error('a locked entry was verified before');
    const { account, device, id } = entry;
    const claim = { room: this.room, kind: 'log' as const, account, device, id, signing };
    const secret = this.stored.secrets.get(header.header.epoch);
    return (await openMessage(signed, claim, { header, secret })).content;
  }

  /** History from before this device came, as far as its secrets reach. */
  async readPast(upTo: number): Promise<Map<number, string>> {
    const past = new Map<number, string>();
    for (const entry of this.server.entries.slice(0, upTo)) {
      if (entry.kind !== 'message' || this.stored.texts.has(entry.position)) continue;
      const epoch = this.server.headers.filter((h) => h.position < entry.position).length;
      const header = this.stored.headers.get(epoch);
      if (!header?.header.members.some((m) => m.account === entry.account)) continue;
      const content = await this.open(entry, header);
      if (content?.kind === 'text') past.set(entry.position, content.body);
    }
    return past;
  }

  /** R6: answers another device's request. */
  rewrap(epoch: number, asks: VerifiedExchangeKey): Promise<AddressedWrap> {
    const [secret, header] = [this.stored.secrets.get(epoch), this.stored.headers.get(epoch)];
    if (!secret || !header) throw new Error(`${this.name} does not hold epoch ${epoch}`);
    return this.fetching(() => rewrapSecret(secret, header, asks, this.lists));
  }

  nextHeader(): Pick<MessageHeader, 'room' | 'epoch' | 'account' | 'device' | 'counter' | 'seen'> {
    this.stored.counter += 1;
    return {
      room: this.room,
      epoch: this.epoch,
      account: this.person.account,
      device: this.own.device,
      counter: this.stored.counter,
      seen: { position: this.state.position, chain: this.state.chain },
    };
  }

  /** Runs a verification, fetching the lists that it names as missing. */
  private async fetching<T>(attempt: () => Promise<T>): Promise<T> {
    for (;;) {
      try {
        return await attempt();
      } catch (error) {
        if (!(error instanceof VerificationError) || !error.missing) throw error;
        const before = this.stored.lists.get(error.missing.account)?.length ?? 0;
        await this.fetchLists(error.missing.account);
        if ((this.stored.lists.get(error.missing.account)?.length ?? 0) === before) throw error;
      }
    }
  }
}
