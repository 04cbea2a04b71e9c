import { type AccountId, type RoomId, roomKind, toBase64Url } from '@sotto/protocol';
import type { LastActivity, Room, RoomRequest, RoomSecurity, RoomWork } from '../state.ts';
import { summaryOf } from './files/summary.ts';
import type { Directory } from './people/directory.ts';
import type { DeviceLists } from './people/lists.ts';
import { lastWith } from './rooms/log/activity.ts';
import { gateOf } from './rooms/sending/gate.ts';
import { isBehind, shownBy, shownHeader, shownProfile } from './rooms/shown.ts';
import type { LastRow, OutboxRow, RoomRow } from './rows.ts';

/** UTF-16 units of a message that the list of conversations has room for. */
const PREVIEW = 140;

/** What a room's view is made from, beyond its row. */
export interface RoomViewFacts {
  readonly self: AccountId;
  readonly directory: Pick<Directory, 'nameOf' | 'trustOf'> & { readonly lists: Pick<DeviceLists, 'peek'> };
  /** Attack 48: false of who is blocked. */
  readonly hears: (account: AccountId) => boolean;
  readonly typing: readonly AccountId[];
  readonly work: RoomWork | null;
  /** What this account still has to send there. */
  readonly waiting: readonly OutboxRow[];
}

/** A room as the interface sees it. Pure but for what the directory knows. */
export function roomView(row: RoomRow, facts: RoomViewFacts): Room {
  const { directory, self } = facts;
  const header = shownHeader(row);
  const profile = shownProfile(row);
  const members = header?.members ?? [];
  const kind = roomKind(row.room);
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
    policy: header?.policy ?? { add: 'admin', history: 'joined', profile: 'admin' },
    invites: header?.invites.map(({ expires }) => expires) ?? [],
    epoch: header?.epoch ?? 0,
    standing: row.standing,
    role: members.find((member) => member.account === self)?.role ?? 'member',
    last: row.last && lastView(lastWith(row.last, facts.waiting, self), facts),
    unread: row.unread,
    mentions: row.mentions,
    typing: facts.typing.filter(facts.hears),
    muted: row.muted,
    draft: row.draft,
    security: securityOf(row, facts),
    work: facts.work,
    reading: isBehind(row) && !row.alarm,
  };
}

function lastView({ time, account, line, event }: LastRow, { hears }: RoomViewFacts): LastActivity {
  if (!line) return { time, account, preview: null, event };
  // Attack 48: of what a blocked person said the list tells that it was said.
  if (account && !hears(account)) return { time, account, preview: '', event: null, blocked: true };
  const files = 'files' in line ? summaryOf(line.files) : {};
  return { time, account, preview: line.body.slice(0, PREVIEW), ...files, event: null };
}

/** A conversation that this account was brought into, by what is said of it before anybody looks (attack 48). */
export function requestView(row: RoomRow, preview: Room, { directory, self }: RoomViewFacts): RoomRequest {
  const { by, header } = row.admitted;
  return {
    room: row.room,
    kind: preview.kind,
    by,
    name: directory.nameOf(by),
    others: preview.members.filter(({ account }) => account !== self && account !== by).length,
    header: toBase64Url(header),
    at: shownHeader(row)?.at ?? 0,
    preview,
  };
}

/** A group without a name goes by the people in it. */
function namesOf(row: RoomRow, { self, directory }: RoomViewFacts): string {
  const others = shownHeader(row)?.members.filter((m) => m.account !== self) ?? [];
  const names = others.slice(0, 3).map((member) => directory.nameOf(member.account));
  return names.length > 0 ? names.join(', ') : directory.nameOf(self);
}

function securityOf(row: RoomRow, { self, directory }: RoomViewFacts): RoomSecurity {
  if (row.alarm) return { state: 'attention', alarm: row.alarm, blocksSending: true }; // also of a room that was left
  const gate = gateOf(row, (account) => directory.trustOf(account), shownBy(row));
  if (gate.state === 'held' && gate.why.reason === 'identity') {
    const alarm = {
      rule: 'K4',
      code: 'identity_changed' as const,
      kind: 'identity-changed' as const,
      account: gate.why.account,
      detail: 'the account shows another identity key than the one pinned here',
      at: shownHeader(row)?.at ?? 0,
    };
    return { state: 'attention', alarm, blocksSending: true };
  }
  const others = shownHeader(row)?.members.filter((member) => member.account !== self) ?? [];
  const verified = others.every((member) => directory.trustOf(member.account) === 'verified');
  return others.length > 0 && verified ? { state: 'verified' } : { state: 'unverified' };
}

/** Room ids, newest activity first. */
export function orderOf(rows: readonly RoomRow[]): RoomId[] {
  const time = (row: RoomRow) => row.last?.time ?? shownHeader(row)?.at ?? 0;
  return [...rows].sort((a, b) => time(b) - time(a)).map((row) => row.room);
}
