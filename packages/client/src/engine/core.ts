import { digestsHere } from '@sotto/crypto';
import type { AccountId, FrameOf, RoomId } from '@sotto/protocol';
import type { IncomingMessage } from '../api.ts';
import type { Clock, Platform, Storage, TabChange, Tabs } from '../seams/index.ts';
import type { Alarm, Connection, EngineState, RoomWork, Self } from '../state.ts';
import type { ShownDevice } from './account/devices.ts';
import { takeFarewell } from './account/farewell.ts';
import { flushAccount } from './account/flush.ts';
import { keyFormOf } from './account/key-form.ts';
import { type DeviceKeys, ExchangeKeys, loadKeys } from './account/keys.ts';
import { KeyRotation } from './account/rotation.ts';
import { AccountUpkeep } from './account/upkeep.ts';
import { inBackground } from './background.ts';
import { SignedCalls } from './calls.ts';
import { ServerConnection } from './connection.ts';
import { signOutOfDeclined } from './consent/answers.ts';
import { Consent } from './consent/consent.ts';
import { recountUnread } from './consent/recount.ts';
import { Emitter } from './emitter.ts';
import { AccountFiles } from './files/account-files.ts';
import { Inbox } from './inbox.ts';
import { LazyWrites } from './lazy-writes.ts';
import { loadParts } from './load-parts.ts';
import { Notices } from './notices.ts';
import type { EngineParts } from './parts.ts';
import { Directory } from './people/directory.ts';
import { tellProblem } from './people/identity-lines.ts';
import { PublishedState } from './published.ts';
import type { RoomContext } from './rooms/context.ts';
import { Archive } from './rooms/keys/archive.ts';
import { Helping } from './rooms/keys/helping.ts';
import { EpochSecrets } from './rooms/keys/secrets.ts';
import { RoomEffects } from './rooms/log/effects.ts';
import { fetchOlder } from './rooms/log/older.ts';
import { readTo } from './rooms/log/read.ts';
import { RoomSync } from './rooms/log/sync.ts';
import { Duties } from './rooms/membership/duties.ts';
import { Epochs } from './rooms/membership/epochs.ts';
import { Receipts } from './rooms/receipts/receipts.ts';
import { RoomRows } from './rooms/room-rows.ts';
import { Outbox } from './rooms/sending/outbox.ts';
import type { SelfRow } from './rows.ts';
import { takeTabChange } from './tab-changes.ts';
import type { RoomTimeline } from './timeline/timeline.ts';
import { Timelines } from './timeline/timelines.ts';

/** One account's parts, wired together. Commands stand in `engine.ts`, reactions in `inbox.ts` and `rooms/effects.ts`. */
export class EngineCore implements EngineParts {
  readonly keys: DeviceKeys;
  readonly storage: Storage;
  readonly calls: SignedCalls;
  readonly directory: Directory;
  readonly consent: Consent;
  readonly rows: RoomRows;
  readonly secrets: EpochSecrets;
  readonly sync: RoomSync;
  readonly epochs: Epochs;
  readonly outbox: Outbox;
  readonly receipts: Receipts;
  readonly duties: Duties;
  readonly helping: Helping;
  readonly archive: Archive;
  readonly upkeep: AccountUpkeep;
  readonly connection: ServerConnection;
  readonly files: AccountFiles;
  readonly context: RoomContext;
  readonly incoming = new Emitter<IncomingMessage>();
  readonly clock: Clock;
  readonly #tabs: Tabs;
  readonly #platform: Platform;
  readonly #notices: Notices;
  readonly #rotation: KeyRotation;
  readonly #published: PublishedState;
  readonly #timelines: Timelines;
  #self: SelfRow;
  #closed = false;

