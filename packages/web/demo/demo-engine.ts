import {
  type Chosen,
  ClientError,
  type Draft,
  type Engine,
  type EngineEvent,
  type EngineState,
  type FileItem,
  type Files,
  filesIn,
  type InvitePreview,
  type MessageFacts,
  type MessageItem,
  type OwnDevice,
  type Room,
  type SafetyNumber,
  type SearchHit,
  type SystemEvent,
} from '@sotto/client';
import type { AccountId, RoomId } from '../src/app/types.ts';
import { type DemoData, demoData } from './demo-data.ts';
import { DEMO_PHRASE, demoConnection, demoDevices, demoNotices, demoSelf } from './demo-devices.ts';
import { DemoFiles } from './demo-files.ts';
import { answered, demoRequests } from './demo-requests.ts';
import { DemoStore } from './demo-store.ts';
import { DemoTimeline } from './demo-timeline.ts';
import {
  account,
  fileId,
  type MessageId,
  message,
  type Role,
  type RoomPolicy,
  room as roomId,
} from './ids.ts';
import { quietRoom } from './quiet-room.ts';

const ANSWERS = ['Good point.', 'Let me think about it …', 'Ha! 😄', 'Agreed.', 'Can you say more?'];

const idOf = (chosen: Chosen): AccountId => (typeof chosen === 'string' ? chosen : chosen.account);

/** An engine without a server: everything happens in memory, and others answer by themselves. */
export class DemoEngine extends DemoStore<EngineState> implements Engine {
  readonly id: AccountId;
  private readonly name: string;
  private readonly timelines = new Map<RoomId, DemoTimeline>();
  private readonly hearers = new Set<(event: EngineEvent) => void>();
  // Its commands stand in one class, but for those whose names are the same under two nouns.
  readonly rooms: Engine['rooms'] = this;
  readonly messages: Engine['messages'] = this;
  readonly people: Engine['people'] = this;
  readonly account: Engine['account'] = {
    rename: async (name) => this.update({ self: { ...this.state.self, name } }),
    export: async () => new Uint8Array(0),
    setPassword: async (password) => {
      await pause(600);
      if (password === 'password') throw new ClientError('weak_password');
      this.update({ self: { ...this.state.self, kind: 'password', vault: 'open' } });
    },
    takeBack: async (password) => {
      await this.account.setPassword(password);
      this.own = this.own.filter((known) => known.current);
    },
    unlockVault: async (password) => {
      await pause(400);
      if (password === 'wrong') throw new ClientError('bad_login');
      this.update({ self: { ...this.state.self, vault: 'open' } });
    },
    createRecoveryPhrase: async (password) => {
      await pause(600);
      if (password === 'wrong') throw new ClientError('bad_login');
      this.update({ self: { ...this.state.self, recoverable: true } });
      return DEMO_PHRASE;
    },
  };
  readonly devices: Engine['devices'] = {
    list: async () => {
      await pause(150);
      return this.own;
    },
    rename: async (device, name) => {
      this.own = this.own.map((known) => (known.device === device ? { ...known, name } : known));
    },
    remove: async (devices) => {
      this.own = this.own.filter((known) => devices.every(({ device }) => device !== known.device));
      for (const room of this.state.rooms.values()) {
        if (room.standing !== 'member') continue;
        await this.rekeyWork(room.room);
        this.change(room.room, { epoch: this.room(room.room).epoch + 1 });
      }
    },
  };
  readonly events = {
    on: (listener: (event: EngineEvent) => void) => {
      this.hearers.add(listener);
      return () => this.hearers.delete(listener);
    },
  };
  private count = 10_000;
  private readonly quiet: boolean;
  private own: readonly OwnDevice[];
  readonly files: DemoFiles;

