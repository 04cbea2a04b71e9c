import type {
  Engine,
  EngineState,
  FileItem,
  MessageItem,
  Person,
  Room,
  TimelineItem,
  TimelineState,
  Transfer,
} from '@sotto/client';
import type { AccountId, DeviceId, FileId, MessageId, RoomId } from '@sotto/protocol';

/** Ada at her terminal, Bob with whom she talks, Cy whom she has not met. */
export const ADA = 'ada' as AccountId;
const BOB = 'bob' as AccountId;
export const CY = 'cy' as AccountId;
export const ROOM = 'room' as RoomId;
export const NOON = new Date(2026, 4, 1, 12, 0).getTime();

const person = (account: AccountId, name: string, online = true): Person => ({
  account,
  name,
  online,
  seen: null,
  identity: null,
  trust: 'unverified',
});

export const direct = (change: Partial<Room> = {}): Room => ({
  room: ROOM,
  kind: 'direct',
  title: 'Bob',
  topic: '',
  peer: BOB,
  members: [],
  policy: { add: 'admin', history: 'joined' },
  epoch: 1,
  standing: 'member',
  role: 'member',
  last: null,
  unread: 0,
  mentions: 0,
  typing: [],
  muted: false,
  draft: '',
  security: { state: 'unverified' },
  work: null,
  reading: false,
  ...change,
});

export const file = (change: Partial<FileItem> = {}): FileItem => ({
  file: 'file' as FileId,
  name: 'plan.txt',
  type: 'text/plain',
  size: 13,
  width: null,
  height: null,
  duration: null,
  thumbhash: null,
  thumbnail: null,
  waveform: null,
  ...change,
});

export const message = (change: Partial<MessageItem> = {}): MessageItem => ({
  type: 'message',
  key: `key ${change.position ?? 1}`,
  position: 1,
  id: `id ${change.position ?? 1}` as MessageId,
  account: BOB,
  device: 'device' as DeviceId,
  time: NOON,
  own: false,
  body: 'hello',
  mentionsSelf: false,
  edited: null,
  deleted: false,
  reply: null,
  reactions: [],
  delivery: null,
  files: [],
  unknownKind: null,
  ...change,
});

export const own = (change: Partial<MessageItem>): MessageItem =>
  message({ account: ADA, own: true, ...change });

export const sceneState = (change: { name?: string; room?: Room } = {}): EngineState => ({
  connection: { status: 'online' },
  self: {
    account: ADA,
    device: 'device' as DeviceId,
    name: 'Ada',
    kind: 'guest',
    vault: 'none',
    recoverable: false,
    identity: new Uint8Array(32),
  },
  people: new Map([
    [BOB, person(BOB, change.name ?? 'Bob')],
    [CY, person(CY, 'Cy', false)],
  ]),
  rooms: new Map([[ROOM, change.room ?? direct()]]),
  order: [ROOM],
  notices: [],
  loaded: true,
  caughtUp: true,
});

/** What the screen asked of the engine, by name. */
export type Call = readonly [name: string, ...args: unknown[]];

/** Shows what a test says and records what it is asked; it decides nothing. */
export class StagedEngine {
  readonly calls: Call[] = [];
  /** What it answers, by name; nothing where nothing stands here. */
  readonly answers: Record<string, unknown> = { openDirect: ROOM, createGroup: ROOM };
  state: EngineState;
  #timeline: TimelineState = { items: [], hasOlder: false, loadingOlder: false, readAtOpen: 0 };
  #transfers: ReadonlyMap<FileId, Transfer> = new Map();
  readonly #listeners = new Set<() => void>();

  constructor(state = sceneState(), items: readonly TimelineItem[] = []) {
    this.state = state;
    this.#timeline = { ...this.#timeline, items };
  }

  show(change: Partial<EngineState>): void {
    this.state = { ...this.state, ...change };
    for (const listener of this.#listeners) listener();
  }

  showTransfers(transfers: ReadonlyMap<FileId, Transfer>): void {
    this.#transfers = transfers;
    for (const listener of this.#listeners) listener();
  }

  showLines(change: Partial<TimelineState>): void {
    this.#timeline = { ...this.#timeline, ...change };
    for (const listener of this.#listeners) listener();
  }

  /** The engine as the screen takes it; what it is asked beyond reading is recorded and done at once. */
  get engine(): Engine {
    const subscribe = (listener: () => void) => {
      this.#listeners.add(listener);
      return () => this.#listeners.delete(listener);
    };
    const stage = this;
    const timeline = {
      get state() {
        return stage.#timeline;
      },
      subscribe,
      loadOlder: () => this.#record('loadOlder', []),
    };
    const transfers = {
      get state() {
        return stage.#transfers;
      },
      subscribe,
    };
    const files = new Proxy(
      {},
      { get: (_, name) => (name === 'transfers' ? transfers : this.#called(name)) },
    );
    const known: Record<string, unknown> = { account: ADA, subscribe, timeline: () => timeline, files };
    return new Proxy(known, {
      get: (target, name) => {
        if (name === 'state') return this.state;
        return target[String(name)] ?? this.#called(name);
      },
    }) as unknown as Engine;
  }

  #called(name: string | symbol): (...args: unknown[]) => Promise<unknown> {
    return (...args) => this.#record(String(name), args);
  }

  #record(name: string, args: unknown[]): Promise<unknown> {
    this.calls.push([name, ...args]);
    return Promise.resolve(this.answers[name]);
  }
}
