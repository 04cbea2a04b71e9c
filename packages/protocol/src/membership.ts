import { equalBytes } from './bytes.ts';
import type { EpochHeader, HeaderMember, Role } from './epoch-header.ts';
import type { AccountId, RoomId } from './ids.ts';
import { checkInvites, type InviteNews, isOpen, sameInvites } from './invite-rules.ts';
import { roomKind } from './room-id.ts';

/** What a header changes, in plain terms; the interface turns each into a system line. */
export type MembershipEvent =
  | { readonly type: 'created' }
  | { readonly type: 'added'; readonly account: AccountId }
  /** Came in by an invite link (R7). */
  | { readonly type: 'joined'; readonly account: AccountId; readonly invite: Uint8Array<ArrayBuffer> }
  | { readonly type: 'removed'; readonly account: AccountId }
  | { readonly type: 'left'; readonly account: AccountId }
  | { readonly type: 'role'; readonly account: AccountId; readonly role: Role }
  /** The member's device list moved on; see the list for what changed. */
  | { readonly type: 'devices'; readonly account: AccountId; readonly list: number }
  /** K3: the member goes by another name in its newest list; told by whoever holds the lists (`verifyHeader`). '' for a name
   * that none may have. */
  | {
      readonly type: 'named';
      readonly account: AccountId;
      readonly before: string;
      readonly name: string;
    }
  | { readonly type: 'identity'; readonly account: AccountId }
  | { readonly type: 'policy' }
  /** Name or topic changed; the sealed profile says to what. */
  | { readonly type: 'profile' }
  | ({ readonly type: 'invites' } & InviteNews)
  /** Nothing but fresh keys. */
  | { readonly type: 'rekeyed' };

export interface TransitionFacts {
  /** SHA-256 of the signed previous header; null before the first. */
  readonly previousHash: Uint8Array | null;
  /** Accounts whose leave statement in `next.leaves` was verified against the previous header. */
  readonly leavers: ReadonlySet<AccountId>;
  /** Accounts whose leave statement stands in the log since; empty where only headers are at hand. */
  readonly departed: ReadonlySet<AccountId>;
  /** `roomFrom` the hash of `roomInputOf(next)`; null where that is null. */
  readonly room: RoomId | null;
}

/** The rule a refused header breaks. */
export type MembershipRule = 'R1' | 'R3' | 'R7' | 'K3' | 'M2';

export type TransitionVerdict =
  | { readonly ok: true; readonly events: readonly MembershipEvent[] }
  | { readonly ok: false; readonly rule: MembershipRule; readonly reason: string };

const refuse = (rule: MembershipRule, reason: string): TransitionVerdict => ({ ok: false, rule, reason });

/**
 * R3: may `next` follow `previous`? The one implementation, run by every client on every header and by
 * the server early. It looks at structure only; signatures, device lists and the admission's signature are
 * verified by the caller before.
 */
export function checkTransition(
  previous: EpochHeader | null,
  next: EpochHeader,
  facts: TransitionFacts,
): TransitionVerdict {
  const author = next.members.find((m) => m.account === next.author.account);
  if (!author) return refuse('R3', 'the author is not among the members');
  const direct = roomKind(next.room) === 'direct' ? checkDirect(next, facts) : undefined;
  if (direct) return direct;
  return previous === null ? checkGenesis(next, author, facts) : checkSuccessor(previous, next, facts);
}

function checkGenesis(next: EpochHeader, author: HeaderMember, facts: TransitionFacts): TransitionVerdict {
  if (next.epoch !== 1) return refuse('R1', `the first epoch has number 1, not ${next.epoch}`);
  if (next.previous !== null) return refuse('R1', 'the first epoch names a header before it');
  if (next.link !== null) return refuse('R1', 'the first epoch links to one before it');
  if (facts.room !== next.room) return refuse('R1', 'this is not a room that its author can make'); // attack 46
  if (next.admission !== null) return refuse('R7', 'a room cannot be made by an invite');
  if (author.role !== 'admin') return refuse('R3', 'who makes a room is its admin');
  return { ok: true, events: [{ type: 'created' }] };
}

/** R1, attack 44: a direct room belongs to the two accounts that its id is made from, in every epoch. */
function checkDirect(next: EpochHeader, facts: TransitionFacts): TransitionVerdict | undefined {
  if (facts.room !== next.room) return refuse('R1', 'this is not the direct conversation of these members');
  if (next.admission !== null) return refuse('R7', 'a direct conversation cannot be joined');
  if (next.members.some((m) => m.role !== 'admin')) {
    return refuse('R3', 'both sides of a direct conversation are admins');
  }
  if (next.invites.length > 0) return refuse('R3', 'a direct conversation has no invites');
  return undefined;
}

