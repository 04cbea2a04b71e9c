import type { Chosen, Engine, EngineState, OwnDevice, Person, Room } from '@sotto/client';
import type { RoomId } from '@sotto/protocol';
import { demandAnswered } from './requests/answered.ts';
import { NotDone, UsageError } from './usage-error.ts';

const same = (a: string, b: string) => a.localeCompare(b, undefined, { sensitivity: 'accent' }) === 0;

/** The one conversation of this id or title, if any. @throws UsageError where several are called so */
function roomCalled({ rooms }: EngineState, name: string): Room | undefined {
  const all = [...rooms.values()];
  const ids = all.filter(({ room }) => room === name);
  const titled = ids.length > 0 ? ids : all.filter(({ title }) => same(title, name));
  if (titled.length > 1) {
    throw new UsageError((t) => {
      const counted = ({ room, members }: Room) => `${room} (${t.pane.members({ count: members.length })})`;
      return t.wrong.several({ name, choices: titled.map(counted).join(', ') });
    });
  }
  return titled[0];
}

/** Somebody by their id or name. @throws UsageError where it is not one person */
export function personCalled({ people }: EngineState, name: string): Person {
  const known = [...people.values()];
  const ids = known.filter(({ account }) => account === name);
  const [person, namesake] = ids.length > 0 ? ids : known.filter((each) => same(each.name, name));
  if (person && !namesake) return person;
  throw new UsageError((t) => t.wrong[namesake ? 'severalPeople' : 'nobody']({ name }));
}

/** Attack 49: by an id it is the account that was meant, by a name the person of that name. */
function chosenCalled(state: EngineState, called: string): Chosen {
  const { account, name } = personCalled(state, called);
  return called === account ? account : { account, name };
}

export const peopleCalled = (state: EngineState, names: readonly string[]): Chosen[] =>
  names.map((name) => chosenCalled(state, name));

/**
 * The room meant by a name; makes the conversation with a person where there is none.
 * @param purpose who writes to somebody wants to talk with them; who looks answers their request first (attack 48)
 */
export async function openRoom(
  engine: Engine,
  name: string,
  purpose: 'look' | 'write' = 'look',
): Promise<RoomId> {
  const room = roomCalled(engine.state, name);
  if (room) return room.room;
  const { people } = engine.state;
  const known = [...people.values()].some((each) => each.account === name || same(each.name, name));
  if (!known) throw new UsageError((t) => t.wrong.neither({ name }));
  const chosen = chosenCalled(engine.state, name);
  if (purpose === 'look') demandAnswered(engine, typeof chosen === 'string' ? chosen : chosen.account);
  return engine.rooms.openDirect(chosen);
}

/** A conversation that is here already. @throws UsageError where there is none */
export function roomHere({ state }: Engine, name: string): Room {
  const room = roomCalled(state, name);
  if (!room) throw new UsageError((t) => t.wrong.noRoom({ name }));
  return room;
}

/** A group. @throws UsageError, NotDone where it is a conversation of two */
export function groupHere(engine: Engine, name: string): Room {
  const room = roomHere(engine, name);
  if (room.kind === 'group') return room;
  throw new NotDone((t) => t.undone.ofTwo({ title: room.title }));
}

/** By its id, the beginning of it, or its name. @throws UsageError where it is not one device */
export function deviceCalled(devices: readonly OwnDevice[], text: string): OwnDevice {
  const exact = devices.filter(({ device, name }) => device === text || name === text);
  const found = exact.length > 0 ? exact : devices.filter(({ device }) => device.startsWith(text));
  const [one, another] = found;
  if (!one || another) {
    throw new UsageError((t) => t.wrong[one ? 'severalDevices' : 'noDevice']({ name: text }));
  }
  return one;
}
