import { type AccountId, type RoomId, roomKind, toBase64Url } from '@sotto/protocol';
import { ClientError } from '../../error.ts';
import type { EngineParts } from '../parts.ts';
import type { RoomContext } from '../rooms/context.ts';
import { leaveRoom } from '../rooms/membership/leave.ts';
import type { RoomRow } from '../rows.ts';
import type { Decision } from './decisions.ts';

type Parts = Pick<RoomContext, 'background' | 'calls' | 'consent' | 'directory' | 'keys'> &
  Pick<EngineParts, 'receipts' | 'rows' | 'sync' | 'upkeep'>;

/** What was seen is what is answered: the very header by which the account was brought in. @throws ClientError 'not_current' */
function asked({ rows, consent }: Parts, room: RoomId, header: string): RoomRow {
  const row = rows.peek(room);
  if (!row || consent.ofRow(row) !== 'request' || toBase64Url(row.admitted.header) !== header) {
    throw new ClientError('not_current');
  }
  return row;
}

/** The person wants to be in the conversation: all that was said in it is there at once. */
export async function acceptRequest(parts: Parts, room: RoomId, header: string): Promise<void> {
  asked(parts, room, header);
  await parts.consent.decide([{ about: 'room', room, said: 'accepted' }]);
  parts.receipts.schedule(room);
  parts.background(parts.receipts.refresh(room));
}

/** The person does not want to be in it, and is not asked again; a group is left, now or once the server is there. */
export async function declineRequest(
  parts: Parts,
  room: RoomId,
  { header, block }: { readonly header: string; readonly block: boolean },
): Promise<void> {
  const { by } = asked(parts, room, header).admitted;
  const declined: Decision = { about: 'room', room, said: 'declined' };
  await parts.consent.decide(block ? [declined, blocking(parts, by, true)] : [declined]);
  const out = signOut(parts, room);
  parts.background(out);
  await Promise.allSettled([out]); // what it fails with is told by `background`, and tried again at the next connection
}

/** Hears of somebody no more, or again. */
export function setBlocked(parts: Parts, account: AccountId, blocked: boolean): Promise<void> {
  if (account === parts.keys.self.account) throw new ClientError('usage');
  return parts.consent.decide([blocking(parts, account, blocked)]);
}

function blocking({ consent, directory }: Parts, account: AccountId, blocked: boolean): Decision {
  const name = consent.blocked.get(account) ?? directory.nameOf(account);
  return { about: 'person', account, name, blocked };
}

/** Groups that were declined while the server was away, or on a device that did not come to it. */
export async function signOutOfDeclined(parts: Parts): Promise<void> {
  for (const { room } of parts.rows.all()) await signOut(parts, room);
}

/** A direct conversation cannot be left: it is only hidden. */
async function signOut(parts: Parts, room: RoomId): Promise<void> {
  const row = parts.rows.peek(room);
  const out = row && row.standing === 'member' && parts.consent.hasDeclined(room);
  // Attack 48: of one that is not read to its end the newest header is not here: it stays hidden.
  if (!out || roomKind(room) !== 'group' || parts.consent.readable(row) === 0) return;
  // The account's other devices would take a group that was only left for one that had been accepted.
  if (!(await parts.upkeep.bringDecisions())) return;
  await leaveRoom(parts, room);
}
