import { type AccountId, type Bytes, LIMITS, type LogEntry, type RoomId } from '@sotto/protocol';
import { accountTopic } from '../bus/bus.ts';
import { bytesOf } from '../digest.ts';
import { Refused } from '../refusal.ts';
import { acceptMembership } from '../rooms/accept.ts';
import { asCommit } from '../rooms/commit.ts';
import type { Service } from '../service.ts';
import type { LogExtent, Membership } from '../store/store.ts';
import { type Brought, link, sameChain } from './entries.ts';
import { type Admission, readAdmission } from './headers.ts';
import { charge, weightOf } from './loads.ts';
import { checkOlder } from './older.ts';
import { replay } from './replay.ts';

export interface BroughtPage {
  readonly room: RoomId;
  /** Whose backup it is. */
  readonly by: AccountId;
  /** Chain hash before the first entry. */
  readonly chain: string;
  /** Of who is not known to be a member: those that show it. */
  readonly headers: readonly { readonly position: number; readonly header: string }[];
  readonly entries: readonly LogEntry[];
}

/** What of a room's log is here, for who asks. */
export interface Here {
  readonly base: number;
  readonly head: number;
}

/**
 * D1: a stretch of a log from the backup of somebody whom its headers admit. It makes the room, goes on where a log ends that
 * came back and in which nothing was written since, or leads to where the log here begins; what is here is compared.
 * @throws Refused 'restore_conflict' where the room goes on here with another history; 'not_member', alike whether the room
 *   is here; with the rule that an entry breaks
 */
export function bringLog(service: Service, page: BroughtPage): Promise<Here> {
  return service.restoring.turns.take(page.by, () => bring(service, page));
}

async function bring(service: Service, page: BroughtPage): Promise<Here> {
  const { store, lists, now } = service;
  const { room, by } = page;
  const chain = bytesOf(page.chain);
  const entries = link(chain, page.entries, now());
  const membership = await store.rooms.membership(room, by);
  const admission = membership ? null : await readAdmission(lists, page);
  const before = await store.rooms.logExtent(room);
  if (before && admission && !(await isOf(service, room, admission))) throw new Refused('not_member');
  const head = before ? reachOf(before, membership) : 0;
  // Attack 53: whatever was written behind where the account went, it is not told.
  if (membership?.until && (entries.at(-1)?.position ?? 0) > head) throw new Refused('restore_conflict');
  if (!before && admission) await makeRoom(service, page, { chain, admission, entries });
  const log = (await store.rooms.logExtent(room)) ?? NOTHING;
  await add(service, { room, by, chain }, log, entries);
  await welcome(service, room, by, head);
  // Behind headers that admit it later, it is no member yet.
  const { base = 0, head: reached = 0 } = (await store.rooms.logExtent(room)) ?? {};
  return { base, head: admission ? reached : Math.min(reached, membership?.until ?? reached) };
}

const NOTHING: Pick<LogExtent, 'base' | 'head' | 'still'> = { base: 0, head: 0, still: true };

/** @throws Refused 'not_member' for strangers, alike whether the room is here */
export async function hereOf({ store }: Service, room: RoomId, by: AccountId): Promise<Here> {
  const log = await store.rooms.logExtent(room);
  const membership = await store.rooms.membership(room, by);
  if (!log || !membership) throw new Refused('not_member');
  return { base: log.base, head: reachOf(log, membership) };
}

/** How far the account may know of it. */
const reachOf = ({ head }: LogExtent, membership: Membership | undefined): number =>
  Math.min(head, membership?.until ?? head);

/** The room that is here is the one of these headers. */
async function isOf({ store }: Service, room: RoomId, { headers }: Admission): Promise<boolean> {
  const state = await store.rooms.state(room);
  return headers.some(({ hash }) => sameChain(state?.headerHash, hash));
}

/** M2: the log begins with the room, or behind what the author of the header had seen that admits who brings it: signed. */
async function makeRoom(
  { store, journal }: Service,
  { room, by }: BroughtPage,
  { chain, admission, entries }: { chain: Bytes; admission: Admission; entries: readonly Brought[] },
): Promise<void> {
  const base = (entries[0]?.position ?? 1) - 1;
  const { headers, admitting } = admission;
  const { seen } = admitting.header;
  const anchor =
    base === 0 ? await store.log.chainAt(room, 0) : base === seen.position ? seen.chain : undefined;
  if (!sameChain(anchor, chain)) throw new Refused('restore_conflict');
  await charge(store, by, { rooms: 1 });
  if (base === 0) return; // its first header makes it
  const known = headers
    .filter(({ position }) => position <= base)
    // When it came nobody knows: its time is its author's word.
    .map(({ position, header, signed }) => ({
      position,
      commit: asCommit(header, { signed, time: 0, wraps: [] }),
    }));
  await charge(store, by, { bytes: known.reduce((sum, { commit }) => sum + weightOf.header(commit), 0) });
  const beginning = { room, by, base, chain, headers: known, limits: LIMITS };
  const begun = await journal.exclusive(() => store.rooms.begin(beginning));
  if (begun === 'limit') throw new Refused('limit');
  if (begun !== 'taken') throw new Refused('restore_conflict');
}

async function add(
  service: Service,
  { room, by, chain }: { room: RoomId; by: AccountId; chain: Bytes },
  { base, head, still }: typeof NOTHING,
  entries: readonly Brought[],
): Promise<void> {
  const { store, journal } = service;
  const [first, last] = [entries[0], entries.at(-1)];
  if (!first || !last) throw new Refused('malformed');
  if (last.position <= base) {
    await checkOlder(service, room, entries);
    const bytes = entries.reduce((sum, entry) => sum + weightOf.entry(entry), 0);
    await charge(store, by, { entries: entries.length, bytes });
    const filled = await journal.exclusive(() => store.rooms.fillIn({ room, chain, entries }));
    if (filled !== 'taken') throw new Refused('restore_conflict');
    return;
  }
  if (first.position <= base || first.position > head + 1) throw new Refused('restore_conflict');
  const here = entries.filter(({ position }) => position <= head).at(-1);
  const fits =
    sameChain(await store.log.chainAt(room, first.position - 1), chain) &&
    (!here || sameChain(await store.log.chainAt(room, here.position), here.chain));
  const more = entries.filter(({ position }) => position > head);
  if (!fits || (more.length > 0 && !still)) throw new Refused('restore_conflict');
  await replay(service, { room, by, base }, more);
}

/** Who brings a room back has accepted it (attack 48); members who are here hear how far it goes now. */
async function welcome(service: Service, room: RoomId, by: AccountId, head: number): Promise<void> {
  const { store, bus } = service;
  const own = await store.rooms.membership(room, by);
  if (own?.pending && own.until === null) await acceptMembership(service, room, by);
  const state = await store.rooms.state(room);
  if (!state || state.head === head) return;
  for (const account of await store.rooms.members(room)) {
    const pending = (await store.rooms.membership(room, account))?.pending ?? true;
    const told = { room, head: state.head, epoch: state.epoch, until: null, pending, chain: null };
    bus.publish(accountTopic(account), { type: 'room', head: told });
  }
}
