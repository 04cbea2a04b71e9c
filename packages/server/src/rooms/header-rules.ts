import {
  type AccountId,
  admissionInput,
  checkTransition,
  directRoomInput,
  type EpochHeader,
  EpochHeaderCodec,
  equalBytes,
  idFromBytes,
  type RoomId,
  splitSigned,
  toBase64Url,
} from '@sotto/protocol';
import { newestList } from '../devices/lists.ts';
import { sha256 } from '../digest.ts';
import { idPart } from '../log/entry.ts';
import { Refused } from '../refusal.ts';
import { verifySignature } from '../signatures.ts';
import type { RoomState, Store } from '../store/store.ts';
import { readLeave } from './leave.ts';

/**
 * R3: the membership rules, early. Clients check all of this again; nobody relies on the server.
 * @throws Refused
 */
export async function checkHeader(store: Store, header: EpochHeader, now: number): Promise<void> {
  const state = await store.rooms.state(header.room);
  const current = state?.epoch ?? 0;
  const extendsNewest = state
    ? header.previous !== null && equalBytes(header.previous, state.headerHash)
    : header.previous === null;
  if (header.epoch !== current + 1 || !extendsNewest) {
    throw new Refused('epoch_conflict', undefined, { epoch: current }); // R4, attack 10
  }
  await checkMembers(store, header);
  if (header.kind === 'direct') checkDirectId(header);
  await checkSeen(store, header);
  const leavers = await checkLeaves(store, header, state);
  await checkAdmission(header, state, now);
  const departed = state ? await store.rooms.departed(header.room) : [];
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
  const verdict = checkTransition(state ? decode(state.header) : null, header, {
    previousHash: state?.headerHash ?? null,
    leavers,
    departed: new Set(departed.map(({ account }) => account)),
  });
  if (!verdict.ok) throw new Refused('rule_broken', `${verdict.rule}: ${verdict.reason}.`);
}

const decode = (signed: Uint8Array): EpochHeader => EpochHeaderCodec.decode(splitSigned(signed).payload);

/** K3, attacks 4 and 10: every member as its newest list says. */
async function checkMembers(store: Store, header: EpochHeader): Promise<void> {
  for (const member of header.members) {
    const newest = await newestList(store, member.account);
    if (!newest) throw new Refused('not_found', 'The header lists an account that does not exist here.');
    const { list, hash } = newest;
    const exact =
      list.version === member.list &&
      hash === toBase64Url(member.listHash) &&
      equalBytes(list.identity, member.identity);
    if (!exact) {
      throw new Refused('list_conflict', "The header does not name a member's newest device list.");
    }
  }
}

/** R1: the id of a direct room follows from its two accounts. @throws Refused */
export function checkDirectId(header: EpochHeader): void {
  const [a, b] = header.members;
  if (!a || !b || directRoomId(a.account, b.account) !== header.room) {
    throw new Refused('rule_broken', 'R1: this is not the direct room of these two.');
  }
}

function directRoomId(a: AccountId, b: AccountId): RoomId {
  return idFromBytes<RoomId>(idPart(sha256(directRoomInput(a, b))));
}

/** M2: what the author claims to have seen is what stands there, and reaches the header before. */
async function checkSeen(store: Store, header: EpochHeader): Promise<void> {
  const { room, seen, epoch, admission } = header;
  const before = admission ? undefined : await store.rooms.header(room, epoch - 1);
  if (before && seen.position < before.position) {
    // Attack 27: every client refuses such a header; once in, it would leave the room without a next epoch.
    throw new Refused('rule_broken', 'M2: the author had not seen the header it extends.');
  }
  const chain = await store.log.chainAt(room, seen.position);
  if (!chain || !equalBytes(chain, seen.chain)) {
    throw new Refused('malformed', 'The header names a log position that is not in this log.');
  }
}

/** R3: who is dropped as a leaver said so, under the header before. */
async function checkLeaves(
  store: Store,
  header: EpochHeader,
  state: RoomState | undefined,
): Promise<Set<AccountId>> {
  const leavers = new Set<AccountId>();
  for (const signed of header.leaves) {
    if (!state) throw new Refused('rule_broken', 'R3: nobody leaves a room before it is made.');
    const leave = await readLeave(store, signed);
    if (leave.room !== header.room || !equalBytes(leave.header, state.headerHash)) {
      throw new Refused('rule_broken', 'R3: a leave statement is for another room or header.');
    }
    leavers.add(leave.account);
  }
  return leavers;
}

/** Attack 38: clients compare an invite's end with the header's time; this is how far it may be off (milliseconds). */
const ARRIVAL_SKEW = 300_000;

/** R7: the invite's key signed exactly this arrival. */
async function checkAdmission(header: EpochHeader, state: RoomState | undefined, now: number): Promise<void> {
  const { admission, author, room } = header;
  if (!admission) return;
  const arriving = header.members.find(({ account }) => account === author.account);
  if (!arriving || !state)
    throw new Refused('rule_broken', 'R7: an invite admits its bearer to a room that exists.');
  // Attack 38: by this clock too; the time in the header is whatever its author likes.
  const invite = decode(state.header).invites.find(({ key }) => equalBytes(key, admission.invite));
  if (invite && invite.expires <= now) throw new Refused('rule_broken', 'R7: the invite has expired.');
  if (Math.abs(header.at - now) > ARRIVAL_SKEW) {
    throw new Refused('rule_broken', 'R7: the time of the arrival is not the time of this server.');
  }
  const payload = admissionInput({
    room,
    ...author,
    identity: arriving.identity,
    previous: state.headerHash,
  });
  if (!(await verifySignature('admission', payload, admission.signature, admission.invite))) {
    throw new Refused('bad_signature', 'The invite did not sign this arrival.');
  }
}
