import type { EngineState, Room, TimelineItem } from '@sotto/client';
import type { AccountId } from '@sotto/protocol';

/** Control characters could steer the terminal; nobody's message may (attack 31). */
export const harmless = (text: string) =>
  text.replace(/[\p{Cc}\p{Cf}]/gu, (c) => (c === '\n' ? '\n    ' : '�'));

function nameOf(account: AccountId | null, { self, people }: EngineState): string {
  if (account === null) return 'somebody';
  return account === self.account ? 'you' : harmless(people.get(account)?.name ?? 'somebody');
}

export function personLines({ people }: EngineState): string[] {
  return [...people.values()]
    .sort((a, b) => Number(b.online) - Number(a.online) || a.name.localeCompare(b.name))
    .map(
      ({ name, online, trust }) =>
        `${online ? '●' : '○'} ${harmless(name)}${trust === 'unverified' ? '' : ` (${trust})`}`,
    );
}

export function roomLines({ order, rooms }: EngineState): string[] {
  return order
    .map((id) => rooms.get(id))
    .filter((room) => room !== undefined)
    .map(
      (room) =>
        `${harmless(room.title)} (${room.members.length}${room.unread > 0 ? `, ${room.unread} new` : ''})`,
    );
}

/** What stands in the way of writing here, or undefined. */
export function obstacle(room: Room): string | undefined {
  if (room.standing !== 'member') return 'You are no longer a member here.';
  const { security } = room;
  return security.state === 'attention' && security.blocksSending
    ? `Sending is held back (${security.alarm.rule}): ${security.alarm.detail}`
    : undefined;
}

/** One line of a conversation as the terminal shows it. */
export function itemLine(item: TimelineItem, state: EngineState): string {
  const time = new Date(item.time).toTimeString().slice(0, 5);
  const who = nameOf(item.account, state);
  switch (item.type) {
    case 'message':
      if (item.deleted) return `${time} ${who} deleted a message`;
      if (item.unknownKind)
        return `${time} ${who}: [${harmless(item.unknownKind)}, not known to this version]`;
      return `${time} ${who}: ${harmless(item.body)}${item.edited === null ? '' : ' (edited)'}`;
    case 'unreadable':
      return `${time} ${who}: [${item.reason === 'requested' ? 'waiting for the key' : 'before you joined'}]`;
    case 'system':
      return `${time} -- ${who}: ${eventWords(item.event, state)}`;
  }
}

function eventWords(event: Extract<TimelineItem, { type: 'system' }>['event'], state: EngineState): string {
  if (event.type === 'refused-entry' || event.type === 'alarm') {
    return `refused (${event.alarm.rule}): ${harmless(event.alarm.detail)}`;
  }
  if (event.type === 'renamed') return `renamed this to ${harmless(event.title)}`;
  return 'account' in event ? `${event.type} ${nameOf(event.account, state)}` : event.type;
}
