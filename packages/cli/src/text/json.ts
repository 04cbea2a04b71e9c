import {
  type EngineEvent,
  type EngineState,
  editedAt,
  type FileItem,
  filesIn,
  type InvitePreview,
  type Notice,
  type OwnDevice,
  type Person,
  type Room,
  type RoomMember,
  type RoomRequest,
  type SearchHit,
  type SharedFile,
  type TimelineItem,
  type Transfer,
} from '@sotto/client';
import type { AccountId, FileId } from '@sotto/protocol';
import type { Texts } from '../texts/texts.ts';
import { iso } from './time.ts';
import { eventWords, requestNumber } from './words.ts';

/*
 * What `--json` prints. Texts are as they were written: `jsonLine` escapes whatever could steer a terminal (attack 31).
 */

export const roomJson = (room: Room) => ({
  room: room.room,
  kind: room.kind,
  title: room.title,
  topic: room.topic,
  members: room.members.map(({ account, name, role }) => ({ account, name, role })),
  standing: room.standing,
  role: room.role,
  rules: room.policy,
  invites: room.invites.map(iso),
  muted: room.muted,
  unread: room.unread,
  mentions: room.mentions,
  security: room.security.state,
  rule: room.security.state === 'attention' ? room.security.alarm.rule : null,
  last: room.last && {
    time: iso(room.last.time),
    account: room.last.account,
    text: room.last.preview,
    files: room.last.files?.count ?? 0,
    event: room.last.event?.type ?? null,
  },
});

export const previewJson = ({ room, name, members }: InvitePreview) => ({ room, name, members });

export const personJson = ({ account, name, claimed, looksLike, online, seen, trust }: Person) => ({
  account,
  name,
  claimed,
  looksLike,
  online,
  seen: iso(seen),
  trust,
});

export const deviceJson = ({ addedAt, seen, signing: _, ...device }: OwnDevice) => ({
  ...device,
  added: iso(addedAt),
  seen: iso(seen),
});

export const requestJson =
  ({ people }: EngineState) =>
  (request: RoomRequest) => ({
    number: requestNumber(request),
    room: request.room,
    kind: request.kind,
    account: request.by,
    name: request.name,
    claimed: people.get(request.by)?.claimed ?? null,
    looksLike: people.get(request.by)?.looksLike ?? null,
    others: request.others,
    time: iso(request.at),
  });

export const blockedJson = ([account, name]: readonly [AccountId, string]) => ({ account, name });

export const memberJson =
  ({ people, self }: EngineState) =>
  ({ account, name, role, devices }: RoomMember) => {
    const own = account === self.account;
    const person = people.get(account);
    return {
      account,
      name,
      role,
      devices,
      own,
      online: own || (person?.online ?? false),
      trust: person?.trust,
    };
  };

export const noticeJson = (notice: Notice) => ({
  number: notice.id,
  kind: notice.kind,
  time: iso(notice.at),
  room: notice.room,
  account: notice.account,
  device: notice.kind === 'new-device' ? notice.device.device : null,
  detail: notice.detail,
});

export const searchJson =
  ({ rooms }: EngineState) =>
  ({ room, position, account, time, body, files }: SearchHit) => {
    const title = rooms.get(room)?.title ?? null;
    return { room, title, position, account, time: iso(time), body, files: (files ?? []).map(fileJson) };
  };

const fileJson = ({ file, name, type, size, width, height, duration }: FileItem) => ({
  id: file,
  name,
  type,
  size,
  width,
  height,
  duration,
});

export const sharedJson =
  ({ people, self }: EngineState) =>
  ({ file, room, position, account, time }: SharedFile) => {
    const name = account === self.account ? self.name : (people.get(account)?.name ?? null);
    return { room, position, time: iso(time), account, name, file: fileJson(file) };
  };

export const savedJson = ({ file, room, position }: SharedFile, path: string) => ({
  type: 'saved' as const,
  room,
  position,
  path,
  file: fileJson(file),
});

export const transferJson = (id: FileId, name: string, transfer: Transfer) => {
  const { direction, state, done, total, rate, failure } = transfer;
  return { type: 'progress' as const, id, name, direction, state, done, total, rate, failure };
};

/** One line of a conversation. */
export function itemJson(t: Texts, item: TimelineItem, room: Room, state: EngineState) {
  const { people, self } = state;
  const { account, position } = item;
  const own = account === self.account;
  const name = account === null ? null : own ? self.name : (people.get(account)?.name ?? null);
  const base = { room: room.room, title: room.title, position, time: iso(item.time), account, name };
  switch (item.type) {
    case 'message': {
      const { id, blocked, body, reactions } = item;
      const deleted = item.kind === 'deleted';
      const unknownKind = item.kind === 'unknown' ? item.name : null;
      const reply = item.reply?.position ?? null;
      const delivery = item.delivery?.state ?? null;
      const edited = editedAt(item) !== null;
      const files = filesIn(item).map(fileJson);
      const rest = {
        id,
        own,
        blocked,
        body,
        reply,
        edited,
        deleted,
        reactions,
        delivery,
        files,
        unknownKind,
      };
      return { type: item.type, ...base, ...rest };
    }
    case 'unreadable':
      return { type: item.type, ...base, reason: item.reason };
    case 'system':
      return { type: item.type, ...base, event: item.event.type, text: eventWords(t, item.event, state) };
  }
}

/** What somebody else did just now, where no line of its conversation is at hand. */
export function eventJson(event: EngineEvent, { rooms, people }: EngineState) {
  const by = { ...event, own: false, name: people.get(event.account)?.name ?? null };
  if (!('room' in event)) return by;
  return { ...by, title: rooms.get(event.room)?.title ?? null, time: iso(event.time) };
}
