/** A conversation on one device: verifying and opening its history, sealing what is sent. */
import {
  type AdvanceContext,
  advanceRoom,
  chainNext,
  ReadAhead,
  randomBytes,
  randomId,
  sealMessage,
  signBytes,
  startRoom,
  verifyBytes,
} from '@sotto/crypto';
import {
  type Bytes,
  type Ciphertext,
  idFromBytes,
  type LogEntry,
  type MessageId,
  type RoomId,
  toBase64Url,
} from '@sotto/protocol';
import { type Cost, type Effort, timesOf } from './cost.ts';
import { castOf, nextEpoch } from './people.ts';

/** Messages of the history that is read. */
const HISTORY = 400;
/** Bytes of a message's text; padded and signed its body has about 600. */
const TEXT = 'x'.repeat(300);
const PADDED = 352;
const TARGET = 0.6;

/** A log with its first header and many messages of two people, as a server sends it. */
async function conversation() {
  const cast = await castOf(2);
  const room = randomId<RoomId>();
  const { header, secret } = await nextEpoch(cast, room, null);
  const entries: LogEntry[] = [];
  let { chain } = await startRoom(room);
  const append = async (
    from: { account: LogEntry['account']; device: LogEntry['device'] },
    entry: { kind: LogEntry['kind']; id: MessageId; body: Bytes },
  ) => {
    const link = { position: entries.length + 1, time: Date.now(), ...entry, ...from };
    chain = await chainNext(chain, link);
    entries.push({ ...link, body: toBase64Url(entry.body) as Ciphertext });
  };
  const write = async (index: number) => {
    const author = cast.people[index % 2] ?? cast.first;
    const { account, device, signing } = author;
    const id = randomId<MessageId>();
    const seen = { position: entries.length, chain };
    const claims = {
      kind: 'log',
      room,
      epoch: 1,
      account,
      device,
      id,
      counter: index + 1,
      list: 1,
      seen,
    } as const;
    return { author, id, body: await sealMessage(claims, { kind: 'text', body: TEXT }, { secret, signing }) };
  };
  await append(cast.first, {
    kind: 'epoch',
    id: idFromBytes<MessageId>(header.hash.slice(0, 16)),
    body: header.signed,
  });
  for (let index = 0; index < HISTORY; index += 1) {
    const { author, id, body } = await write(index);
    await append(author, { kind: 'message', id, body });
  }
  const context: AdvanceContext = {
    lists: cast.lists,
    secrets: async () => secret,
    chainAt: async () => undefined,
  };
  const read = async () => {
    let state = await startRoom(room);
    const ahead = new ReadAhead(entries, context);
    for (const entry of entries) {
      const taken = await advanceRoom(state, entry, { ...context, ahead });
      if (taken.outcome.type === 'rejected') throw taken.outcome.error;
      state = taken.state;
    }
  };
  /** What leaves for one text: sealed, and framed as the connection sends it. */
  const send = async () => {
    const { id, body } = await write(HISTORY);
    return JSON.stringify({ t: 'send', room, epoch: 1, id, body: toBase64Url(body) });
  };
  return { read, send };
}

/** The primitives of one message, each on its own. */
async function primitives() {
  const { signing } = (await castOf(1)).first;
  const secret = await crypto.subtle.importKey('raw', randomBytes(32), 'HKDF', false, ['deriveBits']);
  const hkdf = { name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(0), info: randomBytes(65) };
  const aes = { name: 'AES-GCM', iv: randomBytes(12), additionalData: randomBytes(160) };
  const raw = randomBytes(32);
  const both = await crypto.subtle.importKey('raw', raw, 'AES-GCM', false, ['encrypt', 'decrypt']);
  const plain = randomBytes(PADDED);
  const sealed = await crypto.subtle.encrypt(aes, both, plain);
  const signed = randomBytes(600);
  const signature = await signBytes(signing, signed);
  const importKey = (use: 'encrypt' | 'decrypt') =>
    crypto.subtle.importKey('raw', raw, 'AES-GCM', false, [use]);
  return {
    derive: () => crypto.subtle.deriveBits(hkdf, secret, 352),
    open: async () => crypto.subtle.decrypt(aes, await importKey('decrypt'), sealed),
    seal: async () => crypto.subtle.encrypt(aes, await importKey('encrypt'), plain),
    verify: () => verifyBytes(signing.publicKey, signature, signed),
    sign: () => signBytes(signing, signed),
  };
}

export async function benchMessages(effort: Effort): Promise<Cost[]> {
  const { read, send } = await conversation();
  const one = await primitives();
  const runs = 200;
  const parts = [one.derive, one.open, one.seal, one.verify, one.sign, send];
  const [derive = 0, open = 0, seal = 0, verify = 0, sign = 0, sending = 0] = await timesOf(
    parts,
    runs,
    effort,
  );
  const [reading = 0] = await timesOf([read], 1, effort);
  const name = (what: string) => `${what} a message of ${TEXT.length} bytes`;
  return [
    {
      name: name('verify and open'),
      ours: reading / HISTORY,
      raw: derive + open + verify,
      of: 'HKDF + key import and AES-GCM + Ed25519',
      target: TARGET,
    },
    {
      name: name('seal and frame'),
      ours: sending,
      raw: derive + seal + sign,
      of: 'HKDF + key import and AES-GCM + Ed25519',
      target: TARGET,
    },
  ];
}
