import { createHash } from 'node:crypto';
import { type Content, directRoomId, randomBytes, randomId } from '@sotto/crypto';
import {
  type AccountId,
  ClientFrameSchema,
  type EpochHeader,
  type FileId,
  LIMITS,
  type MessageId,
  PATHS,
  PROOF_HEADER,
  type RoomId,
  roomFrom,
} from '@sotto/protocol';
import type { Answer } from '../attacks/support/member.ts';
import type { Attacker } from './attacker.ts';
import { drawCall } from './calls.ts';
import { type Schema, valueFor } from './values.ts';

/** One deed of a hostile account. @returns what the server said to it, in a word */
export type Deed = (by: Attacker) => Promise<string>;

const anyGroup = (): RoomId => roomFrom('group', randomBytes(32));

const said = ({ status, json }: Answer): string => String(json?.code ?? status);

/** Any call of the interface, with values that nearly fit. */
const call: Deed = async (by) => {
  const { method, path, body } = drawCall(by.draw);
  by.loot.keep(body);
  return said(await by.call(method, path, body));
};

/** The same request again, or its proof on another. */
const stolenProof: Deed = async (by) => {
  const { method, path, body } = drawCall(by.draw);
  const proof = await by.member.prove(method, path, body === undefined ? '' : JSON.stringify(body));
  const headers = { [PROOF_HEADER]: proof };
  await by.member.ask({ method, path, body, headers });
  const other = by.draw.chance.below(2) === 0 ? path : drawCall(by.draw).path;
  return said(await by.member.ask({ method, path: other, body, headers }));
};

/** Any frame; the server's answer, if there is one, comes later. */
const frame: Deed = async (by) => {
  const value = valueFor(ClientFrameSchema as unknown as Schema, '', by.draw);
  await by.say(by.draw.chance.below(50) === 0 ? 'no JSON' : JSON.stringify(value));
  return 'said';
};

/** A frame that nearly every rule holds of: a real message, sealed with something about it changed. */
const message: Deed = async (by) => {
  const { chance } = by.draw;
  const kind = chance.pick(['log', 'log', 'signal', 'receipt'] as const) ?? 'log';
  const known = by.draw.loot;
  const wrong = {
    counter: () => ({ counter: chance.pick([1, by.member.counter, LIMITS.count, 1_000_000]) ?? 1 }),
    epoch: () => ({ epoch: 1 + chance.below(9) }),
    list: () => ({ list: chance.pick([2, LIMITS.count]) ?? 2 }),
    seen: () => ({ seen: { position: chance.below(50), chain: randomBytes(32) } }),
    id: () => ({ id: (known.named('id', chance) ?? randomId<MessageId>()) as MessageId }),
    account: () => ({ account: chance.pick(by.others) ?? by.member.account }),
    nothing: () => ({}),
  };
  const change =
    wrong[chance.weighted({ counter: 2, epoch: 2, list: 1, seen: 2, id: 1, account: 1, nothing: 6 })]();
  const where = by.somewhere();
  const sealed = await by.member.seal(
    where,
    contentOf(by, kind),
    { kind, ...change },
    await by.secret(where),
  );
  const t = kind === 'log' ? 'send' : kind;
  const { room, epoch, id, body } = sealed;
  by.loot.keep({ room, id, body });
  await by.say(JSON.stringify(t === 'send' ? { t, room, epoch, id, body } : { t, room, epoch, body }));
  return 'said';
};

function contentOf({ draw: { chance }, others }: Attacker, kind: 'log' | 'signal' | 'receipt'): Content {
  const target = chance.pick([0, 1, 2, chance.below(40), LIMITS.count]) ?? 1;
  if (kind === 'signal') return { kind: 'typing', on: chance.below(2) === 0 };
  if (kind === 'receipt') return { kind: 'receipt', delivered: target, read: chance.below(60) };
  const body =
    chance.pick(['junk', '\u202ejunk\u0007', '𒀱'.repeat(50), 'x'.repeat(LIMITS.text), '@'.repeat(99)]) ?? '';
  const content: Record<string, Content> = {
    text: { kind: 'text', body, reply: target, mentions: others },
    edit: { kind: 'edit', target, body },
    delete: { kind: 'delete', target },
    reaction: { kind: 'reaction', target, emoji: body.slice(0, 20), on: true },
  };
  return chance.pick(Object.values(content)) as Content;
}

