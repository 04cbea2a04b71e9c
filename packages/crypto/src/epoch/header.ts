import {
  type AccountId,
  admissionInput,
  type Bytes,
  checkTransition,
  type DeviceId,
  type EpochHeader,
  EpochHeaderCodec,
  equalBytes,
  type MembershipEvent,
  type RoomId,
  signingInput,
  splitSigned,
} from '@sotto/protocol';
import { type ListLookup, signingKeyOf, type VerifiedList } from '../device/device-list.ts';
import { VerificationError } from '../failure.ts';
import { parse } from '../parse.ts';
import { sha256 } from '../primitives/digest.ts';
import { openSigned, verifyBytes } from '../primitives/ed25519.ts';
import { directRoomId } from '../room/chain.ts';
import { verifyLeave } from './leave.ts';

/** R1: a header that passed every rule on top of the one before it. */
export interface VerifiedHeader {
  readonly header: EpochHeader;
  /** SHA-256 of the signed bytes. */
  readonly hash: Bytes;
  readonly signed: Bytes;
  readonly events: readonly MembershipEvent[];
}

export interface HeaderContext {
  readonly previous: VerifiedHeader | null;
  readonly room: RoomId;
  /** Who the log says made it; the signature decides (attack 15). */
  readonly author: { readonly account: AccountId; readonly device: DeviceId };
  readonly lists: ListLookup;
  /** Accounts that left by a statement in the log since the previous header. */
  readonly departed: ReadonlySet<AccountId>;
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
  await checkMembers(header, context.lists);
  if (header.kind === 'direct') await checkDirectId(header);
  if (header.admission) await checkAdmission(header, context.previous);
  const leavers = await checkLeaves(header, context);
  const verdict = checkTransition(context.previous?.header ?? null, header, {
    previousHash: context.previous?.hash ?? null,
    leavers,
    departed: context.departed,
  });
  if (!verdict.ok) throw new VerificationError(verdict.rule, 'rule_broken', verdict.reason);
  return { header, hash: await sha256(signed), signed, events: verdict.events };
}

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
      );
    }
    if (!equalBytes(list.identity, member.identity)) {
      throw new VerificationError('K4', 'identity_changed', 'the header names another identity for a member');
    }
  }
}

async function checkDirectId(header: EpochHeader): Promise<void> {
  const [a, b] = header.members;
  if (a && b && (await directRoomId(a.account, b.account)) === header.room) return;
  throw new VerificationError('R1', 'wrong_room', 'this is not the direct room of these two');
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
 * Verifies all headers of a room from epoch 1, as a member who joins later does.
 * @returns them verified, in order
 */
export async function verifyHeaderChain(
  room: RoomId,
  headers: readonly { signed: Bytes; author: { account: AccountId; device: DeviceId } }[],
  lists: ListLookup,
): Promise<VerifiedHeader[]> {
  const verified: VerifiedHeader[] = [];
  for (const { signed, author } of headers) {
    const previous = verified.at(-1) ?? null;
    verified.push(await verifyHeader(signed, { previous, room, author, lists, departed: new Set() }));
  }
  return verified;
}
