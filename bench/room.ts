import {
  chainGenesis,
  createEpoch,
  type EpochSecret,
  generateKeyPair,
  groupRoomId,
  type KemKeyPair,
  newProfile,
  randomBytes,
  randomId,
} from '@sotto/crypto';
import {
  fromBase64Url,
  joinSigned,
  type LogPage,
  MessageEnvelopeCodec,
  MessageHeaderCodec,
  type MessageId,
  PATHS,
  type RoomId,
  toBase64Url,
} from '@sotto/protocol';
import { connect, get, type Member, post, register } from './member.ts';
import { maskedFrame, type RawSocket } from './raw-socket.ts';
import type { SendFrame } from './room-load.ts';

let exchange: Promise<KemKeyPair> | undefined;

/** One pair for all members: making RSA keys is not what is measured. */
export function exchangeKeys(): Promise<KemKeyPair> {
  exchange ??= generateKeyPair({ extractable: false });
  return exchange;
}

/** A room of raw members in its first epoch. */
export interface BenchRoom {
  readonly room: RoomId;
  readonly secret: EpochSecret;
  readonly members: readonly Member[];
}

/** The first member of a list makes the room and is the one who sends. */
export function firstOf<T>(members: readonly T[]): T {
  const [first] = members;
  if (first === undefined) throw new Error('a room without members');
  return first;
}

/** Registers `size` members and commits the first epoch with all of them. */
export async function makeRoom(origin: string, size: number, name = 'member'): Promise<BenchRoom> {
  const key = await exchangeKeys();
  const members = await Promise.all(
    Array.from({ length: size }, (_, index) => register(origin, `${name} ${index + 1}`, key)),
  );
  const author = firstOf(members);
  const profile = newProfile({ name: 'Bench', topic: '' });
  const room = await groupRoomId(author.account, profile);
  const { header, secret, wraps } = await createEpoch(
    {
      room,
      author: { account: author.account, device: author.device },
      at: Date.now(),
      members: members.map((member, index) => ({
        account: member.account,
        identity: member.list.list.identity,
        role: index === 0 ? 'admin' : 'member',
        list: 1,
        listHash: member.list.hash,
      })),
      policy: { add: 'admin', history: 'joined', profile: 'admin' },
      invites: [],
      leaves: [],
      seen: { position: 0, chain: await chainGenesis(room) },
      profile,
    },
    {
      previous: null,
      previousSecret: null,
      signing: author.signing,
      recipients: members.map((member) => member.key),
      lists: async (account) => members.find((member) => member.account === account)?.list,
      departed: new Set(),
    },
  );
  await post(origin, PATHS.epochs(room), { header: toBase64Url(header.signed), wraps }, author);
  return { room, secret, members };
}

/** Padded ciphertext of a message; with header and signature the body has about 400 bytes. */
const CIPHERTEXT = 144;

/** Makes `send` frames of one room; counters go on where the last call ended (M2). */
export class Sealer {
  /** Where the server is now. */
  origin: string;
  readonly #room: BenchRoom;
  #counter = 0;

  constructor(origin: string, room: BenchRoom) {
    this.origin = origin;
    this.#room = room;
  }

  /**
   * Ciphertext and signature are random bytes: the server cannot tell, does the same work, and a hundred thousand
   * messages are made in a second.
   */
  async seal(count: number, bytes = CIPHERTEXT): Promise<SendFrame[]> {
    const { room, members } = this.#room;
    const { account, device } = firstOf(members);
    const seen = await this.#seen();
    return Array.from({ length: count }, () => {
      this.#counter += 1;
      const id = randomId<MessageId>();
      const header = MessageHeaderCodec.encode({
        ...{ v: 1, kind: 'log', room, epoch: 1, account, device, id, list: 1, seen },
        salt: randomBytes(16),
        counter: this.#counter,
      });
      const payload = MessageEnvelopeCodec.encode({ header, ciphertext: randomBytes(bytes) });
      const body = toBase64Url(joinSigned(payload, randomBytes(64)));
      return { id, text: JSON.stringify({ t: 'send', room, epoch: 1, id, body }) };
    }).map(({ id, text }) => ({ id, text, frame: maskedFrame(text) }));
  }

  /** The newest entry, as a device that is up to date names it. */
  async #seen() {
    const { room, members } = this.#room;
    const path = PATHS.log(room);
    const author = firstOf(members);
    const { head } = await get<LogPage>(this.origin, `${path}?after=0&limit=1`, author);
    const { chain } = await get<LogPage>(this.origin, `${path}?after=${head}&limit=1`, author);
    const bytes = fromBase64Url(chain);
    if (!bytes) throw new Error('a page without a chain hash');
    return { position: head, chain: bytes };
  }
}

/** Opens all members' connections, a hundred at once. */
export async function connectAll(origin: string, members: readonly Member[]): Promise<RawSocket[]> {
  const sockets: RawSocket[] = [];
  for (let at = 0; at < members.length; at += 100) {
    const some = members.slice(at, at + 100);
    sockets.push(...(await Promise.all(some.map((member) => connect(origin, member)))));
  }
  return sockets;
}