/** The next header of the common room, with something in it that is not its author's to say; signed all the same. */
const header: Deed = async (by) => {
  const { chance } = by.draw;
  const [one, two] = by.bystanders as [AccountId, AccountId];
  const theirs = await directRoomId(one, two);
  const cut = (list: EpochHeader['members']) => list.filter(() => chance.below(4) !== 0);
  const wrong: Record<string, (now: EpochHeader) => Partial<EpochHeader>> = {
    out: ({ members }) => ({ members: cut(members) }),
    admin: ({ members }) => ({ members: members.map((each) => ({ ...each, role: 'admin' })) }),
    twice: ({ members }) => ({ members: [...members, ...members].slice(0, 60) }),
    epoch: ({ epoch }) => ({ epoch: chance.pick([1, epoch - 1, epoch + 1, LIMITS.count]) ?? 1 }),
    time: () => ({ at: chance.pick([0, LIMITS.time, Date.now() + 3_600_000]) ?? 0 }),
    previous: () => ({ previous: randomBytes(32) }),
    commitment: () => ({ commitment: randomBytes(32) }),
    profile: () => ({ profile: randomBytes(32), sealed: randomBytes(272) }),
    lists: ({ members }) => ({ members: members.map((each) => ({ ...each, list: each.list + 1 })) }),
    policy: ({ policy }) => ({ policy: { ...policy, add: 'member', profile: 'member' } }),
    seen: () => ({ seen: { position: chance.below(90), chain: randomBytes(32) } }),
    link: () => ({ link: randomBytes(60) }),
    room: () => ({ room: chance.below(2) === 0 ? anyGroup() : theirs }),
    nothing: () => ({}),
  };
  const name = chance.pick([...Object.keys(wrong), 'nothing', 'nothing']) ?? 'nothing';
  const blank = chance.below(4) === 0; // some of the members get no key, or another one
  const { body } = await by.member.forge(by.room, wrong[name], (_to, secret) => {
    if (!blank) return secret;
    return chance.below(2) === 0 ? null : (randomBytes(32) as typeof secret);
  });
  by.loot.keep(body);
  return said(await by.call('POST', PATHS.epochs(by.room), body));
};

/** Drags people into rooms, and writes to them as somebody new. */
const found: Deed = async (by) => {
  const { chance } = by.draw;
  const one = chance.pick(by.bystanders) as AccountId;
  const direct = chance.below(3) === 0 ? await directRoomId(by.member.account, one) : undefined;
  const others = direct ? [one] : by.others.filter(() => chance.below(2) === 0);
  const answer = await by.member.found(others, { name: 'Bobby', topic: 'x'.repeat(400) }, direct);
  by.loot.keep({ room: answer.room });
  if (answer.status === 201) by.founded.push(answer.room);
  return said(answer);
};

/** An upload of a few bytes that says it is more or less. */
const upload: Deed = async (by) => {
  const { chance } = by.draw;
  const file = randomId<FileId>();
  const size = chance.pick([1, 100, 5_000_000_000, LIMITS.count]) ?? 1;
  by.loot.keep({ file });
  const begun = await stream(by, 'POST', PATHS.newFile(file, by.room, size), {
    'upload-length': String(size),
  });
  if (begun.status !== 201) return said(begun);
  const headers = {
    'upload-offset': String(chance.pick([0, 0, 1, size])),
    'content-type': 'application/offset+octet-stream',
  };
  return said(await stream(by, 'PATCH', PATHS.file(file), headers, randomBytes(1 + chance.below(200))));
};

async function stream(
  by: Attacker,
  method: 'POST' | 'PATCH',
  path: string,
  headers: Readonly<Record<string, string>>,
  body?: Uint8Array,
): Promise<Answer> {
  const proof = await by.member.prove(method, path);
  const all = { 'tus-resumable': '1.0.0', [PROOF_HEADER]: proof, ...headers };
  return by.member.ask({ method, path, headers: all, body });
}

/** Makes work for all who look on: connects and goes, or asks again and again for keys it has. */
const restless: Deed = async (by) => {
  const { chance } = by.draw;
  if (chance.below(2) === 0) await by.reconnect();
  const known = await by.member.read(by.room);
  const asked = [...known.entries]
    .slice(-20)
    .map(({ body }) => createHash('sha256').update(body).digest('base64url'));
  return said(await by.call('POST', PATHS.requests(by.room), { headers: asked }));
};

/** As many messages at once as its connection takes. */
const flood: Deed = async (by) => {
  const contents = Array.from({ length: 60 }, () => contentOf(by, 'log'));
  for (const each of await by.member.sealMany(by.room, contents)) await by.say(JSON.stringify(each));
  return 'said';
};

export const DEEDS = { call, stolenProof, frame, message, header, found, upload, restless, flood };