  constructor(
    name: string,
    kind: 'guest' | 'password',
    options: { alone: boolean; quiet: boolean; online: string },
  ) {
    const now = Date.now();
    const empty: DemoData = {
      people: new Map(),
      rooms: new Map(),
      items: new Map(),
      readAtOpen: new Map(),
      transfers: new Map(),
    };
    const data = options.alone ? empty : demoData(name, now);
    const asked = options.alone ? { requests: [], items: new Map() } : demoRequests(name, now);
    const order = [...data.rooms.values()].sort((a, b) => (b.last?.time ?? 0) - (a.last?.time ?? 0));
    super({
      connection: demoConnection(options.online, now),
      self: demoSelf(name, kind, options.online),
      people: data.people,
      rooms: data.rooms,
      order: order.map((room) => room.room),
      requests: asked.requests,
      requestsRead: true,
      blocked: options.alone ? new Map() : new Map([[account('Sybil'), 'Sybil']]),
      notices: demoNotices(options.online, now),
      loaded: true,
      caughtUp: true,
    });
    this.id = account(name);
    this.name = name;
    this.quiet = options.quiet;
    this.own = demoDevices(this.state.self, now);
    this.files = new DemoFiles(
      (room) => this.timeline(room).everything,
      (room, message) => this.sendFiles(room, message),
    );
    for (const [id, items] of asked.items) this.timelines.set(id, new DemoTimeline(items, 0));
    for (const [id, items] of data.items) {
      this.timelines.set(id, new DemoTimeline(items, data.readAtOpen.get(id) ?? 0));
    }
    for (const [file, transfer] of data.transfers) void this.files.run(file, transfer, () => {});
  }

  timeline(room: RoomId): DemoTimeline {
    const known = this.timelines.get(room) ?? new DemoTimeline([], 0);
    this.timelines.set(room, known);
    return known;
  }

  private room(id: RoomId): Room {
    const room = this.state.rooms.get(id);
    if (!room) throw new ClientError('not_found');
    return room;
  }

  private change(id: RoomId, change: Partial<Room>): void {
    const rooms = new Map(this.state.rooms);
    rooms.set(id, { ...this.room(id), ...change });
    const order = [...rooms.values()]
      .sort((a, b) => (b.last?.time ?? 0) - (a.last?.time ?? 0))
      .map((r) => r.room);
    this.update({ rooms, order });
  }

  private system(id: RoomId, event: SystemEvent): void {
    const timeline = this.timeline(id);
    this.count += 1;
    const time = Date.now();
    timeline.append({
      type: 'system',
      key: `s${this.count}`,
      position: this.count,
      time,
      account: this.id,
      event,
    });
    this.change(id, {
      last: { time, account: this.id, preview: null, event },
      epoch: this.room(id).epoch + 1,
    });
  }

  private make(id: RoomId, room: Partial<Room>): RoomId {
    const rooms = new Map(this.state.rooms);
    rooms.set(id, {
      ...quietRoom(id),
      ...room,
    });
    this.update({ rooms });
    this.system(id, { type: 'created' });
    return id;
  }

  private member(id: AccountId, role: Role = 'member') {
    const name = id === this.id ? this.name : (this.state.people.get(id)?.name ?? 'Somebody');
    return { account: id, name, role, devices: 1 };
  }

  async openDirect(chosen: Chosen): Promise<RoomId> {
    const peer = idOf(chosen);
    const known = [...this.state.rooms.values()].find((r) => r.peer === peer);
    if (known) return known.room;
    const person = this.member(peer, 'admin');
    return this.make(roomId(`d${person.name}`), {
      kind: 'direct',
      title: person.name,
      peer,
      members: [this.member(this.id, 'admin'), person],
    });
  }

  async acceptRequest(id: RoomId): Promise<void> {
    this.update(answered(this.state, id, true));
  }

  async declineRequest(id: RoomId, { block }: { header: string; block: boolean }): Promise<void> {
    const by = this.state.requests.find((request) => request.room === id)?.by;
    this.update(answered(this.state, id, false));
    if (block && by) await this.block(by);
  }

  async block(id: AccountId): Promise<void> {
    const blocked = new Map(this.state.blocked).set(id, this.member(id).name);
    this.update({ blocked, requests: this.state.requests.filter(({ by }) => by !== id) });
  }

  async unblock(id: AccountId): Promise<void> {
    const blocked = new Map(this.state.blocked);
    blocked.delete(id);
    this.update({ blocked });
  }

  async createGroup(group: { name: string; topic?: string; members: readonly Chosen[] }): Promise<RoomId> {
    await pause(400);
    this.count += 1;
    return this.make(roomId(`g${this.count}`), {
      title: group.name,
      topic: group.topic ?? '',
      members: [this.member(this.id, 'admin'), ...group.members.map((m) => this.member(idOf(m)))],
    });
  }

