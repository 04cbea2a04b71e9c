import {
  type AccountId,
  admissionInput,
  type Bytes,
  checkTransition,
  type EpochHeader,
  EpochHeaderCodec,
  equalBytes,
  isDated,
  isOpen,
  type RoomId,
  roomFrom,
  roomInputOf,
  roomKind,
  splitSigned,
  toBase64Url,
} from '@sotto/protocol';
import type { DeviceLists } from '../devices/lists.ts';
import { sha256 } from '../digest.ts';
import { Refused } from '../refusal.ts';
import { verifySignature } from '../signatures.ts';
import type { Store } from '../store/store.ts';
import type { Laid } from './laid.ts';
import { readLeave } from './leave.ts';

/** What a header is laid upon. */
interface Ground {
  readonly previous: Laid | null;
  /** Who left since, by statements in the log. */
  readonly departed: readonly { readonly account: AccountId; readonly position: number }[];
  /** Of the newest entry: the next one is not dated before it (D1). 0 where there is none. */
  readonly time: number;
  /** Chain hash at a position; undefined beyond the log. */
  readonly chainAt: (position: number) => Promise<Bytes | undefined>;
}

/** What stands in the store. */
async function groundOf(store: Store, room: RoomId): Promise<Ground> {
  const state = await store.rooms.state(room);
  const departed = state ? await store.rooms.departed(room) : [];
  return {
    previous: state ? { header: decode(state.header), hash: state.headerHash, position: state.headed } : null,
    departed,
    time: state?.time ?? 0,
    chainAt: (position) => store.log.chainAt(room, position),
  };
}

/**
 * Attack 53: what a new header is judged by. Who is not in the room, and holds no open invite of it, is judged as where there
 * is no such room.
 * @throws Refused 'not_member', 'rule_broken', alike whether there is one
 */
export async function groundFor(store: Store, header: EpochHeader): Promise<Ground> {
  const { room, author, admission, epoch } = header;
  const ground = await groundOf(store, room);
  const { previous, departed } = ground;
  const isIn =
    previous?.header.members.some(({ account }) => account === author.account) &&
    !departed.some(({ account }) => account === author.account);
  if (isIn) return ground;
  if (admission) {
    if (previous && (await opens(header, previous.header.invites))) return ground;
    throw new Refused('rule_broken', 'R7: this invite is not open, or did not sign this arrival.');
  }
  if (epoch !== 1) throw new Refused('not_member');
  const genesis = await store.log.chainAt(room, 0);
  const chainAt = async (position: number) => (position === 0 ? genesis : undefined);
  return { previous: null, departed: [], time: 0, chainAt };
}

/** R7: the arrival is signed by an invite that stands there. */
async function opens(header: EpochHeader, invites: EpochHeader['invites']): Promise<boolean> {
  const { admission, previous } = header;
  const listed = invites.some(({ key }) => admission && equalBytes(key, admission.invite));
  return listed && previous !== null && signedArrival(header, previous);
}

async function signedArrival(header: EpochHeader, previous: Bytes): Promise<boolean> {
  const { admission, author, room, members } = header;
  const arriving = members.find(({ account }) => account === author.account);
  if (!admission || !arriving) return false;
  const payload = admissionInput({ room, ...author, identity: arriving.identity, previous });
  return verifySignature('admission', payload, admission.signature, admission.invite);
}

/**
 * R3: the membership rules, early. Clients check all of this again; nobody relies on the server.
 * @param now when the header came
 * @throws Refused
 */
