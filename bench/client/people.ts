import {
  chainGenesis,
  createDeviceList,
  createEpoch,
  createExchangeKey,
  type EpochSecret,
  generateKeyPair,
  generateSigningKey,
  groupRoomId,
  type KemKeyPair,
  type ListLookup,
  newProfile,
  type RoomProfile,
  randomId,
  type SigningKey,
  type VerifiedExchangeKey,
  type VerifiedHeader,
  type VerifiedList,
} from '@sotto/crypto';
import type { AccountId, DeviceId, RoomId } from '@sotto/protocol';

/** An account with one device, made without a server. */
export interface Person {
  readonly account: AccountId;
  readonly device: DeviceId;
  readonly signing: SigningKey;
  readonly list: VerifiedList;
  readonly key: VerifiedExchangeKey;
}

/** @param exchange one pair for all: making RSA keys is not what is measured */
async function makePerson(exchange: KemKeyPair): Promise<Person> {
  const device = randomId<DeviceId>();
  const identity = await generateSigningKey({ extractable: false });
  const signing = await generateSigningKey({ extractable: false });
  const at = Date.now();
  const devices = [{ device, signing: signing.publicKey }];
  const list = await createDeviceList({ identity, at, name: 'Somebody', devices });
  const { account } = list.list;
  // Bytes of its own: what is kept with a key's bytes is not shared among people.
  const publicKey = exchange.publicKey.slice();
  const key = await createExchangeKey({ account, device, publicKey, signing, at });
  return { account, device, signing, list, key };
}

export interface Cast {
  readonly people: readonly Person[];
  readonly first: Person;
  readonly exchange: KemKeyPair;
  readonly lists: ListLookup;
  /** The group that the first of them founds. */
  readonly room: RoomId;
  readonly profile: RoomProfile;
}

export async function castOf(size: number): Promise<Cast> {
  const exchange = await generateKeyPair({ extractable: false });
  const people: Person[] = [];
  for (let index = 0; index < size; index += 1) people.push(await makePerson(exchange));
  const [first] = people;
  if (!first) throw new Error('nobody');
  const byAccount = new Map(people.map((person) => [person.account, person.list]));
  const profile = newProfile({ name: 'Bench', topic: '' });
  const room = await groupRoomId(first.account, profile);
  return { people, first, exchange, lists: async (account) => byAccount.get(account), room, profile };
}

export interface Epoch {
  readonly header: VerifiedHeader;
  readonly secret: EpochSecret;
}

/** The next epoch of a room with everyone, wrapped for all their devices. */
export async function nextEpoch(
  cast: Cast,
  { before, recipients }: { before: Epoch | null; recipients: readonly VerifiedExchangeKey[] },
): Promise<Epoch> {
  const { people, first, lists, room, profile } = cast;
  return createEpoch(
    {
      room,
      author: { account: first.account, device: first.device },
      at: Date.now(),
      members: people.map(({ account, list }, index) => ({
        account,
        identity: list.list.identity,
        role: index === 0 ? 'admin' : 'member',
        list: 1,
        listHash: list.hash,
      })),
      policy: { add: 'admin', history: 'joined', profile: 'admin' },
      invites: [],
      leaves: [],
      seen: { position: 0, chain: await chainGenesis(room) },
      profile,
    },
    {
      previous: before?.header ?? null,
      previousSecret: before?.secret ?? null,
      signing: first.signing,
      recipients,
      lists,
      departed: new Set(),
    },
  );
}
