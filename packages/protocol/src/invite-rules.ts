import { equalBytes } from './bytes.ts';
import type { EpochHeader, HeaderInvite } from './epoch-header.ts';

/** R7: an invite lets people in up to its very end. @param at milliseconds since 1970 */
export const isOpen = ({ expires }: Pick<HeaderInvite, 'expires'>, at: number): boolean => at <= expires;

/** R7: how many invites a header opens, and how many it ends before their time. */
export interface InviteNews {
  readonly opened: number;
  readonly ended: number;
}

export type InviteVerdict =
  | { readonly ok: true; readonly news: InviteNews | null }
  | { readonly ok: false; readonly rule: 'R3' | 'R7'; readonly reason: string };

/**
 * R7: may these invites follow those of the header before? An invite stands as it is until it ends; what is new has a
 * key of its own.
 * @param by `mayInvite`: the author may change invites here; `removes`: the header drops somebody who did not leave
 */
export function checkInvites(
  previous: EpochHeader,
  next: EpochHeader,
  by: { readonly mayInvite: boolean; readonly removes: boolean },
): InviteVerdict {
  const gone = previous.invites.filter((invite) => !next.invites.some((other) => sameKey(invite, other)));
  const opened = next.invites.length - (previous.invites.length - gone.length);
  // Attack 45: who is removed may know every link there was, and come back by it under any name.
  if (by.removes && gone.length < previous.invites.length) {
    return { ok: false, rule: 'R7', reason: 'an invite that a removed member may know stands on' };
  }
  if (sameInvites(previous, next)) return { ok: true, news: null };
  if (!by.mayInvite) return { ok: false, rule: 'R3', reason: 'only an admin changes invites here' };
  const kept = previous.invites.filter((invite) => !gone.includes(invite));
  if (kept.some((invite, index) => !same(invite, next.invites[index]))) {
    return { ok: false, rule: 'R7', reason: 'an invite that stands is not changed' };
  }
  const ended = gone.filter((invite) => isOpen(invite, next.at)).length;
  return { ok: true, news: opened + ended > 0 ? { opened, ended } : null };
}

/** True where both have the same invites, field by field. */
export const sameInvites = (previous: EpochHeader, next: EpochHeader): boolean =>
  previous.invites.length === next.invites.length &&
  previous.invites.every((invite, index) => same(invite, next.invites[index]));

const sameKey = (a: HeaderInvite, b: HeaderInvite) => equalBytes(a.key, b.key);

const same = (a: HeaderInvite, b: HeaderInvite | undefined) =>
  b !== undefined && sameKey(a, b) && a.expires === b.expires && equalBytes(a.sealed, b.sealed);