  private constructor(platform: Platform, storage: Storage, keys: DeviceKeys) {
    const { account, device } = keys.self;
    const { clock, transport } = platform;
    this.keys = keys;
    this.#self = keys.self;
    this.storage = storage;
    this.clock = clock;
    this.#platform = platform;
    this.#tabs = platform.tabs(account);
    this.#notices = new Notices(clock, () => this.#published.touch());
    const proof = { account, device, signing: keys.signing };
    this.calls = new SignedCalls(transport, clock, proof);
    const lazy = new LazyWrites(storage, clock, (work) => this.background(work));
    this.directory = new Directory(
      { storage, lazy, self: keys.self },
      { calls: this.calls, clock },
      {
        onChange: () => {
          this.consent.companyChanged();
          this.#published.allRoomsChanged();
        },
        onProblem: (problem) => tellProblem(this, problem),
        onOwnName: (name) => this.#renamed(name),
        onContact: () => this.upkeep.schedule(),
      },
    );
    this.rows = new RoomRows(storage, lazy, {
      onChange: (room) => this.roomChanged(room),
      onReceipts: (room) => this.#timelines.peek(room)?.marked(),
    });
    const { directory } = this;
    this.consent = new Consent({
      storage,
      calls: this.calls,
      self: account,
      rooms: this.rows,
      trustOf: (of) => directory.trustOf(of),
      background: (work) => this.background(work),
      onChange: (blocked) => this.#consentChanged(blocked),
      onDecided: () => this.#decided(),
    });
    this.context = {
      keys,
      storage,
      clock,
      exchange: new ExchangeKeys(storage),
      calls: this.calls,
      locks: platform.locks(account),
      tabs: this.#tabs,
      directory,
      consent: this.consent,
      connection: () => this.connection,
      background: (work) => this.background(work),
      notify: (alarm, room) => this.notify(alarm, room),
    };
    this.#rotation = new KeyRotation(this.context, keyFormOf(platform));
    const effects = new RoomEffects(this);
    this.secrets = new EpochSecrets(this.context, this.rows, {
      onUnlocked: (header) => effects.unlocked(header),
      onStored: () => this.archive.schedule(),
      onContradiction: (room, error) => this.sync.raise(room, error),
    });
    this.archive = new Archive(this.context, this.rows, this.secrets);
    this.upkeep = new AccountUpkeep(this.context, platform.device, () => this.#published.touch());
    this.sync = new RoomSync(this.context, this.rows, this.secrets, {
      onEntries: (row, entries, live) => effects.stored(row, entries, live),
      onHeader: (row, header, readable) => effects.entered(row, header, readable),
      onWork: (room, work) => this.setWork(room, work),
      onBegun: (room) => {
        this.upkeep.schedule();
        return this.archive.begun(room);
      },
      onHealed: (room) => effects.healed(room),
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
      keep: platform.fileCache,
      digests: platform.digests ?? digestsHere,
    });
    this.receipts = new Receipts(this.context, {
      rows,
      secrets,
      sync,
      onTyping: (room) => this.#published.roomChanged(room),
      onOwnRead: (room, position) => this.background(this.readTo(room, position)),
    });
    this.duties = new Duties(this);
    this.helping = new Helping(this);
    const inbox = new Inbox(this, {
      onConnected: () => this.#connected(),
      onCaughtUp: () => {
        effects.caughtUp(this.calls.serverTime());
        this.#published.setCaughtUp();
        this.background(signOutOfDeclined(this));
      },
      onRequestsRead: () => this.#published.setRequestsRead(),
    });
    this.connection = new ServerConnection(transport, clock, proof, {
      onStatus: (status) => this.#onStatus(status),
      onReady: (frame) => inbox.ready(frame),
      onFrame: (frame) => inbox.take(frame),
      onBye: (frame) => this.background(this.#farewell(frame)),
    });
    this.#timelines = new Timelines(this);
    const views = { self: () => this.#selfView(), notices: () => this.#notices.list };
    this.#published = new PublishedState({
      ...views,
      rows,
      directory,
      consent: this.consent,
      receipts: this.receipts,
    });
    this.#tabs.onChange((change) => this.background(takeTabChange(this, change)));
  }

  /** Reads the account from its store; works offline (E5). @throws ClientError 'not_here' */
  static async open(platform: Platform, storage: Storage): Promise<EngineCore> {
    const core = new EngineCore(platform, storage, await loadKeys(storage));
    await loadParts(core);
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
    return this.#timelines.open(room);
  }

  /** Fetches a page older than everything stored. @returns false where there is none */
  fetchOlder(room: RoomId): Promise<boolean> {
    return fetchOlder(this.context, this.rows, this.secrets, room);
  }

  openTimeline(room: RoomId): RoomTimeline | undefined {
    return this.#timelines.peek(room);
  }

  /** Everything up to `position` has been read, here or on another device of this account. */
  readTo(room: RoomId, position: number): Promise<void> {
    return readTo(this, room, position);
  }

  background(work: Promise<unknown>): void {
    inBackground(work, { clock: this.clock, notices: this.#notices, closed: () => this.#closed });
  }

  notify(alarm: Alarm, room: RoomId | null): void {
    // Attack 48: what is wrong in a room that was not accepted stands in the room, for who looks at it.
    if (room && this.consent.isApart(room)) return;
    this.#notices.alarm(alarm, room && this.rows.peek(room) ? room : null);
  }

  notifyDevice(device: ShownDevice): void {
    this.#notices.newDevice(device);
  }

  dismiss(id: string): void {
    this.#notices.dismiss(id);
  }

  setWork(room: RoomId, work: RoomWork | null): void {
    if (this.#published.setWork(room, work)) this.roomChanged(room);
  }

  roomChanged(room: RoomId): void {
    this.consent.companyChanged();
    this.#published.roomChanged(room);
    this.#timelines.peek(room)?.refresh();
  }

  async close(): Promise<void> {
    if (!this.#closed && this.connection.online) await flushAccount(this);
    this.#closed = true;
    this.connection.stop();
    for (const part of [this.#rotation, this.upkeep, this.archive, this.receipts]) part.stop();
    this.outbox.lost();
    await this.files.close();
    this.#tabs.close();
    await this.storage.close();
  }

  announce(change: TabChange): void {
    this.#tabs.announce(change);
  }

  /** A guest became an account, or a vault opened here: what rests on this device changed. */
  async becameAccount(self: SelfRow): Promise<void> {
    this.#self = self;
    await this.archive.load();
    // M5: a device that signs in right away finds all keys. The password counts in any case: what fails is stored at the next connection.
    await this.archive.store().catch((error: unknown) => this.background(Promise.reject(error)));
    this.#published.touch();
  }

  /** K3: what the account's own newest list says; here, or on another of its devices, the user chose it. */
  async #renamed(name: string): Promise<void> {
    if (name === this.#self.name) return;
    this.#self = { ...this.#self, name };
    const { account, kind, identity } = this.#self;
    await this.storage.transaction(['meta'], 'write', (tx) => tx.put('meta', ['self'], this.#self));
    await this.#platform.host.saveProfile({ account, name, kind, identity, lastUsed: this.clock.now() });
    this.#published.allRoomsChanged();
  }

  /** Another tab erased the account. */
  async onErased(): Promise<void> {
    await this.close();
    this.#published.setConnection({ status: 'refused', code: 'signed_out' });
  }

  /** The account signed this device off: what rested here goes (attack 34). */
  async #farewell(bye: FrameOf<'bye'>): Promise<void> {
    const self = this.#self;
    const erase = () => this.#platform.host.erase(self.account);
    if (!(await takeFarewell(this, { bye, self, erase }))) return;
    this.#published.setConnection({ status: 'refused', code: 'removed' });
    this.#published.allRoomsChanged();
  }

  /** Another tab, or the vault, or the person decided something: everything is seen in that light. */
  #consentChanged(blocked: readonly AccountId[]): void {
    for (const { room } of this.rows.all()) this.roomChanged(room);
    this.#published.touch(); // also where there is no room yet
    this.duties.consented();
    this.background(this.sync.resume());
    if (blocked.length > 0) this.background(recountUnread(this, blocked));
  }

  #decided(): void {
    this.announce({ type: 'people' });
    this.upkeep.schedule();
    this.archive.schedule();
  }

  #selfView(): Self {
    const { standing, content } = this.upkeep.keeper;
    return { ...this.#self, vault: standing, recoverable: (content?.phraseKey ?? null) !== null };
  }

  /** Upkeep of the device and the account, once per connection. */
  async #connected(): Promise<void> {
    // One after the other, and none for want of another.
    for (const work of [
      () => this.upkeep.connected(),
      () => this.archive.store(),
      () => this.#rotation.run(),
    ]) {
      const done = work();
      this.background(done);
      await done.catch(() => undefined); // told by `background`
    }
  }

  #onStatus(status: Connection): void {
    if (status.status === 'offline' || status.status === 'refused') {
      this.outbox.lost();
      this.directory.setOffline();
    }
    if (status.status === 'online') this.files.online();
    this.#published.setConnection(status);
  }
}
