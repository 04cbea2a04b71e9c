import { digestsHere } from '@sotto/crypto';
import type { FrameOf, RoomId } from '@sotto/protocol';
import type { Clock, Locks, Platform, Storage, TabChange, Tabs } from '../seams/index.ts';
import type { Alarm, EngineState } from '../state.ts';
import { takeFarewell } from './account/farewell.ts';
import { flushAccount } from './account/flush.ts';
import { keyFormOf } from './account/key-form.ts';
import { type DeviceKeys, ExchangeKeys, loadKeys } from './account/keys.ts';
import { OwnAccount } from './account/own-account.ts';
import { KeyRotation } from './account/rotation.ts';
import { AccountUpkeep } from './account/upkeep.ts';
import { inBackground } from './background.ts';
import { Bus } from './bus.ts';
import { SignedCalls } from './calls.ts';
import { ServerConnection } from './connection.ts';
import { signOutOfDeclined } from './consent/answers.ts';
import { Consent } from './consent/consent.ts';
import { recountUnread } from './consent/recount.ts';
import { AccountFiles } from './files/account-files.ts';
import { Inbox } from './inbox.ts';
import { LazyWrites } from './lazy-writes.ts';
import { LiveEvents } from './live-events.ts';
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
import { Timelines } from './timeline/timelines.ts';

/**
 * One account's parts, wired together: each gets all of it, and by its own type sees what it says it needs. Commands stand in
 * `engine.ts`; what follows from what, in each part.
 */
export class EngineCore implements RoomContext, EngineParts {
  readonly keys: DeviceKeys;
  readonly storage: Storage;
  readonly clock: Clock;
  readonly locks: Locks;
  readonly tabs: Tabs;
  readonly exchange: ExchangeKeys;
  readonly bus = new Bus((work) => this.background(work));
  readonly notices: Notices;
  readonly calls: SignedCalls;
  readonly connection: ServerConnection;
  readonly lazy: LazyWrites;
  readonly directory: Directory;
  readonly rows: RoomRows;
  readonly consent: Consent;
  readonly secrets: EpochSecrets;
  readonly archive: Archive;
  readonly upkeep: AccountUpkeep;
  readonly own: OwnAccount;
  readonly sync: RoomSync;
  readonly epochs: Epochs;
  readonly outbox: Outbox;
  readonly files: AccountFiles;
  readonly receipts: Receipts;
  readonly duties: Duties;
  readonly helping: Helping;
  readonly timelines: Timelines;
  readonly published: PublishedState;
  readonly events: LiveEvents;
  readonly platform: Platform;
  readonly #rotation: KeyRotation;
  #closed = false;

  private constructor(platform: Platform, storage: Storage, keys: DeviceKeys) {
    const { account, device } = keys.self;
    const { clock, transport, host } = platform;
    const proof = { account, device, signing: keys.signing };
    this.platform = platform;
    this.keys = keys;
    this.storage = storage;
    this.clock = clock;
    this.locks = platform.locks(account);
    this.tabs = platform.tabs(account);
    this.exchange = new ExchangeKeys(storage);
    this.notices = new Notices(clock, this.bus);
    this.calls = new SignedCalls(transport, clock, proof);
    this.connection = new ServerConnection(transport, clock, proof, this.bus);
    this.lazy = new LazyWrites(storage, clock, this.background);
    this.directory = new Directory(this);
    this.rows = new RoomRows(storage, this.lazy, this.bus);
    this.consent = new Consent(this);
    this.secrets = new EpochSecrets(this);
    this.archive = new Archive(this);
    this.upkeep = new AccountUpkeep(this, platform.device);
    this.own = new OwnAccount(this, host);
    this.sync = new RoomSync(this);
    this.epochs = new Epochs(this);
    this.outbox = new Outbox(this);
    this.files = new AccountFiles({
      ...this,
      rooms: this.rows,
      sealed: host.files(account),
      transport: platform.fileTransport,
      keep: platform.fileCache,
      digests: platform.digests ?? digestsHere,
    });
    this.receipts = new Receipts(this);
    this.duties = new Duties(this);
    this.helping = new Helping(this);
    this.timelines = new Timelines(this);
    this.published = new PublishedState(this);
    this.events = new LiveEvents(this);
    this.#rotation = new KeyRotation(this, keyFormOf(platform));
    new Inbox(this);
    this.#listen();
  }

  /** What follows where no single part is concerned. */
  #listen(): void {
    const { bus, tabs } = this;
    bus.on('key-problem', (problem) => tellProblem(this, problem));
    bus.on('decided', () => tabs.announce({ type: 'people' }));
    bus.on('consent-changed', ({ blocked }) => recountUnread(this, blocked));
    bus.on('own-read', ({ room, position }) => readTo(this, room, position));
    bus.on('bye', ({ frame }) => this.#farewell(frame));
    bus.on('caught-up', () => signOutOfDeclined(this));
    bus.on('caught-up', () => this.#connected());
    tabs.onChange((change) => this.background(takeTabChange(this, change)));
  }

  /** Reads the account from its store; works offline (E5). @throws ClientError 'not_here' */
  static async open(platform: Platform, storage: Storage): Promise<EngineCore> {
    const core = new EngineCore(platform, storage, await loadKeys(storage));
    await loadParts(core, core.keys.self.account);
    core.published.setLoaded();
    core.connection.start();
    return core;
  }

  get state(): EngineState {
    return this.published.state;
  }

  get closed(): boolean {
    return this.#closed;
  }

  /** Fetches a page older than everything stored. @returns false where there is none */
  fetchOlder(room: RoomId): Promise<boolean> {
    return fetchOlder(this, room);
  }

  readonly background = (work: Promise<unknown>): void =>
    inBackground(work, { clock: this.clock, notices: this.notices, closed: () => this.#closed });

  readonly notify = (alarm: Alarm, room: RoomId | null): void => {
    // Attack 48: what is wrong in a room that was not accepted stands in the room, for who looks at it.
    if (room && this.consent.isApart(room)) return;
    this.notices.alarm(alarm, room && this.rows.peek(room) ? room : null);
  };

  async close(): Promise<void> {
    if (!this.#closed && this.connection.online) await flushAccount(this);
    this.#closed = true;
    const { upkeep, archive, receipts, duties, helping } = this;
    this.connection.stop();
    for (const part of [this.#rotation, upkeep, archive, receipts, duties, helping]) part.stop();
    this.outbox.lost();
    await this.files.close();
    this.tabs.close();
    await this.storage.close();
  }

  announce(change: TabChange): void {
    this.tabs.announce(change);
  }

  /** A guest became an account, or a vault opened here: what rests on this device changed. */
  async becameAccount(self: SelfRow): Promise<void> {
    this.own.became(self);
    await this.archive.load();
    // M5: a device that signs in right away finds all keys. The password counts in any case: what fails is stored at the next connection.
    await this.archive.store().catch((error: unknown) => this.background(Promise.reject(error)));
  }

  /** Another tab erased the account. */
  async onErased(): Promise<void> {
    await this.close();
    this.bus.emit({ type: 'connection', status: { status: 'refused', code: 'signed_out' } });
  }

  /** The account signed this device off: what rested here goes (attack 34). */
  async #farewell(bye: FrameOf<'bye'>): Promise<void> {
    const self = this.own.row;
    const erase = () => this.platform.host.erase(self.account);
    if (!(await takeFarewell(this, { bye, self, erase }))) return;
    this.bus.emit({ type: 'connection', status: { status: 'refused', code: 'removed' } });
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
}