function checkSuccessor(previous: EpochHeader, next: EpochHeader, facts: TransitionFacts): TransitionVerdict {
  if (next.room !== previous.room) return refuse('R1', 'the header belongs to another room');
  if (next.epoch !== previous.epoch + 1) {
    return refuse('R1', `epoch ${previous.epoch + 1} is next, not ${next.epoch}`); // attack 10
  }
  if (!facts.previousHash || !next.previous || !equalBytes(facts.previousHash, next.previous)) {
    return refuse('R1', 'the header does not extend the one before it');
  }
  if (next.seen.position < previous.seen.position)
    return refuse('M2', 'the author had seen less than before');

  const before = new Map(previous.members.map((m) => [m.account, m]));
  const after = new Map(next.members.map((m) => [m.account, m]));
  const mover = before.get(next.author.account);

  const order = checkOrder(previous, next, before, after);
  if (order) return refuse('R3', order);
  if (!mover) return checkJoin(previous, next, before, after, facts);
  if (next.admission !== null) return refuse('R7', 'a member does not need an invite');
  if (facts.leavers.has(mover.account) || facts.departed.has(mover.account))
    return refuse('R3', 'the author has left');

  const admin = mover.role === 'admin';
  const events: MembershipEvent[] = [];
  for (const old of previous.members) {
    if (after.has(old.account)) continue;
    const left = facts.leavers.has(old.account);
    if (!left && !admin) return refuse('R3', 'only an admin removes members'); // attack 30
    events.push({ type: left ? 'left' : 'removed', account: old.account });
  }
  for (const leaver of [...facts.leavers, ...facts.departed]) {
    if (after.has(leaver)) return refuse('R3', 'a member who left is still listed');
  }
  const heir = heirOf(previous, next);
  const vouching = vouchingOf(previous, mover, heir);
  for (const member of next.members) {
    const old = before.get(member.account);
    if (!old) {
      if (!admin && previous.policy.add !== 'member') return refuse('R3', 'only an admin adds members here');
      if (!admin && member.role !== 'member') return refuse('R3', 'only an admin makes admins');
      events.push({ type: 'added', account: member.account });
      continue;
    }
    const followed = followMember(old, member, vouching);
    if ('reason' in followed) return refuse('K3', followed.reason);
    events.push(...followed.events);
    if (old.role !== member.role) {
      const inherits = member.account === heir && member.role === 'admin';
      const startsOver = isAnother(old, member) && member.role === 'member';
      if (!admin && !inherits && !startsOver) return refuse('R3', 'only an admin changes roles');
      events.push({ type: 'role', account: member.account, role: member.role });
    }
  }
  if (!next.members.some((m) => m.role === 'admin')) return refuse('R3', 'a room always has an admin');

  if (!samePolicy(previous, next)) {
    if (!admin) return refuse('R3', 'only an admin changes the policy');
    events.push({ type: 'policy' });
  }
  if (!sameProfile(previous, next)) {
    if (!admin && previous.policy.profile !== 'member')
      return refuse('R3', 'only an admin renames this room');
    events.push({ type: 'profile' });
  }
  const mayInvite = admin || previous.policy.add === 'member';
  const removes = events.some((event) => event.type === 'removed');
  const invites = checkInvites(previous, next, { mayInvite, removes });
  if (!invites.ok) return invites;
  if (invites.news) events.push({ type: 'invites', ...invites.news });
  const link = checkLink(previous, next);
  if (link) return refuse('R1', link);
  return { ok: true, events: events.length > 0 ? events : [{ type: 'rekeyed' }] };
}

/** Who becomes admin when the last one leaves, or starts over with another identity: the member longest in the room. */
function heirOf(previous: EpochHeader, next: EpochHeader): AccountId | undefined {
  const kept = new Map(next.members.map((m) => [m.account, m]));
  const remaining = previous.members.filter((old) => {
    const now = kept.get(old.account);
    return now !== undefined && !isAnother(old, now);
  });
  return remaining.some((m) => m.role === 'admin') ? undefined : remaining[0]?.account;
}

/** K4: the same account under another identity key. */
const isAnother = (old: HeaderMember, member: HeaderMember) => !equalBytes(old.identity, member.identity);

/** Whom a header's author may carry over under a changed identity, and how. */
interface Vouching {
  readonly author: AccountId;
  readonly allowed: boolean;
  /** Only an ordinary member: who may add members adds no admins. */
  readonly asMember: boolean;
}

/**
 * K4: a changed identity is somebody new whom a member vouches for; never its own. It comes in as a new member would,
 * and an admin, or the other side of a direct room, may leave it its role.
 */
function vouchingOf(previous: EpochHeader, mover: HeaderMember, heir: AccountId | undefined): Vouching {
  const full = mover.role === 'admin';
  const adds = previous.policy.add === 'member' || mover.account === heir;
  return { author: mover.account, allowed: full || adds, asMember: !full };
}

