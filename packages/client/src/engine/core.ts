import { VerificationError } from '@sotto/crypto';
import type { AccountId, EpochRequest, FrameOf, RoomId, ServerFrame } from '@sotto/protocol';
import type { IncomingMessage } from '../api.ts';
import { ClientError } from '../error.ts';
import {
  type Clock,
  type Locks,
  type Platform,
  type Siblings,
  type Storage,
  StorageError,
} from '../seams/index.ts';
import type { Alarm, Connection, EngineState, Notice, Room, RoomWork } from '../state.ts';
import { type DeviceKeys, ExchangeKeys, loadKeys } from './account/keys.ts';
import { rotateExchangeKey } from './account/rotation.ts';
import { SignedCalls } from './calls.ts';
import { ServerConnection } from './connection.ts';
import { Emitter } from './emitter.ts';
import { Directory } from './people/directory.ts';
import { countUnread } from './rooms/apply.ts';
import { alarmFrom, type RoomContext } from './rooms/context.ts';
import { Epochs } from './rooms/epochs.ts';
import { Marks } from './rooms/marks.ts';
import { fetchOlder } from './rooms/older.ts';
import { Outbox } from './rooms/outbox.ts';
import { RoomRows } from './rooms/room-rows.ts';
import { EpochSecrets } from './rooms/secrets.ts';
import { RoomSync } from './rooms/sync.ts';
import { unlockEpoch } from './rooms/unlock.ts';
import type { EntryRow, RoomRow } from './rows.ts';
import { RoomTimeline } from './timeline/timeline.ts';
import { orderOf, roomView } from './view.ts';

/** How long to wait for a wrap that is on its way before asking the others (R6). */
const WRAP_GRACE = 1_500;
const NOTICES = 50;

/** One account's parts, wired together; reacts to frames and publishes state. Commands stand in `engine.ts`. */
export class EngineCore {
  readonly keys: DeviceKeys;
  readonly storage: Storage;
  readonly calls: SignedCalls;
  readonly directory: Directory;
  readonly rows: RoomRows;
  readonly secrets: EpochSecrets;
  readonly sync: RoomSync;
  readonly epochs: Epochs;
  readonly outbox: Outbox;
  readonly marks: Marks;
  readonly connection: ServerConnection;
  readonly context: RoomContext;
  readonly changed = new Emitter<void>();
  readonly incoming = new Emitter<IncomingMessage>();
  readonly clock: Clock;
  readonly #locks: Locks;
  readonly #siblings: Siblings;
  readonly #exchange: ExchangeKeys;
  readonly #keeping: 'opaque' | 'bytes';
  readonly #timelines = new Map<RoomId, RoomTimeline>();
  readonly #work = new Map<RoomId, RoomWork>();
  readonly #views = new Map<RoomId, Room>();
  readonly #renewing = new Set<RoomId>();
  #notices: readonly Notice[] = [];
  #status: Connection = { status: 'connecting' };
  #state: EngineState;
  #scheduled = false;
  #loaded = false;
  #closed = false;
  #frames: Promise<void> = Promise.resolve();

