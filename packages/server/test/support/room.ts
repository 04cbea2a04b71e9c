import {
  type Bytes,
  type Ciphertext,
  chainGenesisInput,
  chainInput,
  directRoomInput,
  type EpochHeader,
  EpochHeaderCodec,
  fromBase64Url,
  groupRoomInput,
  type HeaderHash,
  type HeaderMember,
  headerHash,
  type Leave,
  LeaveCodec,
  type LogEntry,
  MessageEnvelopeCodec,
  MessageHeaderCodec,
  type MessageId,
  type MessageKind,
  PATHS,
  type RoomId,
  roomFrom,
  roomKind,
  type Seen,
  toBase64Url,
} from '@sotto/protocol';
import { expect } from 'vitest';
import type { Answer, Device, Person } from './person.ts';
import { random, randomId, sha256, signed } from './signing.ts';

export const directId = (a: Person, b: Person): RoomId =>
  roomFrom('direct', sha256(directRoomInput(a.account, b.account)));

/** The group that somebody founds under a profile of this hash. */
export const groupId = ({ account }: Person, profile: Bytes): RoomId =>
  roomFrom('group', sha256(groupRoomInput(account, profile)));

export const member = (person: Person, role: HeaderMember['role'] = 'member'): HeaderMember => ({
  account: person.account,
  identity: person.identity.publicKey,
  role,
  list: person.list.version,
  listHash: sha256(person.signedList),
});

export const startOf = (room: RoomId): Seen => ({ position: 0, chain: sha256(chainGenesisInput(room)) });

/** A room as its author keeps track of it. */
export class Room {
  header!: EpochHeader;
  signed!: Bytes;
  headed!: Seen;
  #counter = 0;
  #room: RoomId | undefined;
  readonly #profile = random(32);

  /** @param room by default that of the group whose first header is made here */
  constructor(room?: RoomId) {
    this.#room = room;
  }

  get room(): RoomId {
    if (!this.#room) throw new Error('nobody made this group');
    return this.#room;
  }

  /** How wraps and requests name the newest header. */
  get hash(): HeaderHash {
    return headerHash(sha256(this.signed));
  }

  /** Makes a group with its creator as admin. */
  static async group(
    owner: Person,
    others: readonly Person[],
    change: Partial<EpochHeader> = {},
  ): Promise<Room> {
    const room = new Room();
    const members = [member(owner, 'admin'), ...others.map((person) => member(person))];
    const { status, json } = await room.commit(owner, { members, ...change });
    expect(json).toMatchObject({ position: 1 });
    expect(status).toBe(201);
    return room;
  }

  /** Header N + 1 on top of the last, changed as told. */
  next(author: Person, change: Partial<EpochHeader> = {}, device = author.first): EpochHeader {
    const before = this.header as EpochHeader | undefined;
    const profile = change.profile ?? before?.profile ?? this.#profile;
    this.#room ??= groupId(author, profile);
    const named = roomKind(this.room) === 'group';
    return {
      v: 1,
      room: this.room,
      epoch: (before?.epoch ?? 0) + 1,
      previous: before ? sha256(this.signed) : null,
      author: { account: author.account, device: device.device },
      at: Date.now(),
      members: before?.members ?? [member(author, 'admin')],
      policy: before?.policy ?? { add: 'member', history: 'joined', profile: 'admin' },
      invites: before?.invites ?? [],
      admission: null,
      leaves: [],
      seen: before ? this.headed : startOf(this.room),
      commitment: random(32),
      profile: named ? profile : null,
      sealed: named ? random(64) : null,
      link: null,
      ...change,
    };
  }

  sign(header: EpochHeader, device: Device): Promise<Bytes> {
    return signed('epochHeader', EpochHeaderCodec.encode(header), device.key);
  }

  /** Signs and posts the next header; remembers it where it was taken. */
  async commit(
    author: Person,
    change: Partial<EpochHeader> = {},
    wraps: readonly unknown[] = [],
    device = author.first,
  ): Promise<Answer> {
    const header = this.next(author, change, device);
    const bytes = await this.sign(header, device);
    const answer = await this.post(author, bytes, wraps, device);
    if (answer.status === 201) {
      this.header = header;
      this.signed = bytes;
      // M2: who extends a header has seen it.
      this.headed = await seenBy(author, this.room);
    }
    return answer;
  }

  post(author: Person, bytes: Bytes, wraps: readonly unknown[] = [], device = author.first): Promise<Answer> {
    return author.call('POST', PATHS.epochs(this.room), { header: toBase64Url(bytes), wraps }, { device });
  }

  /** Attack 48: people who were brought in say that they want to be. */
  async accept(...people: readonly Person[]): Promise<void> {
    for (const person of people) {
      expect((await person.call('POST', PATHS.accept(this.room))).json).toEqual({});
    }
  }

  /** A leave statement under the newest header. */
  async leave(person: Person, change: Partial<Leave> = {}, { device, key } = person.first): Promise<Bytes> {
    const payload = LeaveCodec.encode({
      v: 1,
      room: this.room,
      account: person.account,
      device,
      id: randomId<MessageId>(),
      at: Date.now(),
      header: sha256(this.signed),
      ...change,
    });
    return signed('leave', payload, key);
  }

  /** A message whose readable header is right; the ciphertext is noise. */
  message(
    sender: Person,
    change: {
      id?: MessageId;
      epoch?: number;
      kind?: MessageKind;
      size?: number;
      device?: Device;
      counter?: number;
      list?: number;
      seen?: Seen;
    } = {},
  ): { id: MessageId; epoch: number; body: Ciphertext; room: RoomId } {
    const id = change.id ?? randomId<MessageId>();
    const epoch = change.epoch ?? this.header.epoch;
    const header = MessageHeaderCodec.encode({
      v: 1,
      kind: change.kind ?? 'log',
      room: this.room,
      epoch,
      account: sender.account,
      device: (change.device ?? sender.first).device,
      id,
      salt: random(16),
      counter: change.counter ?? ++this.#counter,
      list: change.list ?? this.header.members.find((one) => one.account === sender.account)?.list ?? 1,
      seen: change.seen ?? startOf(this.room),
    });
    const envelope = MessageEnvelopeCodec.encode({ header, ciphertext: random(change.size ?? 64) });
    // The server does not verify what clients verify: any signature will do here.
    const body = toBase64Url(new Uint8Array([...envelope, ...random(64)])) as Ciphertext;
    return { id, epoch, body, room: this.room };
  }
}

/** Recomputes the chain over entries from a starting hash (D1). */
export function chainOver(start: Bytes, entries: readonly LogEntry[]): Bytes {
  let chain = start;
  for (const entry of entries) {
    const body = fromBase64Url(entry.body) ?? new Uint8Array();
    chain = sha256(chainInput(chain, { ...entry, body }));
  }
  return chain;
}

/** Position and chain after everything in the log so far, as one member reads it. */
export async function seenBy(person: Person, room: RoomId): Promise<Seen> {
  const { json } = await person.call('GET', `${PATHS.log(room)}?after=0`);
  const start = fromBase64Url(json.chain);
  if (!start) throw new Error('the page has no chain');
  return { position: json.head, chain: chainOver(start, json.entries) };
}