const NOBODY: Omit<Vouching, 'author'> = { allowed: false, asMember: true };

/** Members keep their order; who is new stands behind. */
function checkOrder(
  previous: EpochHeader,
  next: EpochHeader,
  before: ReadonlyMap<AccountId, HeaderMember>,
  after: ReadonlyMap<AccountId, HeaderMember>,
): string | undefined {
  const kept = previous.members.filter((m) => after.has(m.account));
  for (const [index, member] of next.members.entries()) {
    const expected = kept[index];
    if (index < kept.length ? member.account !== expected?.account : before.has(member.account)) {
      return 'the order of members changed';
    }
  }
  return undefined;
}

/** R7: the only change an arriving account may make is to add itself. */
function checkJoin(
  previous: EpochHeader,
  next: EpochHeader,
  before: ReadonlyMap<AccountId, HeaderMember>,
  after: ReadonlyMap<AccountId, HeaderMember>,
  facts: TransitionFacts,
): TransitionVerdict {
  const admission = next.admission;
  if (!admission) return refuse('R3', 'the author is not a member');
  const invite = previous.invites.find((i) => equalBytes(i.key, admission.invite));
  if (!invite) return refuse('R7', 'the invite is not open in this room');
  if (!isOpen(invite, next.at)) return refuse('R7', 'the invite has expired');
  const removed = [...before.keys()].filter((account) => !after.has(account));
  if (removed.some((account) => !facts.leavers.has(account))) {
    return refuse('R7', 'who arrives by an invite removes nobody');
  }
  if ([...facts.leavers, ...facts.departed].some((account) => after.has(account))) {
    return refuse('R3', 'a member who left is still listed');
  }
  if (!samePolicy(previous, next)) return refuse('R7', 'who arrives by an invite does not change the policy');
  if (!sameProfile(previous, next)) return refuse('R7', 'who arrives by an invite does not rename the room');
  if (!sameInvites(previous, next)) return refuse('R7', 'who arrives by an invite does not change invites');
  if (next.link !== null) return refuse('R7', 'who arrives by an invite does not hold the past');
  const events: MembershipEvent[] = removed.map((account) => ({ type: 'left', account }));
  const heir = heirOf(previous, next);
  for (const member of next.members) {
    const old = before.get(member.account);
    if (!old) {
      if (member.account !== next.author.account || member.role !== 'member') {
        return refuse('R7', 'who arrives by an invite adds only themselves, as a member');
      }
      events.push({ type: 'joined', account: member.account, invite: admission.invite });
      continue;
    }
    const followed = followMember(old, member, { ...NOBODY, author: next.author.account });
    if ('reason' in followed) return refuse('K3', followed.reason);
    events.push(...followed.events);
    const inherits = member.account === heir && member.role === 'admin';
    if (old.role !== member.role && !inherits) {
      return refuse('R7', 'who arrives by an invite changes no roles');
    }
    if (old.role !== member.role) events.push({ type: 'role', account: member.account, role: member.role });
  }
  if (!next.members.some((m) => m.role === 'admin')) return refuse('R3', 'a room always has an admin');
  return { ok: true, events };
}

/** K3, attack 10: a member's list only moves forward; another identity is a change somebody vouches for. */
function followMember(
  old: HeaderMember,
  member: HeaderMember,
  { author, allowed, asMember }: Vouching,
): { events: MembershipEvent[] } | { reason: string } {
  if (isAnother(old, member)) {
    if (member.account === author) return { reason: 'nobody vouches for a changed identity of their own' };
    if (!allowed) return { reason: "only who may add members takes over a member's changed identity" };
    if (asMember && member.role !== 'member')
      return { reason: 'only an admin leaves a changed identity its role' };
    return { events: [{ type: 'identity', account: member.account }] };
  }
  if (member.list < old.list) return { reason: 'an older device list' };
  if (member.list === old.list) {
    return equalBytes(old.listHash, member.listHash)
      ? { events: [] }
      : { reason: 'two device lists with one version' }; // attack 4
  }
  return { events: [{ type: 'devices', account: member.account, list: member.list }] };
}

const samePolicy = ({ policy: a }: EpochHeader, { policy: b }: EpochHeader): boolean =>
  a.add === b.add && a.history === b.history && a.profile === b.profile;

/** The same name and topic, by their hash. */
const sameProfile = ({ profile: a }: EpochHeader, { profile: b }: EpochHeader): boolean =>
  a === null || b === null ? a === b : equalBytes(a, b);

/** Attack 23: the past is linked only where the policy before and now lets new members read it. */
function checkLink(previous: EpochHeader, next: EpochHeader): string | undefined {
  if (next.link === null) return undefined;
  return previous.policy.history === 'all' && next.policy.history === 'all'
    ? undefined
    : 'the past is linked against the policy';
}
