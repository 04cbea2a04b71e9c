import { type AccountId, headerEntryId, isEntryOf, type RoomId, splitSigned } from '@sotto/protocol';
import type { DeviceLists } from '../devices/lists.ts';
import { sha256 } from '../digest.ts';
import { checkEnvelope } from '../log/envelope.ts';
import { Refused } from '../refusal.ts';
import { asCommit } from '../rooms/commit.ts';
import { checkHeader, type Ground, groundOf } from '../rooms/header-rules.ts';
import type { Laid } from '../rooms/laid.ts';
import { asLeaveCommit, readLeave } from '../rooms/leave.ts';
import type { Service } from '../service.ts';
import { verifySignature } from '../signatures.ts';
import type { Append, Replay } from '../store/store.ts';
import type { Brought } from './entries.ts';
import { openHeader } from './headers.ts';
import { charge, weightOf } from './loads.ts';

/** A log that comes back, and whose backup it is. */
export interface Returning {
  readonly room: RoomId;
  readonly by: AccountId;
  /** The log begins behind this position. */
  readonly base: number;
}

/**
 * Attack 46: the next entries of a log, one after the other as when they came: the rules and the store's functions are those
 * of what is new, with the entry's time for the clock and the lists of then. What stood before a rule was broken stays.
 * @param entries behind the head
 * @throws Refused with the rule; 'restore_conflict' where something was written since the log came back
 */
export async function replay(
  service: Service,
  returning: Returning,
  entries: readonly Brought[],
): Promise<void> {
  const { store, lists, journal } = service;
  const { room, by } = returning;
  for (let at = 0; at < entries.length; ) {
    const run = runFrom(entries, at);
    const [first] = run;
    const ground = await groundOf(store, room);
    const next = { room, by, position: first.position, run: await readRun(lists, returning, ground, run) };
    await charge(store, by, { entries: run.length, bytes: weightOfRun(next.run) });
    switch (await journal.exclusive(() => store.rooms.replay(next))) {
      case 'taken':
        at += run.length;
        break;
      case 'limit':
        throw new Refused('limit');
      case 'conflict':
        throw new Refused('restore_conflict');
      case 'refused':
        throw new Refused('rule_broken', 'An entry would not have been taken when it was new.');
    }
  }
}

const weightOfRun = (run: Replay['run']): number => {
  switch (run.kind) {
    case 'epoch':
      return weightOf.header(run.commit);
    case 'leave':
      return weightOf.entry({ body: run.commit.signed });
    case 'messages':
      return run.messages.reduce((sum, message) => sum + weightOf.entry(message), 0);
  }
};

type Run = readonly [Brought, ...Brought[]];

/** All messages up to the next header or leave, or one of these alone. */
function runFrom(entries: readonly Brought[], at: number): Run {
  const [first, ...rest] = entries.slice(at) as [Brought, ...Brought[]];
  if (first.kind !== 'message') return [first];
  const end = rest.findIndex(({ kind }) => kind !== 'message');
  return [first, ...(end < 0 ? rest : rest.slice(0, end))];
}

async function readRun(
  lists: DeviceLists,
  returning: Returning,
  ground: Ground,
  run: Run,
): Promise<Replay['run']> {
  const [first] = run;
  const { kind, account, device, id, time, body } = first;
  if (kind === 'epoch') {
    const header = await openHeader(lists, returning.room, body);
    const ownId = headerEntryId(sha256(body));
    if (header.author.account !== account || header.author.device !== device || id !== ownId) {
      throw new Refused('malformed', 'A header stands under another author or id than its own.');
    }
    await checkHeader(lists, header, ground, { time, lists: 'named' });
    return { kind, commit: asCommit(header, { signed: body, time, wraps: [] }) };
  }
  const { previous } = ground;
  if (!previous) throw new Refused('rule_broken', 'R1: something stands before the room was made.');
  if (kind === 'leave') {
    const leave = await readLeave(lists, body, previous);
    if (!isEntryOf(leave, { account, device, id })) {
      throw new Refused('malformed', 'A leave statement stands under another author or id than its own.');
    }
    return { kind, commit: asLeaveCommit(leave, body, time) };
  }
  const messages = run.map((entry) => readMessage(lists, returning, previous, entry));
  return { kind: 'messages', messages: await Promise.all(messages) };
}

/**
 * M2, M3: a message as its envelope says. One that its device did not sign every client refuses, as when it came, since a
 * server does not look then: it keeps its place, and its counter does not count. Otherwise whoever put one in would keep the
 * whole log from coming back.
 */
async function readMessage(
  lists: DeviceLists,
  { room, base }: Returning,
  { header, position: headed }: Laid,
  { account, device, id, time, body }: Brought,
): Promise<Append> {
  const { epoch } = header;
  const { seen, counter, list } = checkEnvelope(body, { kind: 'log', room, epoch, account, device, id });
  const member = header.members.find((one) => one.account === account);
  if (!member) throw new Refused('rule_broken', 'R3: who wrote a message was no member then.');
  const pinned = await lists.at(account, member.list);
  const key = pinned?.list.devices.find((listed) => listed.device === device)?.signing;
  const { payload, signature } = splitSigned(body);
  const genuine = key && (await verifySignature('message', payload, signature, key));
  // Written before whoever brings the log was in: some authors had not seen where it begins.
  const unknown = seen.position < base && headed <= base;
  const claims = { list, ...(unknown ? {} : { seen }), ...(genuine ? { counter } : {}) };
  return { room, account, device, id, epoch, body, time, claims };
}
