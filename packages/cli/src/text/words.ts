import {
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
  type SetupStep,
  type SharedFile,
  type SystemEvent,
  type TimelineItem,
} from '@sotto/client';
import type { AccountId } from '@sotto/protocol';
import { harmless, harmlessLine } from './harmless.ts';
import { sizeWords } from './sizes.ts';
import { clock, day } from './time.ts';

export function nameOf(account: AccountId | null, { self, people }: EngineState): string {
  if (account === null) return 'somebody';
  return account === self.account ? 'you' : harmlessLine(people.get(account)?.name ?? 'somebody');
}

export const STEPS: Readonly<Record<SetupStep, string>> = {
  identity: 'your identity key',
  device: 'the signing key of this device',
  'exchange-rsa': 'the RSA-3072 half of the exchange key',
  'exchange-mlkem': 'the ML-KEM-768 half of the exchange key',
  password: 'proving the password without sending it',
  work: 'somebody tried many passwords for this name, so this takes a moment',
  vault: 'your vault',
  registering: 'telling the server your name and public keys',
  checking: 'reading the backup to its end',
  restoring: 'bringing your conversations back',
  files: 'bringing your files back',
  opening: 'opening your conversations',
};

export const peopleInOrder = ({ people }: EngineState): Person[] =>
  [...people.values()].sort((a, b) => Number(b.online) - Number(a.online) || a.name.localeCompare(b.name));

export const personLine = (person: Person): string =>
  `${person.online ? '●' : '○'} ${harmlessLine(person.name)}${factsOf(person)}`;

/** What is to know of somebody before one goes by their name (attack 49). */
function factsOf({ claimed, looksLike, trust }: Person): string {
  const facts = [
    trust === 'unverified' ? '' : trust,
    claimed === null ? '' : `the server calls them ${harmlessLine(claimed)}`,
    looksLike === null ? '' : 'not somebody you know, though the name looks the same',
  ].filter(Boolean);
  return facts.length > 0 ? ` (${facts.join('; ')})` : '';
}

export const roomsInOrder = ({ order, rooms }: EngineState): Room[] =>
  order.map((id) => rooms.get(id)).filter((room) => room !== undefined);

export function roomLine({ title, members, unread, standing, security }: Room): string {
  const state = standing === 'member' ? `${members.length}` : standing;
  const more = [unread > 0 ? `${unread} new` : '', security.state === 'attention' ? 'needs attention' : ''];
  return `${harmlessLine(title)} (${[state, ...more].filter(Boolean).join(', ')})`;
}

export const memberLine =
  (state: EngineState) =>
  ({ account, role, devices }: RoomMember): string => {
    const person = state.people.get(account);
    const sign = account === state.self.account || person?.online ? '●' : '○';
    const trust = person && person.trust !== 'unverified' ? `, ${person.trust}` : '';
    const words = `${role}, ${devices} ${devices === 1 ? 'device' : 'devices'}${trust}`;
    return `${sign} ${nameOf(account, state)} (${words})`;
  };

/** By which a request is answered: the beginning of the hash of what was asked. */
export const requestNumber = ({ header }: RoomRequest, length = 10): string =>
  Buffer.from(header, 'base64url').toString('hex').slice(0, length);

/** Nothing but the name of their account is the other's to choose (attack 48). */
export const requestLine =
  ({ people }: EngineState) =>
  (request: RoomRequest): string => {
    const { by, kind, name, others } = request;
    const person = people.get(by);
    const company = others === 0 ? '' : ` with ${others} ${others === 1 ? 'other' : 'others'}`;
    const asks = kind === 'direct' ? 'would like to write to you' : `brought you into a group${company}`;
    return `${requestNumber(request)}  ${harmlessLine(name)}${person ? factsOf(person) : ''} ${asks}`;
  };

export const blockedLine = ([account, name]: readonly [AccountId, string]): string =>
  harmlessLine(name) || account;

const NOTICES: Readonly<Record<Notice['kind'], string>> = {
  alarm: 'Something broke a rule and was refused',
  storage: 'This device could not store something',
  'new-device': 'A new device was added to your account',
};

export function noticeLine(notice: Notice, state: EngineState): string {
  const { kind, room, account, detail, at } = notice;
  const device = notice.kind === 'new-device' ? notice.device.device : null;
  const since = notice.kind === 'alarm' ? notice.since : null;
  const where = room === null ? '' : ` in ${harmlessLine(state.rooms.get(room)?.title ?? '?')}`;
  const who = account === null ? '' : ` (${nameOf(account, state)})`;
  const what = [detail, device ?? ''].filter(Boolean).map(harmlessLine).join(' ');
  const missing = since === null ? '' : `. What changed since ${day(since)} ${clock(since)} is missing.`;
  // Attack 34: whoever signed in elsewhere may know the password.
  const remedy = device ? '. Not you? Remove it (devices remove) and set another password.' : '';
  return `${day(at)} ${clock(at)} ${NOTICES[kind]}${where}${who}${what ? `: ${what}` : ''}${missing}${remedy}`;
}

