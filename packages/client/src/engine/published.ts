import type { RoomId } from '@sotto/protocol';
import type { Connection, EngineState, Notice, Room, RoomRequest, RoomWork, Self } from '../state.ts';
import type { Consent } from './consent/consent.ts';
import { Emitter } from './emitter.ts';
import type { Directory } from './people/directory.ts';
import type { Receipts } from './rooms/receipts/receipts.ts';
import type { RoomRows } from './rooms/room-rows.ts';
import { shownHeader } from './rooms/shown.ts';
import type { RoomRow } from './rows.ts';
import { orderOf, type RoomViewFacts, requestView, roomView } from './view.ts';

interface Sources {
  readonly self: () => Self;
  readonly rows: RoomRows;
  readonly directory: Directory;
  readonly consent: Consent;
  readonly receipts: Receipts;
  notices(): readonly Notice[];
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
  #connection: Connection = { status: 'connecting' };
  #shown: Self | null = null;
  #loaded = false;
  #caughtUp = false;
  #requestsRead = false;
  #scheduled = false;
  #state: EngineState;

  constructor(sources: Sources) {
    this.#sources = sources;
    this.#state = this.#snapshot();
  }

  get state(): EngineState {
    return this.#state;
  }

  /** All that waited at the server has been read. */
  setCaughtUp(): void {
    this.#caughtUp = this.#connection.status === 'online';
    this.touch();
  }

  setRequestsRead(): void {
    this.#requestsRead = this.#connection.status === 'online';
    this.touch();
  }

  setConnection(connection: Connection): void {
    this.#connection = connection;
    this.#caughtUp = false;
    this.#requestsRead = false;
    this.touch();
  }

  setWork(room: RoomId, work: RoomWork | null): boolean {
    if (!work) return this.#work.delete(room);
    this.#work.set(room, work);
    return true;
  }

  /** All that rests on this device has been read: shown at once. */
  setLoaded(): void {
    this.#loaded = true;
    this.#views.clear();
    this.#publish();
  }

  roomChanged(room: RoomId): void {
    this.#views.delete(room);
    this.touch();
  }

  allRoomsChanged(): void {
    this.#views.clear();
    this.touch();
  }

  touch(): void {
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
    const now = this.#sources.self();
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
      connection: this.#connection,
      self,
      people: directory.view(),
      rooms: new Map(open.map((row) => [row.room, this.#view(row)])),
      order: orderOf(open),
      requests: this.#requests(rows.filter((row) => consent.ofRow(row) === 'request')),
      requestsRead: this.#requestsRead,
      blocked: consent.blocked,
      notices: notices(),
      loaded: this.#loaded,
      caughtUp: this.#caughtUp,
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
    const { directory, consent, receipts } = this.#sources;
    return {
      self: this.#sources.self().account,
      directory,
      hears: (account) => consent.hears(account),
      typing: receipts.typing(room),
      work: this.#work.get(room) ?? null,
    };
  }
}
