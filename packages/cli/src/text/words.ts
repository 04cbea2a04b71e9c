import {
  type ClientErrorCode,
  type Connection,
  type EngineState,
  editedAt,
  type FileItem,
  type IncomingMessage,
  type InvitePreview,
  type MessageItem,
  type Notice,
  type OwnDevice,
  type Person,
  type Room,
  type RoomMember,
  type RoomRequest,
  type SearchHit,
  type SharedFile,
  type SystemEvent,
  type TimelineItem,
} from '@sotto/client';
import type { AccountId } from '@sotto/protocol';
import type { Say, Texts } from '../texts/texts.ts';
import { harmless, harmlessLine } from './harmless.ts';
import { sizeWords } from './sizes.ts';
import { clock, day } from './time.ts';

export function nameOf(t: Texts, account: AccountId | null, { self, people }: EngineState): string {
  if (account === null) return t.somebody;
  return account === self.account ? t.you : harmlessLine(people.get(account)?.name ?? t.somebody);
}

export const peopleInOrder = ({ people }: EngineState): Person[] =>
  [...people.values()].sort((a, b) => Number(b.online) - Number(a.online) || a.name.localeCompare(b.name));

export const personLine =
  (t: Texts) =>
  (person: Person): string =>
    `${person.online ? '●' : '○'} ${harmlessLine(person.name)}${factsOf(t, person)}`;

/** What is to know of somebody before one goes by their name (attack 49). */
function factsOf(t: Texts, { claimed, looksLike, trust }: Person): string {
  const facts = [
    trust === 'unverified' ? '' : t.trust[trust],
    claimed === null ? '' : t.person.claimed({ name: harmlessLine(claimed) }),
    looksLike === null ? '' : t.person.looksLike,
  ].filter(Boolean);
  return facts.length > 0 ? ` (${facts.join('; ')})` : '';
}

export const roomsInOrder = ({ order, rooms }: EngineState): Room[] =>
  order.map((id) => rooms.get(id)).filter((room) => room !== undefined);

export const roomLine =
  ({ room: t }: Texts) =>
  ({ title, members, unread, standing, security }: Room): string => {
    const state = standing === 'member' ? `${members.length}` : t.standing[standing];
    const news = unread > 0 ? t.unread({ count: unread }) : '';
    const more = [news, security.state === 'attention' ? t.attention : ''];
    return `${harmlessLine(title)} (${[state, ...more].filter(Boolean).join(', ')})`;
  };

export const memberLine =
  (t: Texts, state: EngineState) =>
  ({ account, role, devices }: RoomMember): string => {
    const person = state.people.get(account);
    const sign = account === state.self.account || person?.online ? '●' : '○';
    const trust = person && person.trust !== 'unverified' ? `, ${t.trust[person.trust]}` : '';
    const words = `${t.room.member({ role: t.role[role], devices })}${trust}`;
    return `${sign} ${nameOf(t, account, state)} (${words})`;
  };

/** By which a request is answered: the beginning of the hash of what was asked. */
export const requestNumber = ({ header }: RoomRequest, length = 10): string =>
  Buffer.from(header, 'base64url').toString('hex').slice(0, length);

/** Nothing but the name of their account is the other's to choose (attack 48). */
export const requestLine =
  (t: Texts, { people }: EngineState) =>
  (request: RoomRequest): string => {
    const { by, kind, name, others } = request;
    const person = people.get(by);
    const asks = kind === 'direct' ? t.room.asksDirect : t.room.asksGroup({ others });
    return `${requestNumber(request)}  ${harmlessLine(name)}${person ? factsOf(t, person) : ''} ${asks}`;
  };

export const blockedLine = ([account, name]: readonly [AccountId, string]): string =>
  harmlessLine(name) || account;

export function noticeLine(t: Texts, notice: Notice, state: EngineState): string {
  const { kind, room, account, at } = notice;
  const since = notice.kind === 'alarm' ? notice.since : null;
  const where =
    room === null ? '' : t.notice.in({ title: harmlessLine(state.rooms.get(room)?.title ?? '?') });
  const who = account === null ? '' : ` (${nameOf(t, account, state)})`;
  const missing = since === null ? '' : t.notice.missing({ since: `${day(since)} ${clock(since)}` });
  const remedy = kind === 'new-device' ? t.notice.remedy : '';
  const what = `${t.notice.kinds[kind]}${where}${who}: ${noticeFacts(t, notice)}`;
  return `${day(at)} ${clock(at)} ${what}${missing}${remedy}`;
}

function noticeFacts(t: Texts, notice: Notice): string {
  switch (notice.kind) {
    case 'alarm':
      return `${notice.rule}: ${t.breaches[notice.code]}`;
    case 'storage':
      return t.failures.reasons[`store_${notice.code}`];
    case 'new-device':
      return notice.device.device;
  }
}

export const searchLine =
  (t: Texts, state: EngineState) =>
  ({ room, position, account, time, body, files }: SearchHit): string => {
    const title = harmlessLine(state.rooms.get(room)?.title ?? '?');
    const said = [...(files ?? []).map(fileWords), harmlessLine(body)].filter(Boolean).join(' ');
    return `${day(time)} ${clock(time)} (${title}, ${position}) ${nameOf(t, account, state)}: ${said}`;
  };

