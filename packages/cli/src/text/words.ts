import type {
  EngineState,
  FileItem,
  IncomingMessage,
  Notice,
  OwnDevice,
  Person,
  Room,
  RoomMember,
  SearchHit,
  SetupStep,
  SharedFile,
  SystemEvent,
  TimelineItem,
} from '@sotto/client';
import type { AccountId } from '@sotto/protocol';
import { sizeWords } from './sizes.ts';

/** Joins emoji and letters of some scripts; harmless to a terminal. */
const JOINERS = ['\u200c', '\u200d'];

/** Control characters could steer the terminal; nobody's message may (attack 31). */
export const harmless = (text: string) =>
  text.replace(/[\p{Cc}\p{Cf}]/gu, (c) => (c === '\n' ? '\n    ' : JOINERS.includes(c) ? c : '�'));

/** For names and titles: one line. */
export const harmlessLine = (text: string) => harmless(text.replace(/\s+/g, ' '));

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
  vault: 'your vault',
  registering: 'telling the server your name and public keys',
  checking: 'reading the backup to its end',
  restoring: 'bringing your conversations back',
  files: 'bringing your files back',
  opening: 'opening your conversations',
};

export const peopleInOrder = ({ people }: EngineState): Person[] =>
  [...people.values()].sort((a, b) => Number(b.online) - Number(a.online) || a.name.localeCompare(b.name));

export const personLine = ({ name, online, trust }: Person): string =>
  `${online ? '●' : '○'} ${harmlessLine(name)}${trust === 'unverified' ? '' : ` (${trust})`}`;

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

const NOTICES: Readonly<Record<Notice['kind'], string>> = {
  alarm: 'Something broke a rule and was refused',
  'send-failed': 'A message could not be sent',
  storage: 'This device could not store something',
  update: 'A new version is ready',
  'new-device': 'A new device was added to your account',
};

export function noticeLine({ kind, room, account, device, detail, at }: Notice, state: EngineState): string {
  const where = room === null ? '' : ` in ${harmlessLine(state.rooms.get(room)?.title ?? '?')}`;
  const who = account === null ? '' : ` (${nameOf(account, state)})`;
  const what = [detail, device ?? ''].filter(Boolean).map(harmlessLine).join(' ');
  // Attack 34: whoever signed in elsewhere may know the password.
  const remedy = device ? '. Not you? Remove it (devices remove) and set another password.' : '';
  return `${day(at)} ${clock(at)} ${NOTICES[kind]}${where}${who}${what ? `: ${what}` : ''}${remedy}`;
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
  const last = seen === null ? '' : `, last here ${new Date(seen).toISOString().slice(0, 10)}`;
  const state = current ? ', this device' : online ? ', online' : last;
  return `${device}  ${harmlessLine(name) || '(without a name)'} (${kind}${state})`;
}

/** What stands in the way of writing here, or undefined. */
export function obstacle(room: Room): string | undefined {
  if (room.standing !== 'member') return 'You are no longer a member here.';
  const { security } = room;
  return security.state === 'attention' && security.blocksSending
    ? `Sending is held back (${security.alarm.rule}): ${harmlessLine(security.alarm.detail)}`
    : undefined;
}

const day = (time: number) => new Date(time).toISOString().slice(0, 10);

export const clock = (time: number) => new Date(time).toTimeString().slice(0, 5);

/** One line of a conversation as the terminal shows it. */
export function itemLine(item: TimelineItem, state: EngineState): string {
  const time = clock(item.time);
  const who = nameOf(item.account, state);
  if (item.type === 'system') return `${time} -- ${who} ${eventWords(item.event, state)}`;
  if (item.type === 'message' && item.deleted) return `${time} ${who} deleted a message`;
  return `${time} ${who}: ${bodyOf(item)}`;
}

/** What a message says, or why it says nothing. */
export function bodyOf(item: Exclude<TimelineItem, { type: 'system' }>): string {
  if (item.type === 'unreadable') {
    return `[${item.reason === 'requested' ? 'waiting for the key' : 'before you joined'}]`;
  }
  if (item.deleted) return '[deleted]';
  if (item.unknownKind) return `[${harmlessLine(item.unknownKind)}, not known to this version]`;
  const said = [...item.files.map(fileWords), harmless(item.body)].filter(Boolean).join(' ');
  return `${said}${item.edited === null ? '' : ' (edited)'}`;
}

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
    case 'identity':
      return `: the security key of ${nameOf(event.account, state)} changed`;
    case 'identity-accepted':
      return `accepted the new security key of ${nameOf(event.account, state)}`;
    case 'policy':
      return 'changed the rules of the room';
    case 'invites':
      return 'changed the invite links';
    case 'rekeyed':
      return 'made new keys';
  }
}