export const searchLine =
  (state: EngineState) =>
  ({ room, position, account, time, body, files }: SearchHit): string => {
    const title = harmlessLine(state.rooms.get(room)?.title ?? '?');
    const said = [...(files ?? []).map(fileWords), harmlessLine(body)].filter(Boolean).join(' ');
    return `${day(time)} ${clock(time)} (${title}, ${position}) ${nameOf(account, state)}: ${said}`;
  };

/** A file as it stands among text. */
const fileWords = ({ name, size }: FileItem): string => `[${harmlessLine(name)}, ${sizeWords(size)}]`;

export const sharedLine =
  (state: EngineState) =>
  ({ file, position, account, time }: SharedFile): string => {
    const when = `${day(time)} ${clock(time)}`;
    return `${String(position).padStart(5)}  ${when}  ${nameOf(account, state)}: ${fileWords(file)} ${harmlessLine(file.type)}`;
  };

/** What a message says that just came. */
export function incomingWords({ body, files }: IncomingMessage): string {
  if (!files) return harmless(body);
  const more = files.count > 1 ? ` and ${files.count - 1} more` : '';
  return [`[${harmlessLine(files.name)}${more}]`, harmless(body)].filter(Boolean).join(' ');
}

export function deviceLine({ device, name, kind, online, current, seen }: OwnDevice): string {
  const last = seen === null ? '' : `, last here ${day(seen)}`;
  const state = current ? ', this device' : online ? ', online' : last;
  return `${device}  ${harmlessLine(name) || '(without a name)'} (${kind}${state})`;
}

/** What an invite link leads to. */
export function previewLine({ name, members }: InvitePreview): string {
  return `${harmlessLine(name)} (${members.length}: ${members.map((member) => harmlessLine(member.name)).join(', ')})`;
}

/** What stands in the way of writing here, or undefined. */
export function obstacle(room: Room): string | undefined {
  if (room.standing !== 'member') return 'You are no longer a member here.';
  const { security } = room;
  return security.state === 'attention' && security.blocksSending
    ? `Sending is held back (${security.alarm.rule}): ${harmlessLine(security.alarm.detail)}`
    : undefined;
}

/** One line of a conversation as the terminal shows it. */
export function itemLine(item: TimelineItem, state: EngineState): string {
  const time = clock(item.time);
  const who = nameOf(item.account, state);
  if (item.type === 'system') return `${time} -- ${who} ${eventWords(item.event, state)}`;
  if (item.type === 'message' && item.kind === 'deleted') return `${time} ${who} deleted a message`;
  return `${time} ${who}: ${bodyOf(item)}`;
}

/** What a message says, or why it says nothing. */
export function bodyOf(item: Exclude<TimelineItem, { type: 'system' }>): string {
  if (item.type === 'unreadable') {
    return `[${item.reason === 'requested' ? 'waiting for the key' : 'before you joined'}]`;
  }
  if (item.blocked) return '[by somebody you blocked]';
  return `${(WORDS[item.kind] as (item: MessageItem) => string)(item)}${editedAt(item) === null ? '' : ' (edited)'}`;
}

type Of<K extends MessageItem['kind']> = Extract<MessageItem, { readonly kind: K }>;

/** A message in words, by what it is. */
const WORDS: { readonly [K in MessageItem['kind']]: (item: Of<K>) => string } = {
  text: ({ body }) => harmless(body),
  files: ({ files, body }) => [...files.map(fileWords), harmless(body)].filter(Boolean).join(' '),
  deleted: () => '[deleted]',
  unknown: ({ name }) => `[${harmlessLine(name)}, not known to this version]`,
};

const links = (count: number) => `${count} invite ${count === 1 ? 'link' : 'links'}`;

const inviteWords = (opened: number, ended: number) =>
  [opened > 0 && `opened ${links(opened)}`, ended > 0 && `ended ${links(ended)}`]
    .filter(Boolean)
    .join(' and ');

/** What happened, to follow the name of who did it. */
export function eventWords(event: SystemEvent, state: EngineState): string {
  switch (event.type) {
    case 'refused-entry':
    case 'alarm':
      return `refused (${event.alarm.rule}): ${harmlessLine(event.alarm.detail)}`;
    case 'renamed':
      return `renamed this to ${harmlessLine(event.title)}`;
    case 'created':
      return 'started the conversation';
    case 'added':
    case 'removed':
      return `${event.type} ${nameOf(event.account, state)}`;
    case 'joined':
      return 'came in by an invite link';
    case 'left':
      return `: ${nameOf(event.account, state)} left`;
    case 'leaving':
      return 'asked to leave';
    case 'role':
      return `made ${nameOf(event.account, state)} ${event.role}`;
    case 'devices':
      return `: ${nameOf(event.account, state)} changed devices; new keys were made`;
    case 'named':
      return `: ${harmlessLine(event.before || 'somebody')} is now called ${harmlessLine(event.name || 'nothing valid')}`;
    case 'identity':
      return `: the security key of ${nameOf(event.account, state)} changed`;
    case 'identity-accepted':
      return `accepted the new security key of ${nameOf(event.account, state)}`;
    case 'policy':
      return 'changed the rules of the room';
    case 'profile':
      return 'changed the name or the topic';
    case 'invites':
      return inviteWords(event.opened, event.ended);
    case 'rekeyed':
      return 'made new keys';
  }
}