  async rename(id: RoomId, profile: { name: string; topic?: string }): Promise<void> {
    this.change(id, { title: profile.name, topic: profile.topic ?? '' });
    this.system(id, { type: 'renamed', title: profile.name });
  }

  async setPolicy(id: RoomId, policy: RoomPolicy): Promise<void> {
    this.change(id, { policy });
    this.system(id, { type: 'policy' });
  }

  async addMembers(id: RoomId, people: readonly Chosen[]): Promise<void> {
    const accounts = people.map(idOf);
    this.change(id, { members: [...this.room(id).members, ...accounts.map((a) => this.member(a))] });
    for (const added of accounts) this.system(id, { type: 'added', account: added });
    await this.rekeyWork(id);
  }

  async removeMember(id: RoomId, removed: AccountId): Promise<void> {
    this.change(id, { members: this.room(id).members.filter((m) => m.account !== removed) });
    this.system(id, { type: 'removed', account: removed });
    await this.revokeInvites(id);
  }

  async setRole(id: RoomId, changed: AccountId, role: Role): Promise<void> {
    this.change(id, {
      members: this.room(id).members.map((m) => (m.account === changed ? { ...m, role } : m)),
    });
    this.system(id, { type: 'role', account: changed, role });
  }

  async leave(id: RoomId): Promise<void> {
    this.change(id, {
      standing: 'left',
      members: this.room(id).members.filter((m) => m.account !== this.id),
    });
    this.system(id, { type: 'left', account: this.id });
  }

  async rekey(id: RoomId): Promise<void> {
    await this.rekeyWork(id);
    this.system(id, { type: 'rekeyed' });
  }

  private async rekeyWork(id: RoomId): Promise<void> {
    const total = this.room(id).members.length;
    for (let done = 0; done <= total; done += 1) {
      this.change(id, { work: { kind: 'rekey', done, total } });
      await pause(80);
    }
    this.change(id, { work: null });
  }

  async createInvite(id: RoomId, expires: number): Promise<string> {
    this.change(id, { invites: [...this.room(id).invites, expires] });
    this.system(id, { type: 'invites', opened: 1, ended: 0 });
    return 'Q29vbCB5b3UgcmVhZCB0aGlzIGRlbW8gc2VjcmV0IQ';
  }

  async revokeInvites(id: RoomId): Promise<void> {
    const ended = this.room(id).invites.length;
    this.change(id, { invites: [] });
    if (ended > 0) this.system(id, { type: 'invites', opened: 0, ended });
  }

  async previewInvite(fragment: string): Promise<InvitePreview> {
    await pause(200);
    if (fragment === 'expired') throw new ClientError('invite_expired');
    const members = ['Bob', 'Carol', 'Dave', 'Erin'].map((name) => ({ account: account(name), name }));
    return { room: roomId('invited'), name: 'Choir', current: true, members, header: new Uint8Array() };
  }

  async join(): Promise<RoomId> {
    await pause(400);
    return this.make(roomId('invited'), {
      title: 'Choir',
      members: [this.member(account('Bob'), 'admin'), this.member(this.id)],
      role: 'member',
    });
  }

  private async sendFiles(id: RoomId, { files, body = '', reply }: Parameters<Files['send']>[1]) {
    const items = files.map((file): FileItem => {
      this.count += 1;
      const none = {
        width: null,
        height: null,
        duration: null,
        thumbhash: null,
        thumbnail: null,
        waveform: null,
      };
      const { open: _bytes, ...told } = file;
      return { ...none, ...told, file: fileId(`s${this.count}`) };
    });
    for (const [index, item] of items.entries()) {
      const parts: Uint8Array<ArrayBuffer>[] = [];
      for await (const part of files[index]?.open() ?? []) parts.push(new Uint8Array(part));
      this.files.keep(item.file, new Blob(parts));
    }
    const text = { body, ...(reply === undefined ? {} : { reply }) };
    return this.send(id, text, items);
  }

