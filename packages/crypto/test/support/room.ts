import { sha256 } from '@noble/hashes/sha2.js';
import type { AccountId, Ciphertext, LogEntry, MessageId, RoomId } from '@sotto/protocol';
import { type Bytes, headerEntryId, roomFrom, roomKind, toBase64Url } from '@sotto/protocol';
import {
  type AdvanceContext,
  advanceRoom,
  type Content,
  createEpoch,
  type EpochDraft,
  type EpochSecret,
  groupRoomId,
  type ListLookup,
  newProfile,
  type Outcome,
  type RoomProfile,
  type RoomState,
  randomBytes,
  randomId,
  type SigningKey,
  sealMessage,
  startRoom,
  type VerifiedHeader,
} from '../../src/index.ts';
import { at, NOW, Person, type TestDevice } from './person.ts';

/** The id of some group. */
export const anyGroup = (): RoomId => roomFrom('group', randomBytes(32));

type Change = Partial<Omit<EpochDraft, 'room' | 'author'>>;

/** One room as one honest device sees it, with the hands to misbehave: entries are built, then taken or not. */
export class TestRoom {
  readonly room: RoomId;
  readonly people: Person[];
  readonly secrets = new Map<number, EpochSecret>();
  readonly chains = new Map<number, Bytes>();
  readonly counters = new Map<string, number>();
  state: RoomState;
  profile: RoomProfile;

  constructor(state: RoomState, people: Person[], profile = newProfile({ name: 'Lab', topic: '' })) {
    this.profile = profile;
    this.room = state.room;
    this.state = state;
    this.people = people;
    this.chains.set(0, state.chain);
  }

  /** A group that the first of them is about to make. */
  static async group(people: Person[]): Promise<TestRoom> {
    const profile = newProfile({ name: 'Lab', topic: '' });
    const room = await groupRoomId(at(people, 0).account, profile);
    return new TestRoom(await startRoom(room), people, profile);
  }

  readonly lists: ListLookup = async (account, version) => {
    const lists = this.people.find((p) => p.account === account)?.lists;
    return version === 0 ? lists?.at(-1) : lists?.find((l) => l.list.version === version);
  };

  get context(): AdvanceContext {
    return {
      lists: this.lists,
      secrets: async ({ header }) => this.secrets.get(header.epoch),
      chainAt: async (position) => this.chains.get(position),
    };
  }

  get header(): VerifiedHeader {
    const { header } = this.state;
    if (!header) throw new Error('the room is not made yet');
    return header;
  }

  get secret(): EpochSecret {
    const secret = this.secrets.get(this.header.header.epoch);
    if (!secret) throw new Error('no secret for this epoch');
    return secret;
  }

  get seen() {
    return { position: this.state.position, chain: this.state.chain };
  }

  /** The next epoch by this author; unchanged where `change` says nothing. */
  epoch(author: Person, change: Change = {}, device: TestDevice = author.main) {
    const previous = this.state.header;
    const draft: EpochDraft = {
      room: this.room,
      author: author.author(device),
      at: NOW,
      members: previous?.header.members ?? [],
      policy: previous?.header.policy ?? { add: 'admin', history: 'joined', profile: 'admin' },
      invites: previous?.header.invites ?? [],
      leaves: [],
      seen: this.seen,
      profile: roomKind(this.room) === 'group' ? this.profile : null,
      ...change,
    };
    const listed = new Set(draft.members.map((m) => m.account));
    return createEpoch(draft, {
      previous,
      previousSecret: (previous && this.secrets.get(previous.header.epoch)) ?? null,
      signing: device.signing,
      recipients: this.people
        .filter((p) => listed.has(p.account))
        .flatMap((p) => p.devices.map((d) => d.exchange.verified)),
      lists: this.lists,
      departed: new Set(this.state.departed.map((d) => d.account)),
    });
  }

  /** Signed bytes of a message; `header` overrides what an honest sender would write. */
  message(
    from: Person,
    content: Content,
    options: {
      device?: TestDevice;
      id?: MessageId;
      secret?: EpochSecret;
      signing?: SigningKey;
      header?: Partial<Parameters<typeof sealMessage>[0]>;
    } = {},
  ): Promise<Bytes> {
    const device = options.device ?? from.main;
    return sealMessage(
      {
        kind: 'log',
        room: this.room,
        epoch: this.header.header.epoch,
        account: from.account,
        device: device.device,
        id: options.id ?? randomId<MessageId>(),
        counter: this.nextCounter(device),
        list: from.newest.list.version,
        seen: this.seen,
        ...options.header,
      },
      content,
      { secret: options.secret ?? this.secret, signing: options.signing ?? device.signing },
    );
  }

  nextCounter(device: TestDevice): number {
    const counter = (this.counters.get(device.device) ?? 0) + 1;
    this.counters.set(device.device, counter);
    return counter;
  }

  /** The next log entry with this body, as an honest server would place it. */
  entry(
    kind: LogEntry['kind'],
    author: { account: AccountId; device: TestDevice['device'] },
    body: Bytes,
    id: MessageId = kind === 'epoch' ? headerEntryId(sha256(body)) : randomId<MessageId>(),
  ): LogEntry {
    const position = this.state.position + 1;
    return { position, time: NOW + position, kind, ...author, id, body: toBase64Url(body) as Ciphertext };
  }

  /** Advances over an entry, and keeps the state. */
  async take(entry: LogEntry): Promise<Outcome> {
    const { state, outcome } = await advanceRoom(this.state, entry, this.context);
    this.state = state;
    this.chains.set(state.position, state.chain);
    return outcome;
  }

  async takeEpoch(author: Person, change: Change = {}, device: TestDevice = author.main) {
    const made = await this.epoch(author, change, device);
    const outcome = await this.take(this.entry('epoch', author.author(device), made.header.signed));
    if (outcome.type !== 'epoch') throw new Error(`the epoch was not taken: ${outcome.type}`);
    this.secrets.set(made.header.header.epoch, made.secret);
    return made;
  }

  /** An honest message through the log. */
  async say(from: Person, body: string): Promise<{ entry: LogEntry; outcome: Outcome }> {
    const id = randomId<MessageId>();
    const signed = await this.message(from, { kind: 'text', body }, { id });
    const entry = this.entry('message', from.author(), signed, id);
    return { entry, outcome: await this.take(entry) };
  }
}

/** A group of these names in its first epoch; the first is its admin. */
export async function setup<Names extends readonly string[]>(
  ...names: Names
): Promise<{ room: TestRoom; people: { [I in keyof Names]: Person } }> {
  const people: Person[] = [];
  for (const name of names) people.push(await Person.create(name));
  const room = await TestRoom.group([...people]);
  await room.takeEpoch(at(people, 0), {
    members: people.map((p, index) => p.member(index === 0 ? 'admin' : 'member')),
  });
  return { room, people: people as { [I in keyof Names]: Person } };
}
