import { expect, it } from 'vitest';
import {
  type AccountId,
  checkTransition,
  directRoomInput,
  type EpochHeader,
  type MembershipRule,
  roomFrom,
  roomInputOf,
  roomKind,
  type TransitionFacts,
} from '../src/index.ts';
import { account, after, bytes, device, header, member, PREVIOUS_HASH, sha256 } from './samples.ts';

export const A = member(1, 'admin');
export const B = member(2);
export const C = member(3);
export const D = member(4);
export const by = (fill: number) => ({ author: { account: account(fill), device: device(fill) } });
export const accounts = (...fills: number[]): ReadonlySet<AccountId> => new Set(fills.map(account));

function facts(
  previous: EpochHeader | null,
  next: EpochHeader,
  change: Partial<TransitionFacts> = {},
): TransitionFacts {
  const input = roomInputOf(next);
  return {
    previousHash: previous && PREVIOUS_HASH,
    leavers: new Set(),
    departed: new Set(),
    room: input && roomFrom(roomKind(next.room), sha256(input)),
    ...change,
  };
}

export const GROUP = header();
export const OPEN = header({ policy: { add: 'member', history: 'all', profile: 'admin' } });
/** The direct room of accounts 1 and 2. */
export const DIRECT_ROOM = roomFrom('direct', sha256(directRoomInput(account(1), account(2))));
export const direct = (change: Partial<EpochHeader> = {}) =>
  header({ room: DIRECT_ROOM, members: [A, member(2, 'admin')], profile: null, sealed: null, ...change });
export const invite = { key: bytes(0x11), expires: 2_000, sealed: bytes(0x12, 40) };
export const INVITING = header({ invites: [invite] });
export const admission = { invite: invite.key, signature: bytes(0x13, 64) };
/** Account 4 arrives by the invite. */
export const joining = (change: Partial<EpochHeader> = {}) =>
  after(INVITING, { ...by(4), members: [A, B, C, D], admission, ...change });

export type Case = [what: string, next: EpochHeader, facts?: Partial<TransitionFacts>];

export function refuses(previous: EpochHeader | null, rule: MembershipRule, cases: Case[]): void {
  it.each(cases)('%s', (_, next, given) => {
    expect(checkTransition(previous, next, facts(previous, next, given))).toMatchObject({ ok: false, rule });
  });
}

export function allows(previous: EpochHeader | null, cases: [...Case, events: readonly object[]][]): void {
  it.each(cases)('%s', (_, next, given, events) => {
    expect(checkTransition(previous, next, facts(previous, next, given))).toEqual({ ok: true, events });
  });
}