  async send(
    id: RoomId,
    text: { body: string; reply?: number; mentions?: readonly AccountId[] },
    files: readonly FileItem[] = [],
  ): Promise<MessageId> {
    this.count += 1;
    const made = message(this.count);
    const time = Date.now();
    const item: MessageItem = {
      type: 'message',
      key: `own/${this.count}`,
      position: null,
      id: made,
      account: this.id,
      device: this.state.self.device,
      time,
      own: true,
      body: text.body,
      blocked: false,
      mentionsSelf: false,
      reply: this.quoted(id, text.reply),
      reactions: [],
      delivery: { state: 'waiting' },
      ...(files.length > 0 ? { kind: 'files', files, edited: null } : { kind: 'text', edited: null }),
    };
    this.timeline(id).append(item);
    const summary = files[0] ? { count: files.length, type: files[0].type, name: files[0].name } : null;
    this.change(id, {
      last: {
        time,
        account: this.id,
        preview: text.body,
        event: null,
        ...(summary ? { files: summary } : {}),
      },
    });
    void this.deliver(id, item);
    return made;
  }

  private quoted(id: RoomId, position: number | undefined): MessageItem['reply'] {
    const found = this.timeline(id).everything.find((i) => i.type === 'message' && i.position === position);
    return found?.type === 'message' && position !== undefined
      ? { position, account: found.account, body: found.body }
      : null;
  }

  private async deliver(id: RoomId, item: MessageItem): Promise<void> {
    const others = this.room(id).members.filter((m) => m.account !== this.id);
    const of = others.length;
    const position = this.count;
    await this.upload(item);
    await pause(200);
    this.edited(id, item.key, { position, delivery: { state: 'sent' } });
    if (of === 0) return;
    await pause(300);
    this.edited(id, item.key, { delivery: { state: 'delivered', to: of, of } });
    const [first] = others;
    if (this.quiet || !first) return;
    await pause(500);
    this.edited(id, item.key, { delivery: { state: 'read', by: [first.account], of } });
    this.change(id, { typing: [first.account] });
    await pause(900);
    this.change(id, { typing: [] });
    this.receive(id, first.account, ANSWERS[this.count % ANSWERS.length] ?? 'Yes');
  }

  private async upload(item: MessageItem): Promise<void> {
    await Promise.all(
      filesIn(item).map(
        ({ file, size }) =>
          new Promise<void>((done) => {
            const total = size + 100;
            const rate = Math.max(total / 3, 2_000_000);
            const transfer = {
              direction: 'up',
              state: 'running',
              done: 0,
              total,
              rate,
              failure: null,
            } as const;
            void this.files.run(file, transfer, done);
          }),
      ),
    );
  }

  /** A message from somebody else, as it would arrive. */
  receive(id: RoomId, from: AccountId, body: string): void {
    this.count += 1;
    const time = Date.now();
    const room = this.room(id);
    this.timeline(id).append({
      type: 'message',
      key: `other/${this.count}`,
      position: this.count,
      id: message(this.count),
      account: from,
      device: this.state.self.device,
      time,
      own: false,
      body,
      blocked: false,
      mentionsSelf: body.includes(`@${this.name}`),
      kind: 'text',
      edited: null,
      reply: null,
      reactions: [],
      delivery: null,
    });
    this.change(id, { last: { time, account: from, preview: body, event: null }, unread: room.unread + 1 });
    const mentionsSelf = body.includes(`@${this.name}`);
    const arrived: EngineEvent = {
      type: 'message',
      room: id,
      position: this.count,
      id: message(this.count),
      account: from,
      time,
      body,
      mentions: mentionsSelf ? [this.id] : [],
      mentionsSelf,
      muted: room.muted,
    };
    for (const listener of this.hearers) listener(arrived);
  }

  private edited(
    id: RoomId,
    itemKey: string,
    change: Partial<MessageFacts> &
      Partial<Pick<MessageItem, 'kind' | 'body' | 'reactions'>> & { edited?: number },
  ): void {
    this.timeline(id).replace(itemKey, (item) =>
      item.type === 'message' ? ({ ...item, ...change } as MessageItem) : item,
    );
  }

  private at(id: RoomId, position: number): MessageItem {
    const found = this.timeline(id).everything.find((i) => i.type === 'message' && i.position === position);
    if (found?.type !== 'message') throw new ClientError('not_found');
    return found;
  }