  private constructor(platform: Platform, storage: Storage, keys: DeviceKeys) {
    const { account, device } = keys.self;
    const { clock, transport } = platform;
    this.keys = keys;
    this.storage = storage;
    this.clock = clock;
    this.#keeping = platform.host.keepsKeysOpaque ? 'opaque' : 'bytes';
    this.#locks = platform.locks(account);
    this.#siblings = platform.siblings(account);
    this.#exchange = new ExchangeKeys(storage);
    const proof = { account, device, signing: keys.signing };
    this.calls = new SignedCalls(transport, clock, proof);
    this.directory = new Directory(
      { storage, self: keys.self },
      { calls: this.calls, clock },
      {
        onChange: () => this.#allRoomsChanged(),
        onProblem: ({ account: whose, error }) => this.notify(alarmFrom(error, clock.now(), whose), null),
      },
    );
    this.rows = new RoomRows(storage, (room) => this.#roomChanged(room));
    this.context = {
      keys,
      storage,
      clock,
      exchange: this.#exchange,
      calls: this.calls,
      locks: this.#locks,
      siblings: this.#siblings,
      directory: this.directory,
      connection: () => this.connection,
      background: (work) => this.background(work),
      notify: (alarm, room) => this.notify(alarm, room),
    };
    this.secrets = new EpochSecrets(this.context, this.rows, (room, epoch) => this.#unlocked(room, epoch));
    this.sync = new RoomSync(this.context, this.rows, this.secrets, {
      onEntries: (row, entries, live) => this.#stored(row, entries, live),
      onHeader: (row, header, readable) => this.#entered(row, header.header.epoch, readable),
      onWork: (room, work) => this.setWork(room, work),
    });
    const { rows, secrets, sync } = this;
    this.epochs = new Epochs(this.context, {
      rows,
      secrets,
      sync,
      onWork: (room, work) => this.setWork(room, work),
    });
    const { epochs } = this;
    this.outbox = new Outbox(this.context, {
      rows,
      secrets,
      sync,
      epochs,
      onChange: (room) => this.#roomChanged(room),
    });
    this.marks = new Marks(this.context, {
      rows,
      secrets,
      sync,
      onTyping: (room) => this.#roomChanged(room),
      onOwnRead: (room, position) => this.background(this.readTo(room, position)),
    });
    this.connection = new ServerConnection(transport, clock, proof, {
      onStatus: (status) => this.#onStatus(status),
      onReady: (frame) => this.#enqueue(() => this.#ready(frame)),
      onFrame: (frame) => this.#onFrame(frame),
    });
    this.#siblings.onChange((change) => this.background(this.#sibling(change)));
    this.#state = this.#snapshot();
  }

  /** Reads the account from its store; works offline (E5). @throws ClientError 'not_here' */
  static async open(platform: Platform, storage: Storage): Promise<EngineCore> {
    const core = new EngineCore(platform, storage, await loadKeys(storage));
    await core.directory.load();
    await core.rows.load();
    await core.outbox.load();
    for (const row of core.rows.all()) {
      for (const member of row.state.header?.header.members ?? []) {
        await core.directory.lists.newest(member.account);
      }
    }
    core.#loaded = true;
    core.#allRoomsChanged();
    core.#publish();
    core.connection.start();
    return core;
  }

  get state(): EngineState {
    return this.#state;
  }

  timeline(room: RoomId): RoomTimeline {
    const known = this.#timelines.get(room);
    if (known) return known;
    const timeline = new RoomTimeline(room, {
      rows: this.rows,
      outbox: (of) => this.outbox.items(of),
      self: this.keys.self,
      fetchOlder: (of) => fetchOlder(this.context, this.rows, this.secrets, of),
      background: (work) => this.background(work),
    });
    this.#timelines.set(room, timeline);
    return timeline;
  }

  /** Everything up to `position` has been read, here or on another device of this account. */
  async readTo(room: RoomId, position: number): Promise<void> {
    const row = this.rows.peek(room);
    if (!row || position <= row.read) return;
    const upTo = Math.min(position, row.state.position);
    const rest = await this.rows.entries(room, { from: upTo + 1 });
    await this.rows.update(room, (old) =>
      upTo <= old.read ? old : { ...old, read: upTo, ...countUnread(rest, upTo, this.keys.self.account) },
    );
    this.#siblings.announce({ type: 'room', room });
    this.marks.schedule(room);
  }

  /** Lets work go on by itself. What fails for want of the server heals at the next connection. */
  background(work: Promise<unknown>): void {
    work.catch((error: unknown) => {
      if (this.#closed) return; // the store is closed under whatever was still going on
      if (error instanceof VerificationError) {
        this.notify(alarmFrom(error, this.clock.now(), null), null);
      } else if (error instanceof StorageError) {
        this.#note('storage', null, null, error.message);
      } else if (!(error instanceof ClientError)) {
        queueMicrotask(() => {
          throw error; // a bug of ours: it must surface
        });
      }
    });
  }

  async #settled(work: Promise<unknown>): Promise<void> {
    this.background(work);
    await work.catch(() => undefined); // told by `background`
  }

  notify(alarm: Alarm, room: RoomId | null): void {
    const detail = `${alarm.rule}: ${alarm.detail}`;
    const known = this.#notices.some((n) => n.kind === 'alarm' && n.room === room && n.detail === detail);
    if (!known) this.#note('alarm', room, alarm.account, detail);
  }

  dismiss(id: string): void {
    this.#notices = this.#notices.filter((notice) => notice.id !== id);
    this.#touch();
  }

  setWork(room: RoomId, work: RoomWork | null): void {
    if (work) this.#work.set(room, work);
    else if (!this.#work.delete(room)) return;
    this.#roomChanged(room);
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.connection.stop();
    this.outbox.lost();
    this.#siblings.close();
    await this.storage.close();
  }

  announce(change: Parameters<Siblings['announce']>[0]): void {
    this.#siblings.announce(change);
  }

  #note(kind: Notice['kind'], room: RoomId | null, account: AccountId | null, detail: string): void {
    const notice = { id: crypto.randomUUID(), kind, room, account, detail, at: this.clock.now() };
    this.#notices = [...this.#notices, notice].slice(-NOTICES);
    this.#touch();
  }

  #onStatus(status: Connection): void {
    this.#status = status;
    if (status.status === 'offline' || status.status === 'refused') {
      this.outbox.lost();
      this.directory.setOffline();
    }
    this.#touch();
  }

  /** Frames are worked through one after the other, each room's in order. */
  #enqueue(work: () => Promise<void>): void {
    this.#frames = this.#frames.then(work).catch((error: unknown) => this.background(Promise.reject(error)));
  }

