import type { RoomId } from '@sotto/protocol';
import type { EngineState, Room, RoomRequest, RoomWork, Self } from '../state.ts';
import type { OwnAccount } from './account/own-account.ts';
import type { Bus } from './bus.ts';
import type { Consent } from './consent/consent.ts';
import { Emitter } from './emitter.ts';
import type { Notices } from './notices.ts';
import type { Directory } from './people/directory.ts';
import type { Receipts } from './rooms/receipts/receipts.ts';
import type { RoomRows } from './rooms/room-rows.ts';
import type { Outbox } from './rooms/sending/outbox.ts';
import { shownHeader } from './rooms/shown.ts';
import type { RoomRow } from './rows.ts';
import { orderOf, type RoomViewFacts, requestView, roomView } from './view.ts';

/** How far it got with the server, and with what rests here. */
type Standing = Pick<EngineState, 'connection' | 'loaded' | 'caughtUp' | 'requestsRead'>;

interface Sources {
  readonly bus: Bus;
  readonly own: OwnAccount;
  readonly rows: RoomRows;
  readonly outbox: Pick<Outbox, 'items'>;
  readonly directory: Directory;
  readonly consent: Consent;
  readonly receipts: Receipts;
  readonly notices: Notices;
}

const SHOWN = ['name', 'kind', 'vault', 'recoverable'] as const;
/** Requests that are shown; nobody looks through more. */
const REQUESTS = 100;

/** E1: the state that the interface renders: one new snapshot for all changes of a turn. */
export class PublishedState {
  readonly changed = new Emitter<void>();
  readonly #sources: Sources;
  readonly #views = new Map<RoomId, Room>();
  readonly #work = new Map<RoomId, RoomWork>();
  #standing: Standing = {
    connection: { status: 'connecting' },
    loaded: false,
    caughtUp: false,
    requestsRead: false,
  };
  #shown: Self | null = null;
  #scheduled = false;
  #state: EngineState;

  constructor(sources: Sources) {
    const { bus, directory } = sources;
    this.#sources = sources;
    this.#state = this.#snapshot();
    bus.on('connection', ({ status }) =>
      this.#stand({ connection: status, caughtUp: false, requestsRead: false }),
    );
    bus.on('caught-up', () => this.#stand({ caughtUp: this.#isOnline }));
    bus.on('requests-read', () => this.#stand({ requestsRead: this.#isOnline }));
    bus.on('account-changed', () => this.#touch());
    for (const type of ['people-changed', 'consent-changed'] as const) {
      bus.on(type, () => {
        this.#views.clear();
        this.#touch();
      });
    }
    for (const type of ['room-changed', 'typing'] as const) {
      bus.on(type, ({ room }) => {
        this.#views.delete(room);
        this.#touch();
      });
    }
    bus.on('work', ({ room, work }) => {
      const known = this.#work.delete(room);
      if (work) this.#work.set(room, work);
      if (work || known) bus.emit({ type: 'room-changed', room });
    });
    // How many devices of a member can read is known once their list is at hand.
    bus.on('entered', async ({ row: { room, state } }) => {
      for (const { account } of state.header?.header.members ?? []) await directory.lists.newest(account);
      bus.emit({ type: 'room-changed', room });
    });
  }

  get state(): EngineState {
    return this.#state;
  }

  get #isOnline(): boolean {
    return this.#standing.connection.status === 'online';
  }

  /** All that rests on this device has been read: shown at once. */
  setLoaded(): void {
    this.#standing = { ...this.#standing, loaded: true };
    this.#views.clear();
    this.#publish();
  }

  #stand(change: Partial<Standing>): void {
    this.#standing = { ...this.#standing, ...change };
    this.#touch();
  }

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

  /** The same object until something in it changes. */
  #self(): Self {
    const now = this.#sources.own.view;
    const old = this.#shown;
    if (old && SHOWN.every((field) => old[field] === now[field])) return old;
    this.#shown = now;
    return now;
  }

  #snapshot(): EngineState {
    const { directory, consent, notices } = this.#sources;
    const self = this.#self();
    // A room of which nothing has been read yet is not shown yet.
    const rows = this.#sources.rows.all().filter(shownHeader);
    // Attack 48: what was not accepted stands apart from everything that counts, notifies or is searched.
    const open = rows.filter((row) => consent.ofRow(row) === 'open');
    return {
      ...this.#standing,
      self,
      people: directory.view(),
      rooms: new Map(open.map((row) => [row.room, this.#view(row)])),
      order: orderOf(open),
      requests: this.#requests(rows.filter((row) => consent.ofRow(row) === 'request')),
      blocked: consent.blocked,
      notices: notices.list,
    };
  }

  #requests(rows: readonly RoomRow[]): RoomRequest[] {
    const requests = rows.map((row) => requestView(row, this.#view(row), this.#facts(row.room)));
    return requests.sort((a, b) => b.at - a.at).slice(0, REQUESTS);
  }

  /** The same object until something in it changes. */
  #view(row: RoomRow): Room {
    const known = this.#views.get(row.room);
    if (known) return known;
    const view = roomView(row, this.#facts(row.room));
    this.#views.set(row.room, view);
    return view;
  }

  #facts(room: RoomId): RoomViewFacts {
    const { directory, consent, outbox, receipts } = this.#sources;
    return {
      self: this.#sources.own.row.account,
      directory,
      hears: (account) => consent.hears(account),
      typing: receipts.typing(room),
      work: this.#work.get(room) ?? null,
      waiting: outbox.items(room),
    };
  }
}