  async edit(id: RoomId, position: number, body: string): Promise<void> {
    this.edited(id, this.at(id, position).key, { body, edited: Date.now() });
  }

  async remove(id: RoomId, position: number): Promise<void> {
    this.edited(id, this.at(id, position).key, { kind: 'deleted', body: '', reactions: [] });
  }

  async react(id: RoomId, position: number, emoji: string, on: boolean): Promise<void> {
    const item = this.at(id, position);
    const others = item.reactions.filter((r) => r.emoji !== emoji);
    const accounts = (item.reactions.find((r) => r.emoji === emoji)?.accounts ?? []).filter(
      (a) => a !== this.id,
    );
    const now = on ? [...accounts, this.id] : accounts;
    this.edited(id, item.key, {
      reactions: now.length === 0 ? others : [...others, { emoji, accounts: now, own: on }],
    });
  }

  async retry(id: RoomId, failed: MessageId): Promise<void> {
    const item = this.timeline(id).everything.find((i) => i.type === 'message' && i.id === failed);
    if (item?.type !== 'message') return;
    this.edited(id, item.key, { delivery: { state: 'waiting' } });
    this.count += 1;
    void this.deliver(id, item);
  }

  async discard(id: RoomId, failed: MessageId): Promise<void> {
    const item = this.timeline(id).everything.find((i) => i.type === 'message' && i.id === failed);
    if (item) this.timeline(id).replace(item.key, () => null);
  }

  setTyping(): void {
    // Nobody is there to see it.
  }

  async markRead(id: RoomId): Promise<void> {
    if (this.room(id).unread > 0) this.change(id, { unread: 0, mentions: 0 });
  }

  async setDraft(id: RoomId, draft: Draft): Promise<void> {
    this.change(id, { draft });
  }

  async setMuted(id: RoomId, muted: boolean): Promise<void> {
    this.change(id, { muted });
  }

  async safetyNumber(id: AccountId): Promise<SafetyNumber | null> {
    const person = this.state.people.get(id);
    if (!person?.identity) return null;
    const known = numberOf(person.identity);
    if (person.trust !== 'changed') return { number: known, identity: person.identity, replaces: null };
    const identity = person.identity.map((byte) => byte ^ 255);
    return { number: numberOf(identity), identity, replaces: known };
  }

  async setVerified(id: AccountId, _identity: Uint8Array, verified: boolean): Promise<void> {
    this.trust(id, verified ? 'verified' : 'unverified');
  }

  async acceptIdentity(id: AccountId): Promise<void> {
    this.trust(id, 'unverified');
    const open = [...this.state.rooms.values()].find((r) => r.peer === id);
    if (open) this.system(open.room, { type: 'identity-accepted', account: id });
  }

  private trust(id: AccountId, trust: 'verified' | 'unverified'): void {
    const person = this.state.people.get(id);
    if (!person) return;
    this.update({ people: new Map(this.state.people).set(id, { ...person, trust }) });
    const open = [...this.state.rooms.values()].find((r) => r.peer === id);
    if (open) this.change(open.room, { security: { state: trust } });
  }

  async dismissNotice(id: string): Promise<void> {
    this.update({ notices: this.state.notices.filter((n) => n.id !== id) });
  }

  async search(query: string, limit = 50): Promise<readonly SearchHit[]> {
    const words = query.toLowerCase().split(/\s+/);
    const hits: SearchHit[] = [];
    for (const [id, timeline] of this.timelines) {
      for (const item of timeline.everything) {
        if (item.type !== 'message' || item.position === null) continue;
        const body = item.body.toLowerCase();
        if (words.every((w) => body.includes(w))) {
          hits.push({
            room: id,
            position: item.position,
            account: item.account,
            time: item.time,
            body: item.body,
          });
        }
      }
    }
    return hits.sort((a, b) => b.time - a.time).slice(0, limit);
  }

  reconnect(): void {
    this.update({ connection: { status: 'connecting' } });
    setTimeout(() => this.update({ connection: { status: 'online', skew: 0 } }), 1_500);
  }

  async close(): Promise<void> {
    this.hearers.clear();
  }
}

const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

const numberOf = (identity: Uint8Array): string =>
  [...identity.slice(0, 12)].map((byte) => String(10_000 + byte * 331).slice(0, 5)).join(' ');