/** A file as it stands among text. */
const fileWords = ({ name, size }: FileItem): string => `[${harmlessLine(name)}, ${sizeWords(size)}]`;

export const sharedLine =
  (t: Texts, state: EngineState) =>
  ({ file, position, account, time }: SharedFile): string => {
    const when = `${day(time)} ${clock(time)}`;
    return `${String(position).padStart(5)}  ${when}  ${nameOf(t, account, state)}: ${fileWords(file)} ${harmlessLine(file.type)}`;
  };

/** What a message says that just came. */
export function incomingWords(t: Texts, { body, files }: IncomingMessage): string {
  if (!files) return harmless(body);
  const more = files.count > 1 ? ` ${t.message.andMore({ count: files.count - 1 })}` : '';
  return [`[${harmlessLine(files.name)}${more}]`, harmless(body)].filter(Boolean).join(' ');
}

export const deviceLine =
  ({ device: t }: Texts) =>
  ({ device, name, kind, online, current, seen }: OwnDevice): string => {
    const last = seen === null ? '' : t.last({ day: day(seen) });
    const state = current ? t.current : online ? t.online : last;
    return `${device}  ${harmlessLine(name) || t.unnamed} (${t.kind[kind]}${state})`;
  };

/** What an invite link leads to. */
export function previewLine({ name, members }: InvitePreview): string {
  return `${harmlessLine(name)} (${members.length}: ${members.map((member) => harmlessLine(member.name)).join(', ')})`;
}

/** What stands in the way of writing here, or undefined. */
export function obstacle({ standing, security }: Room): Say | undefined {
  if (standing !== 'member') return (t) => t.room.notMember;
  if (security.state !== 'attention' || !security.blocksSending) return undefined;
  const { rule, code } = security.alarm;
  return (t) => t.room.held({ rule, why: t.breaches[code] });
}

/** One line of a conversation as the terminal shows it. */
export function itemLine(t: Texts, item: TimelineItem, state: EngineState): string {
  const time = clock(item.time);
  const who = nameOf(t, item.account, state);
  if (item.type === 'system') return `${time} -- ${who} ${eventWords(t, item.event, state)}`;
  if (item.type === 'message' && item.kind === 'deleted') return t.message.deletes({ time, who });
  return `${time} ${who}: ${bodyOf(t, item)}`;
}

/** What a message says, or why it says nothing. */
export function bodyOf(t: Texts, item: Exclude<TimelineItem, { type: 'system' }>): string {
  if (item.type === 'unreadable')
    return t.message[item.reason === 'requested' ? 'requested' : 'beforeJoining'];
  if (item.blocked) return t.message.blocked;
  const body = (WORDS[item.kind] as (item: MessageItem, t: Texts) => string)(item, t);
  return editedAt(item) === null ? body : t.message.edited({ body });
}

type Of<K extends MessageItem['kind']> = Extract<MessageItem, { readonly kind: K }>;

/** A message in words, by what it is. */
const WORDS: { readonly [K in MessageItem['kind']]: (item: Of<K>, t: Texts) => string } = {
  text: ({ body }) => harmless(body),
  files: ({ files, body }) => [...files.map(fileWords), harmless(body)].filter(Boolean).join(' '),
  deleted: (_, t) => t.message.deleted,
  unknown: ({ name }, t) => t.message.unknown({ kind: harmlessLine(name) }),
};

/** What happened, to follow the name of who did it. */
export function eventWords(texts: Texts, event: SystemEvent, state: EngineState): string {
  const t = texts.events;
  const who = (account: AccountId) => ({ who: nameOf(texts, account, state) });
  switch (event.type) {
    case 'refused-entry':
    case 'alarm':
      return t.refused({ rule: event.alarm.rule, why: texts.breaches[event.alarm.code] });
    case 'renamed':
      return t.renamed({ title: harmlessLine(event.title) });
    case 'added':
    case 'removed':
    case 'left':
    case 'devices':
    case 'identity':
      return t[event.type](who(event.account));
    case 'role':
      return t.role({ ...who(event.account), role: texts.role[event.role] });
    case 'named': {
      const before = harmlessLine(event.before || texts.somebody);
      return t.named({ before, name: harmlessLine(event.name || t.nameless) });
    }
    case 'identity-accepted':
      return t.identityAccepted(who(event.account));
    case 'invites': {
      const { opened, ended } = event;
      return t.invites({ what: ended === 0 ? 'opened' : opened === 0 ? 'ended' : 'other', opened, ended });
    }
    case 'created':
    case 'joined':
    case 'leaving':
    case 'policy':
    case 'profile':
    case 'rekeyed':
      return t[event.type];
  }
}

/** Why nothing comes and goes. */
export const whyNot = (
  connection: Extract<Connection, { status: 'offline' | 'refused' }>,
): ClientErrorCode => ('why' in connection ? connection.why : 'unknown_device');

/** How the connection is, and why where it is none. */
export function statusWords(t: Texts, connection: Connection): string {
  if (connection.status === 'online' || connection.status === 'connecting')
    return t.inside.connection[connection.status];
  return t.inside.connection[connection.status]({ why: t.failures.codes[whyNot(connection)] });
}
