import { NO_DRAFT, type Room } from '@sotto/client';
import type { RoomId } from '../src/app/types.ts';

/** A group that nobody is in and nothing happened in. */
export const quietRoom = (room: RoomId): Room => ({
  room,
  kind: 'group',
  title: '',
  topic: '',
  peer: null,
  members: [],
  policy: { add: 'admin', history: 'joined', profile: 'admin' },
  invites: [],
  epoch: 1,
  standing: 'member',
  role: 'admin',
  last: null,
  unread: 0,
  mentions: 0,
  typing: [],
  muted: false,
  draft: NO_DRAFT,
  security: { state: 'unverified' },
  work: null,
  reading: false,
});
