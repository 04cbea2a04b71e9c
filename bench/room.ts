import {
  chainGenesis,
  createEpoch,
  type EpochSecret,
  generateKeyPair,
  randomId,
  sealMessage,
} from '@sotto/crypto';
import { type MessageId, PATHS, type RoomId, toBase64Url } from '@sotto/protocol';
import { type Member, post, register } from './member.ts';

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
export async function makeRoom(origin: string, size: number): Promise<BenchRoom> {
  const exchange = await generateKeyPair({ extractable: false });
  const members: Member[] = [];
  for (let index = 0; index < size; index += 1) {
    members.push(await register(origin, `member ${index + 1}`, exchange));
  }
  const room = randomId<RoomId>();
  const author = firstOf(members);
  const { header, secret, wraps } = await createEpoch(
    {
      room,
      kind: 'group',
      author: { account: author.account, device: author.device },
      at: Date.now(),
      members: members.map((member, index) => ({
        account: member.account,
        identity: member.list.list.identity,
        role: index === 0 ? 'admin' : 'member',
        list: 1,
        listHash: member.list.hash,
      })),
      policy: { add: 'admin', history: 'joined' },
      invites: [],
      leaves: [],
      seen: { position: 0, chain: await chainGenesis(room) },
      profile: { name: 'Bench', topic: '' },
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

export interface SendFrame {
  readonly id: MessageId;
  readonly text: string;
}

/** Sealed messages as `send` frames, made before the clock starts. */
export async function sealFrames({ room, secret, members }: BenchRoom, count: number): Promise<SendFrame[]> {
  const { account, device, signing } = firstOf(members);
  const chain = await chainGenesis(room);
  const frames: SendFrame[] = [];
  for (let counter = 1; counter <= count; counter += 1) {
    const id = randomId<MessageId>();
    const header = {
      kind: 'log',
      room,
      epoch: 1,
      account,
      device,
      id,
      counter,
      list: 1,
      seen: { position: 0, chain },
    } as const;
    const content = { kind: 'text', body: `message ${counter} `.padEnd(100, '.') } as const;
    const body = toBase64Url(await sealMessage(header, content, { secret, signing }));
    frames.push({ id, text: JSON.stringify({ t: 'send', room, epoch: 1, id, body }) });
  }
  return frames;
}
