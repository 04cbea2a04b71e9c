import type { Alarm, EngineState, Room, SystemEvent } from '@sotto/client';
import { nameOf } from '../app/engine-context.tsx';
import type { AccountId } from '../app/types.ts';
import { texts } from './index.ts';

/** A person as a sentence needs them: as its subject, its object and an owner. */
export interface Named {
  readonly subject: string;
  readonly object: string;
  readonly owner: string;
}

export function named(state: EngineState, account: AccountId | null, room?: Room): Named {
  if (account === null) return texts.words.somebody;
  if (account === state.self.account) return texts.words.you;
  const name = nameOf(state, account, room);
  return { subject: name, object: name, owner: texts.words.owner(name) };
}

/** The plain sentence for something that changes who can read the conversation. */
export function eventWords(
  state: EngineState,
  room: Room | undefined,
  line: { readonly account: AccountId | null; readonly event: SystemEvent },
): string {
  const { event } = line;
  const t = texts.events;
  const by = named(state, line.account, room);
  const who = (account: AccountId) => named(state, account, room);
  switch (event.type) {
    case 'created':
      return room?.kind === 'direct' ? t.startedDirect(by) : t.created(by);
    case 'added':
      return t.added(by, [who(event.account).object]);
    case 'joined':
      return t.joined(who(event.account));
    case 'removed':
      return t.removed(by, who(event.account));
    case 'left':
      return t.left(who(event.account));
    case 'role':
      return event.role === 'admin'
        ? t.madeAdmin(by, who(event.account))
        : t.madeMember(by, who(event.account));
    case 'devices':
      return t.devices(who(event.account));
    case 'identity':
      return t.identity(who(event.account));
    case 'policy':
      return t.policy(by);
    case 'invites':
      return t.invites(by);
    case 'rekeyed':
      return t.rekeyed(by);
    case 'renamed':
      return t.renamed(by, event.title);
    case 'leaving':
      return t.leaving(who(event.account));
    case 'identity-accepted':
      return t.identityAccepted(who(event.account));
    case 'refused-entry':
      return t.refused(alarmWords(state, room, event.alarm).title);
    case 'alarm':
      return alarmWords(state, room, event.alarm).title;
  }
}

/** Title, cause and remedy of an alarm; its rule and detail stand behind "Details". */
export function alarmWords(
  state: EngineState,
  room: Room | undefined,
  alarm: Alarm,
): { title: string; text: string } {
  return texts.alarms[alarm.kind](named(state, alarm.account, room));
}
