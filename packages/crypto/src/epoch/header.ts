import {
  type AccountId,
  admissionInput,
  type Bytes,
  checkTransition,
  type DeviceId,
  type DeviceList,
  type EpochHeader,
  EpochHeaderCodec,
  equalBytes,
  type HeaderMember,
  isDated,
  type MembershipEvent,
  type RoomId,
  roomFrom,
  roomInputOf,
  roomKind,
  shownName,
  signingInput,
  splitSigned,
} from '@sotto/protocol';
import { type ListLookup, signingKeyOf, type VerifiedList } from '../device/device-list.ts';
import { VerificationError } from '../failure.ts';
import { parse } from '../parse.ts';
import { sha256 } from '../primitives/digest.ts';
import { openSigned, verifyBytes } from '../primitives/ed25519.ts';
import { verifyLeave } from './leave.ts';
import type { VerifiedHeader } from './verified-header.ts';

export interface HeaderContext {
  readonly previous: VerifiedHeader | null;
  readonly room: RoomId;
  /** Who the log says made it; the signature decides (attack 15). */
  readonly author: { readonly account: AccountId; readonly device: DeviceId };
  readonly lists: ListLookup;
  /** Accounts that left by a statement in the log since the previous header. */
  readonly departed: ReadonlySet<AccountId>;
  /** What the log gives its entry, in milliseconds since 1970; null where there is none yet, or none is shown. */
  readonly time: number | null;
}

async function need(lists: ListLookup, account: AccountId, version: number): Promise<VerifiedList> {
  const list = await lists(account, version);
  if (list) return list;
  throw new VerificationError('K3', 'missing_list', 'a device list is not known here yet', {
    missing: { account, version },
  });
}

/**
 * R1, R3, R7, K3: signature first, then form, then every rule.
 * @throws VerificationError with the rule; with `missing` where a device list must be fetched first
 */
export async function verifyHeader(signed: Bytes, context: HeaderContext): Promise<VerifiedHeader> {
  const { account, device } = context.author;
  // Read first only to learn which list holds the author's key: all clients then try the same key, however far
  // the lists they know reach (attack 27). Nothing else of it is used before these exact bytes verified.
  const header = parse('R1', () => EpochHeaderCodec.decode(splitSigned(signed).payload));
  if (header.author.account !== account || header.author.device !== device) {
    throw new VerificationError('R1', 'wrong_sender', 'the header names another author');
  }
  await openSigned('epochHeader', signed, await authorKey(header, context.lists), 'R1');
  if (header.room !== context.room)
    throw new VerificationError('R1', 'wrong_room', 'the header belongs to another room');
  if (context.time !== null && !isDated(header.at, context.time)) {
    throw new VerificationError('R1', 'misdated', 'the header is dated far from when it came'); // attack 40
  }
  await checkMembers(header, context.lists);
  if (header.admission) await checkAdmission(header, context.previous);
  const leavers = await checkLeaves(header, context);
  const verdict = checkTransition(context.previous?.header ?? null, header, {
    previousHash: context.previous?.hash ?? null,
    leavers,
    departed: context.departed,
    room: await roomIdOf(header),
  });
  if (!verdict.ok) throw new VerificationError(verdict.rule, 'rule_broken', verdict.reason);
  const before = context.previous?.header.members ?? [];
  const events = await withNames(verdict.events, { before, after: header.members, lists: context.lists });
  return { header, hash: await sha256(signed), signed, events };
}

/** K3: a list may move on for another name as well as for other devices; what is said is what changed in it. */
async function withNames(
  events: readonly MembershipEvent[],
  {
    before,
    after,
    lists,
  }: { before: readonly HeaderMember[]; after: readonly HeaderMember[]; lists: ListLookup },
): Promise<MembershipEvent[]> {
  const told: MembershipEvent[] = [];
  for (const event of events) {
    const { old, now } = await listsOf(event);
    const named = old && now && old.name !== now.name;
    if (!named || event.type === 'identity' || !sameDevices(old, now)) told.push(event);
    if (named)
      told.push({
        type: 'named',
        account: now.account,
        before: shownName(old.name),
        name: shownName(now.name),
      });
  }
  return told;

  async function listsOf(event: MembershipEvent): Promise<{ old?: DeviceList; now?: DeviceList }> {
    if (event.type !== 'devices' && event.type !== 'identity') return {};
    const [old, now] = await Promise.all(
      [before, after].map(async (members) => {
        const member = members.find(({ account }) => account === event.account);
        return member && (await lists(member.account, member.list))?.list;
      }),
    );
    return { ...(old ? { old } : {}), ...(now ? { now } : {}) };
  }
}

