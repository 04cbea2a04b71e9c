import type { Alarm, EngineState, Room, SystemEvent } from '@sotto/client';
import { nameOf } from '../app/engine-context.tsx';
import type { AccountId } from '../app/types.ts';
import type { Texts } from '../texts/texts.ts';

/** A person as a sentence needs them: the reader, nobody in particular, or somebody by name. */
interface Person {
  readonly who: 'you' | 'somebody' | 'other';
  readonly whoName: string;
}

function personOf(texts: Texts, state: EngineState, account: AccountId | null, room?: Room): Person {
  if (account === null) return { who: 'somebody', whoName: '' };
  if (account === state.self.account) return { who: 'you', whoName: '' };
  return { who: 'other', whoName: nameOf(texts, state, account, room) };
}

/** Who did it, where a sentence tells of two. */
const actor = ({ who, whoName }: Person) => ({ by: who, byName: whoName });

/** A person as one of a list. */
const listed = (texts: Texts, { who, whoName }: Person): string =>
  who === 'other' ? whoName : texts.words[who];

/** The plain sentence for something that changes who can read the conversation. */
export function eventWords(
  texts: Texts,
  state: EngineState,
  room: Room | undefined,
  line: { readonly account: AccountId | null; readonly event: SystemEvent },
): string {
  const { event } = line;
  const t = texts.events;
  const by = actor(personOf(texts, state, line.account, room));
  const who = (account: AccountId) => personOf(texts, state, account, room);
  switch (event.type) {
    case 'created':
      return room?.kind === 'direct' ? t.startedDirect(by) : t.created(by);
    case 'added':
      return addedWords(texts, state, room, { by: line.account, people: [event.account] });
    case 'joined':
      return t.joined(who(event.account));
    case 'removed':
      return t.removed({ ...by, ...who(event.account) });
    case 'left':
      return t.left(who(event.account));
    case 'role':
      return (event.role === 'admin' ? t.madeAdmin : t.madeMember)({ ...by, ...who(event.account) });
    case 'devices':
      return t.devices(who(event.account));
    case 'named': {
      const { unnamed } = texts.people;
      return t.named({ before: event.before || unnamed, name: event.name || unnamed });
    }
    case 'identity':
      return t.identity(who(event.account));
    case 'policy':
      return t.policy(by);
    case 'profile':
      return t.profile(by);
    case 'invites': {
      const what = event.ended === 0 ? 'opened' : event.opened === 0 ? 'ended' : 'both';
      return t.invites({ ...by, what, opened: event.opened, ended: event.ended });
    }
    case 'rekeyed':
      return t.rekeyed(by);
    case 'renamed':
      return t.renamed({ ...by, title: event.title });
    case 'leaving':
      return t.leaving(who(event.account));
    case 'identity-accepted':
      return t.identityAccepted(who(event.account));
    case 'refused-entry':
      return t.refused({ what: alarmWords(texts, state, room, event.alarm).title });
    case 'alarm':
      return alarmWords(texts, state, room, event.alarm).title;
  }
}

/** Who was added by whom, one or several at a time. */
export function addedWords(
  texts: Texts,
  state: EngineState,
  room: Room | undefined,
  { by, people }: { readonly by: AccountId | null; readonly people: readonly AccountId[] },
): string {
  const names = people.map((account) => listed(texts, personOf(texts, state, account, room)));
  return texts.events.added({
    ...actor(personOf(texts, state, by, room)),
    people: texts.local.and(names),
  });
}

type Said = string | ((told: Person & { readonly since: string }) => string);

/** Title, cause and remedy of an alarm; its rule and detail stand behind "Details". */
export function alarmWords(
  texts: Texts,
  state: EngineState,
  room: Room | undefined,
  alarm: Pick<Alarm, 'kind' | 'account' | 'since'>,
): { title: string; text: string } {
  const { title, text }: { title: Said; text: Said } = texts.alarms[alarm.kind];
  const since = alarm.since === undefined ? 'unknown' : texts.local.exact(alarm.since);
  const told = { ...personOf(texts, state, alarm.account, room), since };
  const say = (message: Said) => (typeof message === 'string' ? message : message(told));
  return { title: say(title), text: say(text) };
}

/** Who is typing, by name where they are few. */
export function typingWords(texts: Texts, state: EngineState, room: Room): string {
  const t = texts.list;
  const count = room.typing.length;
  if (room.kind === 'direct') return t.typing;
  if (count > 3) return t.typingMany({ count });
  const names = room.typing.map((account) => nameOf(texts, state, account, room));
  return t.typingNames({ names: texts.local.and(names), count });
}

/** Which rule was broken, and how; it stands behind "Details". */
export const ruleWords = (texts: Texts, { rule, code }: Pick<Alarm, 'rule' | 'code'>): string =>
  texts.events.ruleDetail({ rule, detail: texts.breaches[code] });
