import { VerificationError } from '@sotto/crypto';
import type { DeviceId, FrameOf, RoomId } from '@sotto/protocol';
import type { IncomingMessage } from '../api.ts';
import { ClientError } from '../error.ts';
import {
  type Clock,
  type Locks,
  type Platform,
  type SiblingChange,
  type Siblings,
  type Storage,
  StorageError,
} from '../seams/index.ts';
import type { Alarm, Connection, EngineState, RoomWork, Self } from '../state.ts';
import { type DeviceKeys, ExchangeKeys, type KeyKeeping, loadKeys } from './account/keys.ts';
import { provesRemoval } from './account/removal.ts';
import { rotateExchangeKey } from './account/rotation.ts';
import { AccountUpkeep } from './account/upkeep.ts';
import { SignedCalls } from './calls.ts';
import { ServerConnection } from './connection.ts';
import { Emitter } from './emitter.ts';
import { AccountFiles } from './files/account-files.ts';
import { Inbox } from './inbox.ts';
import { LazyWrites } from './lazy-writes.ts';
import { Notices } from './notices.ts';
import type { EngineParts } from './parts.ts';
import { Directory } from './people/directory.ts';
import { PublishedState } from './published.ts';
import { countUnread } from './rooms/apply.ts';
import { Archive } from './rooms/archive.ts';
import { alarmFrom, type RoomContext } from './rooms/context.ts';
import { Duties } from './rooms/duties.ts';
import { RoomEffects } from './rooms/effects.ts';
import { Epochs } from './rooms/epochs.ts';
import { Marks } from './rooms/marks.ts';
import { fetchOlder } from './rooms/older.ts';
import { Outbox } from './rooms/outbox.ts';
import { RoomRows } from './rooms/room-rows.ts';
import { EpochSecrets } from './rooms/secrets.ts';
import { RoomSync } from './rooms/sync.ts';
import type { SelfRow } from './rows.ts';
import { RoomTimeline } from './timeline/timeline.ts';

/** How long closing waits for the server. */
const PATIENCE = 2_000;

/** One account's parts, wired together. Commands stand in `engine.ts`, reactions in `inbox.ts` and `rooms/effects.ts`. */
export class EngineCore implements EngineParts {
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
  readonly duties: Duties;
  readonly archive: Archive;
  readonly upkeep: AccountUpkeep;
  readonly connection: ServerConnection;
  readonly files: AccountFiles;
  readonly context: RoomContext;
  readonly incoming = new Emitter<IncomingMessage>();
  readonly clock: Clock;
  readonly #locks: Locks;
  readonly #siblings: Siblings;
  readonly #exchange: ExchangeKeys;
  readonly #keeping: KeyKeeping;
  readonly #notices: Notices;
  readonly #published: PublishedState;
  readonly #timelines = new Map<RoomId, RoomTimeline>();
  readonly #erase: () => Promise<void>;
  #self: SelfRow;
  #closed = false;

