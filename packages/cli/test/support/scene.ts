import {
  type Engine,
  type EngineState,
  type FileItem,
  type MessageFacts,
  type MessageItem,
  NO_DRAFT,
  type Person,
  type Room,
  type RoomRequest,
  type TimelineItem,
  type TimelineState,
  type Transfer,
} from '@sotto/client';
import type { AccountId, DeviceId, FileId, MessageId, RoomId } from '@sotto/protocol';

/** Ada at her terminal, Bob with whom she talks, Cy whom she has not met. */
export const ADA = 'ada' as AccountId;
export const BOB = 'bob' as AccountId;
export const CY = 'cy' as AccountId;
export const ROOM = 'room' as RoomId;
export const NOON = new Date(2026, 4, 1, 12, 0).getTime();

export const person = (account: AccountId, name: string, online = true): Person => ({
  account,
  name,
  claimed: null,
  looksLike: null,
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
  policy: { add: 'admin', history: 'joined', profile: 'admin' },
  invites: [],
  epoch: 1,
  standing: 'member',
  role: 'member',
  last: null,
  unread: 0,
  mentions: 0,
  typing: [],
  muted: false,
  draft: NO_DRAFT,
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

type Shown<Item> = Item extends MessageFacts & { kind: string }
  ? Partial<Omit<Item, 'kind'>> & Pick<Item, 'kind'>
  : never;
type Change = Partial<MessageFacts> & (Shown<MessageItem> | { kind?: never; body?: string; edited?: number });

/** A text, where nothing else is said. */
export const message = (change: Change = {}): MessageItem =>
  ({
    type: 'message',
    kind: 'text',
    key: `key ${change.position ?? 1}`,
    position: 1,
    id: `id ${change.position ?? 1}` as MessageId,
    account: BOB,
    device: 'device' as DeviceId,
    time: NOON,
    own: false,
    body: 'hello',
    blocked: false,
    mentionsSelf: false,
    edited: null,
    reply: null,
    reactions: [],
    delivery: null,
    ...change,
  }) as MessageItem;

export const own = (change: Parameters<typeof message>[0]): MessageItem =>
  message({ account: ADA, own: true, ...change });

export const sceneState = (change: { name?: string; room?: Room } = {}): EngineState => ({
  connection: { status: 'online', skew: 0 },
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
  requests: [],
  requestsRead: true,
  blocked: new Map(),
  notices: [],
  loaded: true,
  caughtUp: true,
});

/** Cy, whom Ada has not met, would like to write to her. */
export const request = (change: Partial<RoomRequest> = {}): RoomRequest => ({
  room: 'asked' as RoomId,
  kind: 'direct',
  by: CY,
  name: 'Cy',
  others: 0,
  header: Buffer.from('0a1b2c3d4e5f6071', 'hex').toString('base64url'),
  at: NOON,
  preview: direct({ room: 'asked' as RoomId, title: 'Cy', peer: CY }),
  ...change,
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
    const noun = (known: Record<string, unknown> = {}) =>
      new Proxy(known, { get: (target, name) => target[String(name)] ?? this.#called(name) });
    return {
      id: ADA,
      get state() {
        return stage.state;
      },
      subscribe,
      timeline: () => timeline,
      ...{ rooms: noun(), messages: noun(), people: noun(), account: noun(), devices: noun() },
      files: noun({ transfers }),
      reconnect: () => this.#called('reconnect')(),
      dismissNotice: (id: string) => this.#called('dismissNotice')(id),
    } as unknown as Engine;
  }

  #called(name: string | symbol): (...args: unknown[]) => Promise<unknown> {
    return (...args) => this.#record(String(name), args);
  }

  #record(name: string, args: unknown[]): Promise<unknown> {
    this.calls.push([name, ...args]);
    return Promise.resolve(this.answers[name]);
  }
}