export async function checkHeader(
  lists: DeviceLists,
  header: EpochHeader,
  ground: Ground,
  now: number,
): Promise<void> {
  const { previous, departed } = ground;
  const time = Math.max(now, ground.time);
  if (!isDated(header.at, time)) throw misdated(time);
  const current = previous?.header.epoch ?? 0;
  const extendsNewest = previous
    ? header.previous !== null && equalBytes(header.previous, previous.hash)
    : header.previous === null;
  if (header.epoch !== current + 1 || !extendsNewest) {
    throw new Refused('epoch_conflict', undefined, { epoch: current }); // R4, attack 10
  }
  await checkMembers(lists, header);
  await checkSeen(header, ground);
  const leavers = await checkLeaves(lists, header, previous);
  await checkAdmission(header, previous, now);
  // R3, attack 27: a statement counts once it stands in the log, where a device listed at that time brought it.
  if ([...leavers].some((account) => !departed.some((gone) => gone.account === account))) {
    throw new Refused('rule_broken', 'R3: a leave statement is not in the log of this room.');
  }
  const listed = new Set(header.members.map(({ account }) => account));
  // R4: a leave the author could not have seen is a race like another header; the loser rebases.
  if (departed.some((gone) => listed.has(gone.account) && gone.position > header.seen.position)) {
    throw new Refused('epoch_conflict', 'Somebody left meanwhile. Read the log and try again.', {
      epoch: current,
    });
  }
  const verdict = checkTransition(previous?.header ?? null, header, {
    previousHash: previous?.hash ?? null,
    leavers,
    departed: new Set(departed.map(({ account }) => account)),
    room: roomIdOf(header),
  });
  if (!verdict.ok) throw new Refused('rule_broken', `${verdict.rule}: ${verdict.reason}.`);
}

/** R1, attack 40: dated far from its entry. @param time the entry would have */
export const misdated = (time: number) => new Refused('misdated', undefined, { time });

const decode = (signed: Uint8Array): EpochHeader => EpochHeaderCodec.decode(splitSigned(signed).payload);

/** K3, attacks 4 and 10: every member as its newest list says. */
async function checkMembers(lists: DeviceLists, { members }: EpochHeader): Promise<void> {
  for (const { account, list: version, listHash, identity } of members) {
    const known = await lists.newest(account);
    if (!known) throw new Refused('not_found', 'The header lists an account that does not exist here.');
    const exact =
      known.list.version === version &&
      known.hash === toBase64Url(listHash) &&
      equalBytes(known.list.identity, identity);
    if (!exact) {
      throw new Refused('list_conflict', "The header does not name a member's device list as it is here.");
    }
  }
}

/** R1: the room that the header's content belongs to; null where nothing in it says. */
function roomIdOf(header: EpochHeader): RoomId | null {
  const input = roomInputOf(header);
  return input && roomFrom(roomKind(header.room), sha256(input));
}

/** M2: what the author claims to have seen is what stands there, and reaches the header before. */
async function checkSeen({ seen, admission }: EpochHeader, { previous, chainAt }: Ground): Promise<void> {
  if (!admission && previous && seen.position < previous.position) {
    // Attack 27: every client refuses such a header; once in, it would leave the room without a next epoch.
    throw new Refused('rule_broken', 'M2: the author had not seen the header it extends.');
  }
  const chain = await chainAt(seen.position);
  if (!chain || !equalBytes(chain, seen.chain)) {
    throw new Refused('malformed', 'The header names a log position that is not in this log.');
  }
}

/** R3: who is dropped as a leaver said so, under the header before. */
async function checkLeaves(
  lists: DeviceLists,
  header: EpochHeader,
  previous: Laid | null,
): Promise<Set<AccountId>> {
  const leavers = new Set<AccountId>();
  for (const signed of header.leaves) {
    if (!previous) throw new Refused('rule_broken', 'R3: nobody leaves a room before it is made.');
    leavers.add((await readLeave(lists, signed, previous)).account);
  }
  return leavers;
}

/** R7: the invite's key signed exactly this arrival. */
async function checkAdmission(header: EpochHeader, previous: Laid | null, now: number): Promise<void> {
  const { admission } = header;
  if (!admission) return;
  if (!previous) throw new Refused('rule_broken', 'R7: an invite admits its bearer to a room that exists.');
  // Attack 38: by this clock too; its author may date the header back by as much as clocks may be apart.
  const invite = previous.header.invites.find(({ key }) => equalBytes(key, admission.invite));
  if (invite && !isOpen(invite, now)) throw new Refused('rule_broken', 'R7: the invite has expired.');
  if (!(await signedArrival(header, previous.hash))) {
    throw new Refused('bad_signature', 'The invite did not sign this arrival.');
  }
}