  private constructor(platform: Platform, storage: Storage, keys: DeviceKeys) {
    const { account, device } = keys.self;
    const { clock, transport } = platform;
    this.keys = keys;
    this.#self = keys.self;
    this.#erase = () => platform.host.erase(account);
    this.storage = storage;
    this.clock = clock;
    this.#keeping = platform.host.keepsKeysOpaque ? 'opaque' : 'bytes';
    this.#locks = platform.locks(account);
    this.#siblings = platform.siblings(account);
    this.#exchange = new ExchangeKeys(storage);
    this.#notices = new Notices(clock, () => this.#published.touch());
    const proof = { account, device, signing: keys.signing };
    this.calls = new SignedCalls(transport, clock, proof);
    const lazy = new LazyWrites(storage, clock, (work) => this.background(work));
    this.directory = new Directory(
      { storage, lazy, self: keys.self },
      { calls: this.calls, clock },
      {
        onChange: () => this.#published.allRoomsChanged(),
        onProblem: ({ account: whose, error }) => {
          const alarm = alarmFrom(error, clock.now(), whose);
          this.notify(alarm, null);
          if (error.code === 'identity_changed') this.background(this.#recordIdentity(alarm));
        },
        onContact: () => this.upkeep.schedule(),
      },
    );
    this.rows = new RoomRows(storage, lazy, (room) => this.roomChanged(room));
    this.context = this.#makeContext();
    const effects = new RoomEffects(this);
    this.secrets = new EpochSecrets(this.context, this.rows, {
      onUnlocked: (room, epoch) => effects.unlocked(room, epoch),
      onStored: () => this.archive.schedule(),
    });
    this.archive = new Archive(this.context, this.rows, this.secrets);
    this.upkeep = new AccountUpkeep(this.context, platform.device, () => this.#published.touch());
    this.sync = new RoomSync(this.context, this.rows, this.secrets, {
      onEntries: (row, entries, live) => effects.stored(row, entries, live),
      onHeader: (row, header, readable) => effects.entered(row, header.header.epoch, readable),
      onWork: (room, work) => this.setWork(room, work),
      onBegun: (room) => this.archive.begun(room),
      onHealed: (room) => {
        this.background(this.openTimeline(room)?.reload() ?? Promise.resolve());
        this.outbox.pump(room);
      },
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
      onChange: (room) => {
        this.roomChanged(room);
        this.files.outboxChanged();
      },
      onDiscard: () => this.files.discarded(),
    });
    this.files = new AccountFiles(this.context, {
      rooms: rows,
      outbox: this.outbox,
      sealed: platform.host.files(account),
      transport: platform.fileTransport,
      keep: platform.keepFiles,
    });
    this.marks = new Marks(this.context, {
      rows,
      secrets,
      sync,
      onTyping: (room) => this.roomChanged(room),
      onOwnRead: (room, position) => this.background(this.readTo(room, position)),
    });
    this.duties = new Duties(this);
    const inbox = new Inbox(this, {
      onConnected: () => this.#connected(),
      onCaughtUp: () => {
        effects.caughtUp(this.calls.serverTime());
        this.#published.setCaughtUp();
      },
    });
    this.connection = new ServerConnection(transport, clock, proof, {
      onStatus: (status) => this.#onStatus(status),
      onReady: (frame) => inbox.ready(frame),
      onFrame: (frame) => inbox.take(frame),
      onBye: (frame) => this.background(this.#farewell(frame)),
    });
    const { directory, marks } = this;
    const notices = () => this.#notices.list;
    const self = () => this.#selfView();
    this.#published = new PublishedState({ self, rows, directory, marks, notices });
    this.#siblings.onChange((change) => this.background(this.#sibling(change)));
  }

  /** Reads the account from its store; works offline (E5). @throws ClientError 'not_here' */
  static async open(platform: Platform, storage: Storage): Promise<EngineCore> {
    const core = new EngineCore(platform, storage, await loadKeys(storage));
    await core.directory.load();
    await core.rows.load();
    await core.outbox.load();
    await core.archive.load();
    await core.upkeep.keeper.load();
    await core.files.load();
    for (const row of core.rows.all()) {
      for (const member of row.state.header?.header.members ?? []) {
        await core.directory.lists.newest(member.account);
      }
    }
    core.#published.setLoaded();
    core.connection.start();
    return core;
  }

  get state(): EngineState {
    return this.#published.state;
  }

  get changed(): Emitter<void> {
    return this.#published.changed;
  }

  get closed(): boolean {
    return this.#closed;
  }

  timeline(room: RoomId): RoomTimeline {
    const known = this.#timelines.get(room);
    if (known) return known;
    const timeline = new RoomTimeline(room, {
      rows: this.rows,
      outbox: (of) => this.outbox.items(of),
      self: this.keys.self,
      fetchOlder: (of) => this.fetchOlder(of),
      background: (work) => this.background(work),
    });
    this.#timelines.set(room, timeline);
    return timeline;
  }

  /** Fetches a page older than everything stored. @returns false where there is none */
  fetchOlder(room: RoomId): Promise<boolean> {
    return fetchOlder(this.context, this.rows, this.secrets, room);
  }

  openTimeline(room: RoomId): RoomTimeline | undefined {
    return this.#timelines.get(room);
  }

  /** Everything up to `position` has been read, here or on another device of this account. */
  async readTo(room: RoomId, position: number): Promise<void> {
    const row = this.rows.peek(room);
    if (!row || position <= row.read) return;
    const upTo = Math.min(position, row.state.position);
    // Read and counted in one transaction: what arrives in between would not be counted.
    await this.rows.updateAfter(room, upTo, (old, rest) =>
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
        this.#notices.storage(error.message);
      } else if (!(error instanceof ClientError)) {
        queueMicrotask(() => {
          throw error; // a bug of ours: it must surface
        });
      }
    });
  }

  notify(alarm: Alarm, room: RoomId | null): void {
    this.#notices.alarm(alarm, room);
  }

  /** K4, attack 3: a line in every conversation with this person. */
  async #recordIdentity(alarm: Alarm): Promise<void> {
    for (const { room, state } of this.rows.all()) {
      if (!state.header?.header.members.some((member) => member.account === alarm.account)) continue;
      await this.rows.update(room, (old) => {
        const line = { after: old.state.position, time: alarm.at, event: { type: 'alarm', alarm } as const };
        return { ...old, lines: [...old.lines, line] };
      });
    }
  }