  #onFrame(frame: ServerFrame): void {
    switch (frame.t) {
      case 'ack':
        this.outbox.answered(frame);
        return;
      case 'refused':
        this.outbox.refused(frame);
        return;
      case 'entries':
        this.#enqueue(() => this.sync.live(frame.room, frame.entries));
        return;
      case 'room':
        this.#enqueue(() => this.#meet(frame.room));
        return;
      case 'wrap':
        this.#enqueue(() => this.secrets.take(frame.wrap));
        return;
      case 'signal':
      case 'mark':
        this.#enqueue(() => this.marks.take(frame));
        return;
      case 'presence':
        this.#enqueue(() => this.directory.applyPresence(frame.people));
        return;
      case 'people':
        this.#enqueue(() => this.directory.met(frame.people));
        return;
      case 'list':
        this.#enqueue(() => this.#listMoved(frame.account));
        return;
      case 'request':
        this.#help(frame.request);
        return;
      default:
        return;
    }
  }

  async #ready(frame: FrameOf<'ready'>): Promise<void> {
    this.calls.learnTime(frame.time);
    this.directory.setOnline(frame.online);
    await this.#settled(this.directory.fetchKeys([this.keys.self.account]));
    for (const head of frame.rooms) await this.#settled(this.#meet(head)); // one room's trouble is its own
    await this.#settled(this.secrets.collect());
    for (const { room } of frame.rooms) {
      const missing = await this.secrets.missing(room);
      if (missing.length > 0) this.background(this.secrets.request(room, missing, true));
    }
    for (const request of frame.requests) this.#help(request);
    this.outbox.pumpAll();
    for (const row of this.rows.all()) {
      if (row.standing !== 'member') continue;
      this.#considerRenewal(row);
      this.marks.schedule(row.room);
      this.background(this.marks.refresh(row.room));
    }
    this.background(this.directory.refresh());
    this.background(
      rotateExchangeKey(
        { keys: this.keys, exchange: this.#exchange, keeping: this.#keeping },
        { calls: this.calls, clock: this.clock, locks: this.#locks },
      ),
    );
  }

  async #meet(head: FrameOf<'room'>['room']): Promise<void> {
    const known = this.rows.peek(head.room) !== undefined;
    await this.sync.meet(head);
    if (!known && head.until === null) this.background(this.marks.refresh(head.room));
  }

  /** E2: the effects of stored entries. */
  #stored(row: RoomRow, entries: readonly EntryRow[], live: boolean): void {
    const { room } = row;
    this.#timelines.get(room)?.append(entries);
    const { account, device } = this.keys.self;
    if (entries.some((entry) => entry.device === device)) this.background(this.outbox.reload(room));
    for (const entry of entries) {
      if (entry.account === account || entry.what.type !== 'message') continue;
      this.marks.stopTyping(room, entry.account);
      const { content } = entry.what;
      if (!live || content.kind !== 'text') continue;
      const mentionsSelf = content.mentions?.includes(account) ?? false;
      const { position } = entry;
      this.incoming.emit({
        room,
        position,
        account: entry.account,
        body: content.body,
        mentionsSelf,
        muted: row.muted,
      });
    }
    if (entries.some((entry) => entry.account !== account)) this.marks.schedule(room);
    this.#considerRenewal(row);
  }

  #entered(row: RoomRow, epoch: number, readable: boolean): void {
    const { room } = row;
    if (row.standing !== 'member') return;
    for (const member of row.state.header?.header.members ?? []) {
      this.background(this.directory.lists.newest(member.account).then(() => this.#roomChanged(room)));
    }
    if (readable) {
      this.background(this.secrets.followLinks(room, epoch));
      this.outbox.pump(room);
      return;
    }
    this.clock.after(WRAP_GRACE, () => this.background(this.#seek(room, epoch)));
  }

  /** R6: a wrap did not come with its header. */
  async #seek(room: RoomId, epoch: number): Promise<void> {
    if (this.#closed || (await this.secrets.get(room, epoch))) return;
    await this.secrets.collect();
    if (!(await this.secrets.get(room, epoch))) await this.secrets.request(room, [epoch]);
  }

  async #unlocked(room: RoomId, epoch: number): Promise<void> {
    await unlockEpoch(this.context, this.rows, this.secrets, { room, epoch });
    await this.#timelines.get(room)?.reload();
    this.outbox.pump(room);
  }

  /** R6: those online answer in turn, the account's own devices first. */
  #help(request: EpochRequest): void {
    const members = this.rows.peek(request.room)?.state.header?.header.members ?? [];
    const { account } = this.keys.self;
    const present = members.filter((m) => m.account === account || this.directory.isOnline(m.account));
    const rank = request.account === account ? 0 : present.findIndex((m) => m.account === account);
    if (rank < 0 || rank > 3) return;
    this.clock.after(rank * 700, () => this.background(this.secrets.answer(request)));
  }

  async #listMoved(account: AccountId): Promise<void> {
    await this.directory.fetchKeys([account]);
    for (const row of this.rows.all()) {
      if (row.state.header?.header.members.some((m) => m.account === account)) this.#considerRenewal(row);
    }
  }

  /** R4: whoever notices makes the next epoch; those further back in the room wait longer. */
  #considerRenewal(row: RoomRow): void {
    const { room } = row;
    if (!this.epochs.due(row) || this.#renewing.has(room)) return;
    this.#renewing.add(room);
    const members = row.state.header?.header.members ?? [];
    const { account } = this.keys.self;
    const present = members.filter((m) => m.account === account || this.directory.isOnline(m.account));
    const rank = Math.max(
      0,
      present.findIndex((m) => m.account === account),
    );
    const delay = rank * 600 + Math.random() * 200;
    this.clock.after(delay, () => {
      this.#renewing.delete(room);
      if (!this.#closed && this.connection.online) this.background(this.epochs.renew(room));
    });
  }

  async #sibling(change: Parameters<Parameters<Siblings['onChange']>[0]>[0]): Promise<void> {
    switch (change.type) {
      case 'room': {
        const room = change.room as RoomId;
        await this.rows.reload(room);
        this.directory.lists.forget();
        await this.#timelines.get(room)?.reload();
        return;
      }
      case 'outbox':
        await this.outbox.reload(change.room as RoomId);
        return;
      case 'people':
        await this.directory.load();
        this.directory.lists.forget();
        return;
      case 'erased':
        await this.close();
        this.#status = { status: 'refused', reason: 'This account was signed out in another tab.' };
        this.#touch();
    }
  }

  #roomChanged(room: RoomId): void {
    this.#views.delete(room);
    this.#timelines.get(room)?.refresh();
    this.#touch();
  }

  #allRoomsChanged(): void {
    this.#views.clear();
    this.#touch();
  }

  /** One new snapshot for all changes of a turn. */
  #touch(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    queueMicrotask(() => {
      this.#scheduled = false;
      this.#publish();
    });
  }

  #publish(): void {
    this.#state = this.#snapshot();
    this.changed.emit();
  }

  #snapshot(): EngineState {
    const rows = this.rows.all();
    for (const row of rows) {
      if (this.#views.has(row.room)) continue;
      const facts = {
        self: this.keys.self.account,
        directory: this.directory,
        typing: this.marks.typing(row.room),
        work: this.#work.get(row.room) ?? null,
      };
      this.#views.set(row.room, roomView(row, facts));
    }
    return {
      connection: this.#status,
      self: this.keys.self,
      people: this.directory.view(),
      rooms: new Map(this.#views),
      order: orderOf(rows),
      notices: this.#notices,
      loaded: this.#loaded,
    };
  }
}
