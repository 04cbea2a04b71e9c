import { type Content, newProfile, randomBytes, randomId, startRoom } from '@sotto/crypto';
import {
  type AccountId,
  type DeviceId,
  type EpochHeader,
  type MessageId,
  type Role,
  type RoomId,
  roomFrom,
} from '@sotto/protocol';
import type { EntryRow, EntryWhat, OutboxRow, RoomRow } from '../../../src/engine/rows.ts';
import { NO_DRAFT } from '../../../src/message-body.ts';

/** The id of some group. */
export const anyGroup = (): RoomId => roomFrom('group', randomBytes(32));

export const ROOM = anyGroup();

export interface Who {
  readonly account: AccountId;
  readonly device: DeviceId;
}

export const someone = (): Who => ({ account: randomId<AccountId>(), device: randomId<DeviceId>() });

/** A stored entry; its time is its position times a thousand. */
export function entry(position: number, who: Who, what: EntryWhat): EntryRow {
  return {
    position,
    time: position * 1_000,
    kind: what.type === 'epoch' || what.type === 'leave' ? what.type : 'message',
    ...who,
    id: randomId<MessageId>(),
    chain: new Uint8Array(32).fill(position),
    what,
  };
}

export const message = (position: number, who: Who, content: Content): EntryRow =>
  entry(position, who, { type: 'message', epoch: 1, content });

export const text = (
  position: number,
  who: Who,
  body: string,
  more: { reply?: number; mentions?: AccountId[] } = {},
) => message(position, who, { kind: 'text', body, ...more });

export function waiting(sequence: number, content: Content, failed: OutboxRow['failed'] = null): OutboxRow {
  return { room: ROOM, sequence, id: randomId<MessageId>(), content, at: 1_000_000 + sequence, failed };
}

/** A room as it rests in the store, with these members; the first is admin. */
export async function roomRow(members: readonly Who[], change: Partial<RoomRow> = {}): Promise<RoomRow> {
  const start = await startRoom(ROOM);
  const header: EpochHeader = {
    v: 1,
    room: ROOM,
    epoch: 1,
    previous: null,
    author: members[0] ?? someone(),
    at: 1_000,
    members: members.map(({ account }, index) => ({
      account,
      role: (index === 0 ? 'admin' : 'member') as Role,
      identity: new Uint8Array(32),
      list: 1,
      listHash: new Uint8Array(32),
    })),
    policy: { add: 'member', history: 'joined', profile: 'admin' },
    invites: [],
    admission: null,
    leaves: [],
    seen: { position: 0, chain: start.chain },
    commitment: new Uint8Array(32),
    profile: new Uint8Array(32),
    sealed: new Uint8Array(64),
    link: null,
  };
  const verified = { header, hash: new Uint8Array(32), signed: new Uint8Array(100), events: [] };
  return {
    room: ROOM,
    state: { ...start, header: verified },
    start: { position: 0, chain: start.chain },
    earliest: 0,
    admitted: { by: members[0]?.account ?? header.author.account, header: verified.hash },
    oldest: { position: 0, chain: start.chain },
    profile: newProfile({ name: 'Group', topic: '' }),
    unsaid: false,
    standing: 'member',
    read: 0,
    unread: 0,
    mentions: 0,
    last: null,
    muted: false,
    draft: NO_DRAFT,
    counter: 0,
    unconfirmed: null,
    alarm: null,
    lines: [],
    ...change,
  };
}