const sameDevices = (old: DeviceList, now: DeviceList): boolean =>
  old.devices.length === now.devices.length &&
  old.devices.every(({ device }) => now.devices.some((listed) => listed.device === device));

/** The author's device key in the very list that the header pins for its author. */
async function authorKey(header: EpochHeader, lists: ListLookup): Promise<Bytes> {
  const author = header.members.find((m) => m.account === header.author.account);
  if (!author) throw new VerificationError('R3', 'rule_broken', 'the author is not among the members');
  const { list } = await need(lists, author.account, author.list);
  const key = signingKeyOf(list, header.author.device);
  if (key) return key;
  // Attack 1: a ghost device is in no list that the account signed.
  throw new VerificationError(
    'K3',
    'unknown_device',
    'the author’s device is not in the list the header names',
  );
}

/** Attacks 1 and 4: every member's list is known, is the one named, and carries the identity named. */
async function checkMembers(header: EpochHeader, lists: ListLookup): Promise<void> {
  for (const member of header.members) {
    const { list, hash } = await need(lists, member.account, member.list);
    if (!equalBytes(hash, member.listHash)) {
      throw new VerificationError(
        'K3',
        'bad_list',
        'the header names another device list under the same version',
        { differs: { account: member.account, version: member.list } },
      );
    }
    if (!equalBytes(list.identity, member.identity)) {
      throw new VerificationError('K4', 'identity_changed', 'the header names another identity for a member');
    }
  }
}

async function roomIdOf(header: EpochHeader): Promise<RoomId | null> {
  const input = roomInputOf(header);
  return input && roomFrom(roomKind(header.room), await sha256(input));
}

/** R7: the invite's key signed exactly this arrival. */
async function checkAdmission(header: EpochHeader, previous: VerifiedHeader | null): Promise<void> {
  const bad = () => new VerificationError('R7', 'bad_admission', 'the invite did not admit this author');
  const { admission, author } = header;
  const arriving = header.members.find((m) => m.account === author.account);
  if (!admission || !arriving || !previous) throw bad();
  const payload = admissionInput({
    room: header.room,
    ...author,
    identity: arriving.identity,
    previous: previous.hash,
  });
  if (!(await verifyBytes(admission.invite, admission.signature, signingInput('admission', payload))))
    throw bad();
}

async function checkLeaves(header: EpochHeader, context: HeaderContext): Promise<Set<AccountId>> {
  const leavers = new Set<AccountId>();
  for (const signed of header.leaves) {
    if (!context.previous)
      throw new VerificationError('R3', 'rule_broken', 'nobody can leave a room before it is made');
    const leave = await verifyLeave(signed, context.previous, context.lists);
    leavers.add(leave.account);
  }
  return leavers;
}

/**
 * R4, attack 42: there is one header of each number. Of a second one both are genuine, however they came here; who is
 * shown the one and who the other are kept apart by the server.
 * @throws VerificationError R4 'fork'
 */
export function demandSame(known: Pick<VerifiedHeader, 'hash'> | undefined, shown: Bytes): void {
  if (!known || equalBytes(known.hash, shown)) return;
  throw new VerificationError('R4', 'fork', 'the server shows two headers of one epoch');
}

/**
 * Verifies all headers of a room from epoch 1, as a member who joins later does.
 * @returns them verified, in order
 */
export async function verifyHeaderChain(
  room: RoomId,
  headers: readonly {
    signed: Bytes;
    author: { account: AccountId; device: DeviceId };
    time?: number | undefined;
  }[],
  lists: ListLookup,
): Promise<VerifiedHeader[]> {
  const verified: VerifiedHeader[] = [];
  for (const { signed, author, time } of headers) {
    const previous = verified.at(-1) ?? null;
    verified.push(
      await verifyHeader(signed, { previous, room, author, lists, departed: new Set(), time: time ?? null }),
    );
  }
  return verified;
}
