import type { AccountId } from '@sotto/protocol';

/**
 * What a room is to this account (attack 48): `open` like any other, a `request` of somebody it shares nothing with, or
 * `hidden`: not to be heard of.
 */
export type RoomConsent = 'open' | 'request' | 'hidden';

/** What is known of a room and of who brought this account into it; the same on all devices of the account. */
export interface ConsentFacts {
  /** The account made the room, or arrived by an invite. */
  readonly own: boolean;
  /** It is a member now; `left`: it went by itself. */
  readonly standing: 'member' | 'left' | 'removed';
  /** What it said to being brought in; null: nothing yet. */
  readonly said: 'accepted' | 'declined' | null;
  /** Who brought it in, or the other side of a direct conversation, is blocked. */
  readonly blocked: { readonly adder: boolean; readonly peer: boolean };
  /** Who brought it in is verified, or is with it in a room that it made, joined or accepted. */
  acquainted(): boolean;
}

/** Pure: nobody is dragged along, and nobody who was asked is asked again. */
export function consentTo(facts: ConsentFacts): RoomConsent {
  const { own, standing, said, blocked } = facts;
  if (blocked.peer) return 'hidden';
  if (own || said === 'accepted') return 'open';
  if (blocked.adder) return 'hidden';
  if (said === 'declined') return standing === 'member' && facts.acquainted() ? 'open' : 'hidden';
  // Where it was before it went it had said yes: that stays to be read. To come back it is asked again.
  if (standing === 'left' || facts.acquainted()) return 'open';
  // Whoever asked took it back.
  return standing === 'member' ? 'request' : 'hidden';
}

/** A room as far as it makes people acquainted. */
export interface Company {
  /** The account is in it by its own doing, now. */
  readonly own: boolean;
  readonly members: readonly AccountId[];
}

/** Everybody this account keeps company with: who brings it into a further room needs not ask. */
export function companions(rooms: Iterable<Company>): Set<AccountId> {
  const found = new Set<AccountId>();
  for (const { own, members } of rooms) if (own) for (const account of members) found.add(account);
  return found;
}
