import type { Engine, EngineState } from '@sotto/client';
import type { RoomId } from '@sotto/protocol';
import { UsageError } from '../options.ts';

type Found =
  | { readonly type: 'room'; readonly room: RoomId }
  | { readonly type: 'person'; readonly account: Parameters<Engine['openDirect']>[0] };

const same = (a: string, b: string) => a.localeCompare(b, undefined, { sensitivity: 'accent' }) === 0;

/** What a person means by a name: a room's id, a title, or somebody. @throws UsageError where it is not one thing */
function find({ rooms, people }: EngineState, name: string): Found {
  const ids = [...rooms.values()].filter(({ room }) => room === name);
  const titled = ids.length > 0 ? ids : [...rooms.values()].filter(({ title }) => same(title, name));
  const [room, another] = titled;
  if (room && another) {
    const choices = titled.map((each) => `${each.room} (${each.members.length} members)`);
    throw new UsageError(`${name}: several are called so. Name one by its id: ${choices.join(', ')}`);
  }
  if (room) return { type: 'room', room: room.room };
  const [person, namesake] = [...people.values()].filter((each) => same(each.name, name));
  if (!person || namesake) {
    throw new UsageError(
      namesake
        ? `${name}: several people are called so.`
        : `Nobody and no group is called ${name}; people and rooms list them.`,
    );
  }
  return { type: 'person', account: person.account };
}

/** The room meant by a name; makes the conversation with a person where there is none. */
export async function openRoom(engine: Engine, name: string): Promise<RoomId> {
  const found = find(engine.state, name);
  return found.type === 'room' ? found.room : engine.openDirect(found.account);
}
