import { createHash } from 'node:crypto';
import { chainGenesis, randomBytes, type SigningKey, sha256, sign } from '@sotto/crypto';
import {
  type AccountId,
  type Bytes,
  type Ciphertext,
  type DeviceId,
  type EpochHeader,
  EpochHeaderCodec,
  encodeCbor,
  fromBase64Url,
  headerEntryId,
  idBytes,
  type LogEntry,
  type MessageId,
  type RoomId,
  splitSigned,
  toBase64Url,
} from '@sotto/protocol';
import type { RawMember } from './member.ts';
import type { Puppet } from './puppet.ts';

/** The bytes of an entry's body, or of anything else in base64url. */
export function bytesOf(text: string): Bytes {
  const bytes = fromBase64Url(text);
  if (!bytes) throw new TypeError('not base64url');
  return bytes;
}

/** The newest header in a log, with the hash of its signed bytes. */
export function newestHeader(log: readonly LogEntry[]): { header: EpochHeader; hash: Bytes } {
  const entry = log.findLast((each) => each.kind === 'epoch');
  if (!entry) throw new Error('no header in this log');
  const signed = bytesOf(entry.body);
  const hash = new Uint8Array(createHash('sha256').update(signed).digest());
  return { header: EpochHeaderCodec.decode(splitSigned(signed).payload), hash };
}

/** A puppet as a header would pin it. */
export const memberOf = (puppet: Puppet) => ({
  account: puppet.account,
  identity: puppet.identity.publicKey,
  role: 'member' as const,
  list: puppet.list.list.version,
  listHash: puppet.list.hash,
});

/** An entry that carries a header signed by the puppet's device, whatever the header says. */
export async function forgedHeader(
  header: EpochHeader,
  puppet: Pick<Puppet, 'signing'>,
  version: number = header.v,
): Promise<Omit<LogEntry, 'position' | 'time' | 'body'> & { body: Bytes }> {
  const payload = EpochHeaderCodec.encode(header);
  // The version stands in one byte: CBOR sorts the key `v` first, behind the head of the map.
  if (version !== header.v) payload[3] = version;
  const body = await sign('epochHeader', payload, puppet.signing);
  const { account, device } = header.author;
  const id = headerEntryId(await sha256(body));
  return { kind: 'epoch', account, device, id, body };
}

/** A message that a puppet's device signs, with a ciphertext of any bytes. */
export async function forgedMessage(
  puppet: Puppet,
  fields: {
    v?: number;
    room: Parameters<typeof idBytes>[0];
    epoch: number;
    id: MessageId;
    counter: number;
    seen: { position: number; chain: Bytes };
    ciphertext: Bytes;
  },
): Promise<Omit<LogEntry, 'position' | 'time' | 'body'> & { body: Bytes }> {
  const { room, id, ciphertext, ...rest } = fields;
  const { account, device } = puppet;
  const header = encodeCbor({
    v: 1,
    kind: 'log',
    list: 1,
    salt: crypto.getRandomValues(new Uint8Array(16)),
    ...rest,
    room: idBytes(room),
    account: idBytes(account),
    device: idBytes(device),
    id: idBytes(id),
  });
  const body = await sign('message', encodeCbor([header, ciphertext]), puppet.signing);
  return { kind: 'message', account, device, id, body };
}

/** The entry with another author in the log's claim. */
export const claimedBy = <Entry extends object>(
  entry: Entry,
  author: { account: AccountId; device: DeviceId },
): Entry => ({ ...entry, ...author });

/** One bit of some bytes turned. */
export function flipped(text: string, at: number): Ciphertext {
  const bytes = bytesOf(text);
  bytes[at < 0 ? bytes.length + at : at] = (bytes.at(at) ?? 0) ^ 1;
  return bytes.toBase64({ alphabet: 'base64url', omitPadding: true }) as Ciphertext;
}

type Founder = Pick<RawMember, 'account' | 'device'> & { readonly signing: SigningKey };

/** The first header of a room, whatever its members and its id. */
export async function firstHeader(
  room: RoomId,
  { account, device, signing }: Founder,
  members: EpochHeader['members'],
  profile: Bytes | null = null,
): Promise<LogEntry> {
  const header: EpochHeader = {
    v: 1,
    room,
    epoch: 1,
    previous: null,
    author: { account, device },
    at: Date.now(),
    members,
    policy: { add: 'admin', history: 'joined', profile: 'admin' },
    invites: [],
    admission: null,
    leaves: [],
    seen: { position: 0, chain: await chainGenesis(room) },
    commitment: randomBytes(32),
    profile,
    sealed: null,
    link: null,
  };
  const body = await sign('epochHeader', EpochHeaderCodec.encode(header), signing);
  const id = headerEntryId(await sha256(body));
  const time = Date.now();
  return {
    position: 1,
    time,
    kind: 'epoch',
    account,
    device,
    id,
    body: toBase64Url(body) as LogEntry['body'],
  };
}

/** Accounts as a header would pin them, each as an admin. */
export const pinned = async (
  member: RawMember,
  accounts: readonly AccountId[],
): Promise<EpochHeader['members']> => {
  const keys = await member.keysOf(accounts);
  return accounts.map((account) => {
    const list = keys.get(account)?.list;
    if (!list) throw new Error('an account without a list');
    const { identity, version } = list.list;
    return { account, identity, role: 'admin', list: version, listHash: list.hash };
  });
};
