/** A long past of one account: rooms with many epochs and messages, all of it real and readable. */
import {
  chainGenesis,
  createEpoch,
  type EpochSecret,
  type RoomProfile,
  randomId,
  sealArchived,
  sealMessage,
  type VerifiedHeader,
} from '@sotto/crypto';
import {
  type Bytes,
  fromBase64Url,
  type HeaderHash,
  headerHash,
  LIMITS,
  type LogPage,
  type MessageId,
  PATHS,
  type RoomId,
  type Seen,
  toBase64Url,
} from '@sotto/protocol';
import { closedLoop } from '../closed-loop.ts';
import { DIALECTS } from '../fan-out.ts';
import { connect, get, type Member, post } from '../member.ts';
import { maskedFrame } from '../raw-socket.ts';
import type { SendFrame } from '../room-load.ts';
import type { Person } from './person.ts';

export interface PastShape {
  readonly rooms: number;
  readonly epochs: number;
  /** In each epoch of each room. */
  readonly messages: number;
}

/** One that the other person founds. */
export interface Group {
  readonly room: RoomId;
  readonly profile: RoomProfile;
}

interface Archived {
  readonly room: RoomId;
  readonly header: HeaderHash;
  readonly body: string;
}

/** The signed headers of all rooms, as a device holds them that verified them. */
export type Headers = ReadonlyMap<RoomId, readonly VerifiedHeader[]>;

/** Rooms of two, in which the other person talks; the first person's archive holds every epoch. */
export async function makePast(
  origin: string,
  people: { readonly self: Person; readonly other: Member; readonly groups: readonly Group[] },
  shape: PastShape,
  progress: (done: number) => void,
): Promise<Headers> {
  const { self, other, groups } = people;
  const socket = await connect(origin, other);
  const archived: Archived[] = [];
  const rooms = new Map<RoomId, VerifiedHeader[]>();
  for (const [index, { room, profile }] of groups.entries()) {
    const headers: VerifiedHeader[] = [];
    let counter = 0;
    for (let epoch = 1; epoch <= shape.epochs; epoch += 1) {
      const previous = headers.at(-1) ?? null;
      const made = await nextEpoch(origin, people, { room, profile, previous });
      const { header } = made;
      headers.push(header);
      const place = { account: self.account, header };
      const body = toBase64Url(await sealArchived(made.secret, self.archive, place));
      archived.push({ room, header: headerHash(header.hash), body });
      const seen = await newest(origin, other, room);
      const texts = Array.from(
        { length: shape.messages },
        (_, i) => `Message ${i + 1} of epoch ${epoch}: ${FILLER}`,
      );
      const at = { room, epoch, seen, first: counter + 1 };
      const frames = await Promise.all(texts.map((text, i) => seal(other, made.secret, { ...at, text, i })));
      counter += frames.length;
      await closedLoop([{ sockets: { room, sockets: [socket], dialect: DIALECTS.sotto }, frames }], 256);
    }
    await post(origin, PATHS.accept(room), undefined, self);
    rooms.set(room, headers);
    if (index % 10 === 9) progress(index + 1);
  }
  socket.end();
  for (let from = 0; from < archived.length; from += LIMITS.archiveBatch) {
    await post(origin, PATHS.archive, { entries: archived.slice(from, from + LIMITS.archiveBatch) }, self);
  }
  return rooms;
}

const FILLER = 'the quick brown fox jumps over the lazy dog, as foxes in examples do, again and again.';

async function nextEpoch(
  origin: string,
  { self, other }: { self: Member; other: Member },
  at: Group & { previous: VerifiedHeader | null },
): Promise<{ header: VerifiedHeader; secret: EpochSecret }> {
  const { room, profile, previous } = at;
  const members = [other, self];
  const seen: Seen = previous
    ? await newest(origin, other, room)
    : { position: 0, chain: await chainGenesis(room) };
  const { header, secret, wraps } = await createEpoch(
    {
      room,
      author: { account: other.account, device: other.device },
      at: Date.now(),
      members: members.map(({ account, list }, index) => ({
        account,
        identity: list.list.identity,
        role: index === 0 ? 'admin' : 'member',
        list: 1,
        listHash: list.hash,
      })),
      policy: { add: 'admin', history: 'joined', profile: 'admin' },
      invites: [],
      leaves: [],
      seen,
      profile,
    },
    {
      previous,
      previousSecret: null,
      signing: other.signing,
      recipients: members.map(({ key }) => key),
      lists: async (account) => members.find((member) => member.account === account)?.list,
      departed: new Set(),
    },
  );
  await post(origin, PATHS.epochs(room), { header: toBase64Url(header.signed), wraps }, other);
  return { header, secret };
}

/** The newest entry with its chain hash, as a device that is up to date names it. */
async function newest(origin: string, member: Member, room: RoomId): Promise<Seen> {
  const path = PATHS.log(room);
  const { head } = await get<LogPage>(origin, `${path}?after=0&limit=1`, member);
  const { chain } = await get<LogPage>(origin, `${path}?after=${head}&limit=1`, member);
  return { position: head, chain: fromBase64Url(chain) as Bytes };
}

async function seal(
  { account, device, signing }: Member,
  secret: EpochSecret,
  at: { room: RoomId; epoch: number; seen: Seen; first: number; text: string; i: number },
): Promise<SendFrame> {
  const { room, epoch, seen, first, text: body, i } = at;
  const id = randomId<MessageId>();
  const header = {
    kind: 'log',
    room,
    epoch,
    account,
    device,
    id,
    counter: first + i,
    list: 1,
    seen,
  } as const;
  const sealed = toBase64Url(await sealMessage(header, { kind: 'text', body }, { secret, signing }));
  const text = JSON.stringify({ t: 'send', room, epoch, id, body: sealed });
  return { id, text, frame: maskedFrame(text) };
}
