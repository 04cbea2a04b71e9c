import type { AccountId, RoomId } from '@sotto/protocol';
import type { LastActivity, Room, RoomSecurity, RoomWork } from '../state.ts';
import type { Directory } from './people/directory.ts';
import { isBehind, shownHeader, shownProfile } from './rooms/ahead.ts';
import type { RoomRow } from './rows.ts';

/** What a room's view is made from, beyond its row. */
export interface RoomViewFacts {
  readonly self: AccountId;
  readonly directory: Directory;
  readonly typing: readonly AccountId[];
  readonly work: RoomWork | null;
}

/** A room as the interface sees it. Pure but for what the directory knows. */
export function roomView(row: RoomRow, facts: RoomViewFacts): Room {
  const { directory, self } = facts;
  const header = shownHeader(row);
  const profile = shownProfile(row);
  const members = header?.members ?? [];
  const kind = header?.kind ?? 'group';
  const peer = kind === 'direct' ? (members.find((m) => m.account !== self)?.account ?? null) : null;
  return {
    room: row.room,
    kind,
    title: peer ? directory.nameOf(peer) : profile.name || namesOf(row, facts),
    topic: profile.topic,
    peer,
    members: members.map((member) => ({
      account: member.account,
      name: directory.nameOf(member.account),
      role: member.role,
      devices: directory.lists.peek(member.account)?.list.devices.length ?? 0,
    })),
    policy: header?.policy ?? { add: 'admin', history: 'joined' },
    epoch: header?.epoch ?? 0,
    standing: row.standing,
    role: members.find((member) => member.account === self)?.role ?? 'member',
    last: row.last,
    unread: row.unread,
    mentions: row.mentions,
    typing: facts.typing,
    muted: row.muted,
    draft: row.draft,
    security: securityOf(row, facts),
    work: facts.work,
    reading: isBehind(row) && !row.alarm,
  };
}

/** A group without a name goes by the people in it. */
function namesOf(row: RoomRow, { self, directory }: RoomViewFacts): string {
  const others = shownHeader(row)?.members.filter((m) => m.account !== self) ?? [];
  const names = others.slice(0, 3).map((member) => directory.nameOf(member.account));
  return names.length > 0 ? names.join(', ') : directory.nameOf(self);
}

function securityOf(row: RoomRow, { self, directory }: RoomViewFacts): RoomSecurity {
  if (row.alarm) return { state: 'attention', alarm: row.alarm, blocksSending: true };
  const others = shownHeader(row)?.members.filter((member) => member.account !== self) ?? [];
  const changed = others.find((member) => directory.trustOf(member.account) === 'changed');
  if (changed && row.standing === 'member') {
    const alarm = {
      rule: 'K4',
      kind: 'identity-changed' as const,
      account: changed.account,
      detail: 'the account shows another identity key than the one pinned here',
      at: shownHeader(row)?.at ?? 0,
    };
    return { state: 'attention', alarm, blocksSending: true };
  }
  const verified = others.every((member) => directory.trustOf(member.account) === 'verified');
  return others.length > 0 && verified ? { state: 'verified' } : { state: 'unverified' };
}

/** Room ids, newest activity first. */
export function orderOf(rows: readonly RoomRow[]): RoomId[] {
  const time = (last: LastActivity | null, row: RoomRow) => last?.time ?? shownHeader(row)?.at ?? 0;
  return [...rows].sort((a, b) => time(b.last, b) - time(a.last, a)).map((row) => row.room);
}