  notifyDevice(device: DeviceId): void {
    this.#notices.newDevice(device);
  }

  dismiss(id: string): void {
    this.#notices.dismiss(id);
  }

  setWork(room: RoomId, work: RoomWork | null): void {
    if (this.#published.setWork(room, work)) this.roomChanged(room);
  }

  roomChanged(room: RoomId): void {
    this.#published.roomChanged(room);
    this.#timelines.get(room)?.refresh();
  }

  async close(): Promise<void> {
    if (!this.#closed && this.connection.online) await this.#finish();
    this.#closed = true;
    this.connection.stop();
    this.outbox.lost();
    await this.files.close();
    this.#siblings.close();
    await this.storage.close();
  }

  /** What waits to follow the account to its other devices goes out first, within reason. */
  async #finish(): Promise<void> {
    const pending = Promise.all([this.upkeep.flush(), this.archive.flush()]);
    this.background(pending);
    let cancel: () => void = () => undefined;
    const patience = new Promise<void>((resolve) => {
      cancel = this.clock.after(PATIENCE, resolve);
    });
    await Promise.race([pending.catch(() => undefined), patience]); // told by `background`; tried again next time
    cancel();
  }

  announce(change: SiblingChange): void {
    this.#siblings.announce(change);
  }

  /** A guest became an account, or a vault opened here: what rests on this device changed. */
  async becameAccount(self: SelfRow): Promise<void> {
    this.#self = self;
    await this.archive.load();
    this.archive.schedule();
    this.#published.touch();
  }

  /** The account signed this device off: what rested here goes (attack 34). */
  async #farewell(bye: FrameOf<'bye'>): Promise<void> {
    if (!(await provesRemoval(bye, this.#self, this.directory.lists))) return;
    this.announce({ type: 'erased' });
    await this.close();
    this.rows.clear();
    await this.#erase();
    this.#published.setConnection({ status: 'refused', reason: 'This device was removed from the account.' });
    this.#published.allRoomsChanged();
  }

  #selfView(): Self {
    const { standing, content } = this.upkeep.keeper;
    return { ...this.#self, vault: standing, recoverable: (content?.phraseKey ?? null) !== null };
  }

  /** Upkeep of the device and the account, once per connection. */
  async #connected(): Promise<void> {
    await this.upkeep.connected();
    await this.archive.store();
    await this.#rotate();
  }

  #makeContext(): RoomContext {
    return {
      keys: this.keys,
      storage: this.storage,
      clock: this.clock,
      exchange: this.#exchange,
      calls: this.calls,
      locks: this.#locks,
      siblings: this.#siblings,
      directory: this.directory,
      connection: () => this.connection,
      background: (work) => this.background(work),
      notify: (alarm, room) => this.notify(alarm, room),
    };
  }

  #rotate(): Promise<void> {
    return rotateExchangeKey(
      { keys: this.keys, exchange: this.#exchange, keeping: this.#keeping },
      { calls: this.calls, clock: this.clock, locks: this.#locks },
    );
  }

  #onStatus(status: Connection): void {
    if (status.status === 'offline' || status.status === 'refused') {
      this.outbox.lost();
      this.directory.setOffline();
    }
    if (status.status === 'online') this.files.online();
    this.#published.setConnection(status);
  }

  async #sibling(change: SiblingChange): Promise<void> {
    switch (change.type) {
      case 'room': {
        const room = change.room as RoomId;
        await this.rows.reload(room);
        await this.#timelines.get(room)?.reload();
        return;
      }
      case 'outbox':
        await this.outbox.reload(change.room as RoomId);
        this.outbox.pump(change.room as RoomId); // the tab that wrote it may be gone or offline
        return;
      case 'people':
        await this.directory.load();
        this.directory.lists.forget();
        return;
      case 'files':
        await this.files.siblingChanged();
        return;
      case 'erased':
        await this.close();
        this.#published.setConnection({
          status: 'refused',
          reason: 'This account was signed out in another tab.',
        });
    }
  }
}
