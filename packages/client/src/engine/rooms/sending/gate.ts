import type { VerifiedHeader } from '@sotto/crypto';
import type { AccountId } from '@sotto/protocol';
import type { Alarm, Trust } from '../../../state.ts';
import type { RoomRow } from '../../rows.ts';
import { pendingRemovals } from '../membership/removal.ts';

/** Whether this device may seal anything for a room now: messages, receipts and typing alike (attacks 3, 8, 9, 11). */
export type Gate =
  | { readonly state: 'open'; readonly header: VerifiedHeader }
  | { readonly state: 'held'; readonly why: Held };

export type Held =
  /** The log is being read; its first header opens the gate. */
  | { readonly reason: 'no-header' }
  | { readonly reason: 'not-member' }
  /** A rule was broken, and nobody has looked at it yet. */
  | { readonly reason: 'alarm'; readonly alarm: Alarm }
  /** K4: a member shows another identity than the one pinned here. */
  | { readonly reason: 'identity'; readonly account: AccountId }
  /** Attack 11: a change is said to be done and does not show, or a removal is on its way. */
  | { readonly reason: 'unconfirmed' };

/**
 * Pure. @param trustOf what this user decided about a member's identity
 * @param header the newest that was read; what only shows a room (`shown.ts`) may go by another
 */
export function gateOf(
  row: RoomRow,
  trustOf: (account: AccountId) => Trust,
  header = row.state.header,
): Gate {
  if (!header) return held({ reason: 'no-header' });
  if (row.standing !== 'member') return held({ reason: 'not-member' });
  if (row.alarm) return held({ reason: 'alarm', alarm: row.alarm });
  const changed = header.header.members.find(({ account }) => trustOf(account) === 'changed');
  if (changed) return held({ reason: 'identity', account: changed.account });
  if (row.unconfirmed || pendingRemovals(row).length > 0) return held({ reason: 'unconfirmed' });
  return { state: 'open', header };
}

const held = (why: Held): Gate => ({ state: 'held', why });
