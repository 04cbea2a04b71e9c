import { expect, it } from 'vitest';
import {
  type AccountId,
  checkTransition,
  type EpochHeader,
  type MembershipRule,
  type TransitionFacts,
} from '../src/index.ts';
import { account, after, bytes, device, header, member, PREVIOUS_HASH } from './samples.ts';

export const A = member(1, 'admin');
export const B = member(2);
export const C = member(3);
export const D = member(4);
export const by = (fill: number) => ({ author: { account: account(fill), device: device(fill) } });
export const accounts = (...fills: number[]): ReadonlySet<AccountId> => new Set(fills.map(account));

const facts = (change: Partial<TransitionFacts> = {}): TransitionFacts => ({
  previousHash: PREVIOUS_HASH,
  leavers: new Set(),
  departed: new Set(),
  ...change,
});

export const GROUP = header();
export const OPEN = header({ policy: { add: 'member', history: 'all' } });
export const direct = header({ kind: 'direct', members: [A, member(2, 'admin')] });
export const invite = { key: bytes(0x11), expires: 2_000, sealed: bytes(0x12, 40) };
export const INVITING = header({ invites: [invite] });
export const admission = { invite: invite.key, signature: bytes(0x13, 64) };
/** Account 4 arrives by the invite. */
export const joining = (change: Partial<EpochHeader> = {}) =>
  after(INVITING, { ...by(4), members: [A, B, C, D], admission, ...change });

export type Case = [what: string, next: EpochHeader, facts?: Partial<TransitionFacts>];

export function refuses(previous: EpochHeader | null, rule: MembershipRule, cases: Case[]): void {
  it.each(cases)('%s', (_, next, given) => {
    const known = previous === null ? { previousHash: null, ...given } : given;
    expect(checkTransition(previous, next, facts(known))).toMatchObject({ ok: false, rule });
  });
}

export function allows(previous: EpochHeader | null, cases: [...Case, events: readonly object[]][]): void {
  it.each(cases)('%s', (_, next, given, events) => {
    const known = previous === null ? { previousHash: null, ...given } : given;
    expect(checkTransition(previous, next, facts(known))).toEqual({ ok: true, events });
  });
}
