/** A conversation on one device: verifying and opening its history, sealing what is sent. */
import {
  type AdvanceContext,
  advanceRoom,
  chainNext,
  ReadAhead,
  randomId,
  sealMessage,
  startRoom,
} from '@sotto/crypto';
import {
  type Bytes,
  type Ciphertext,
  headerEntryId,
  type LogEntry,
  type MessageId,
  toBase64Url,
} from '@sotto/protocol';
import { type Cost, type Effort, flow, measureTrials } from './cost.ts';
import { castOf, nextEpoch } from './people.ts';
import { messagePrimitives } from './primitives.ts';

/** Messages of the history that is read. */
const HISTORY = 400;
/** Bytes of a message's text; padded, and what is signed of it. */
const TEXT = 'x'.repeat(300);
const PADDED = 352;
const SIGNED = 600;
const TARGET = 0.6;

/** A log with its first header and many messages of two people, as a server sends it. */
async function conversation() {
  const cast = await castOf(2);
  const { room } = cast;
  const { header, secret } = await nextEpoch(cast, {
    before: null,
    recipients: cast.people.map(({ key }) => key),
  });
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
    id: headerEntryId(header.hash),
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

/** Messages opened at a time, as in `ReadAhead`. */
const WIDTH = 8;
const SENT = 200;

export async function benchMessages(effort: Effort): Promise<Cost[]> {
  const { read, send } = await conversation();
  const one = await messagePrimitives({ plain: PADDED, signed: SIGNED });
  const name = (what: string) => `${what} a message of ${TEXT.length} bytes`;
  return measureTrials(
    [
      {
        name: name('verify and open'),
        ours: read,
        raw: () =>
          flow(HISTORY, WIDTH, async () => {
            await one.chain();
            await one.verify();
            await one.derive();
            await one.open();
          }),
        ...{ count: HISTORY, target: TARGET },
        of: 'Ed25519 + HKDF + key import and AES-GCM + SHA-256',
      },
      {
        name: name('seal and frame'),
        ours: () => flow(SENT, 1, send),
        raw: () =>
          flow(SENT, 1, async () => {
            await one.derive();
            await one.seal();
            await one.sign();
          }),
        ...{ count: SENT, target: TARGET },
        of: 'HKDF + key import and AES-GCM + Ed25519',
      },
    ],
    effort,
  );
}
