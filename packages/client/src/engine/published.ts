import type { RoomId } from '@sotto/protocol';
import type { Connection, EngineState, Notice, Room, RoomWork, Self } from '../state.ts';
import { Emitter } from './emitter.ts';
import type { Directory } from './people/directory.ts';
import { shownHeader } from './rooms/ahead.ts';
import type { Marks } from './rooms/marks.ts';
import type { RoomRows } from './rooms/room-rows.ts';
import { orderOf, roomView } from './view.ts';

interface Sources {
  readonly self: () => Self;
  readonly rows: RoomRows;
  readonly directory: Directory;
  readonly marks: Marks;
  notices(): readonly Notice[];
}

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

  setConnection(connection: Connection): void {
    this.#connection = connection;
    this.#caughtUp = false;
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
    if (old && old.kind === now.kind && old.vault === now.vault && old.recoverable === now.recoverable)
      return old;
    this.#shown = now;
    return now;
  }

  #snapshot(): EngineState {
    const { directory, marks, notices } = this.#sources;
    const self = this.#self();
    // A room of which nothing has been read yet is not shown yet.
    const rows = this.#sources.rows.all().filter(shownHeader);
    for (const row of rows) {
      if (this.#views.has(row.room)) continue;
      const work = this.#work.get(row.room) ?? null;
      const facts = { self: self.account, directory, typing: marks.typing(row.room), work };
      this.#views.set(row.room, roomView(row, facts));
    }
    return {
      connection: this.#connection,
      self,
      people: directory.view(),
      rooms: new Map(this.#views),
      order: orderOf(rows),
      notices: notices(),
      loaded: this.#loaded,
      caughtUp: this.#caughtUp,
    };
  }
}
