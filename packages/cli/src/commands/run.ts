import type { Engine } from '@sotto/client';
import type { Io } from '../io.ts';
import { type EngineRequest, UsageError } from '../options.ts';
import { deviceJson, personJson, roomJson } from '../text/json.ts';
import { deviceLine, personLines, roomLines } from '../text/words.ts';
import { follow } from './follow.ts';
import { read } from './read.ts';
import { send } from './send.ts';
import { catchUp } from './wait.ts';

/** How a command ended, as the process tells it. */
export const EXIT = { done: 0, failed: 1, usage: 2, waiting: 3 } as const;
export type Exit = (typeof EXIT)[keyof typeof EXIT];

export interface Task<R extends EngineRequest = EngineRequest> {
  readonly engine: Engine;
  readonly request: R;
  readonly json: boolean;
  readonly io: Io;
}

/** Does what was asked. @throws ClientError, UsageError for what cannot be done */
export async function runCommand(task: Task): Promise<Exit> {
  const { engine, request, json, io } = task;
  await catchUp(engine, io);
  const { state } = engine;
  const print = (values: readonly unknown[], lines: () => readonly string[]) => {
    for (const line of json ? values.map((value) => JSON.stringify(value)) : lines()) io.out(line);
    return EXIT.done;
  };
  switch (request.command) {
    case 'rooms': {
      const rooms = state.order.map((id) => state.rooms.get(id)).filter((room) => room !== undefined);
      return print(rooms.map(roomJson), () => roomLines(state));
    }
    case 'people':
      return print([...state.people.values()].map(personJson), () => personLines(state));
    case 'read':
      return read({ ...task, request });
    case 'send':
      return send({ ...task, request });
    case 'follow':
      return follow({ ...task, request });
    case 'devices': {
      const devices = await engine.devices();
      return print(devices.map(deviceJson), () => devices.map(deviceLine));
    }
    case 'rename-device':
      await engine.renameDevice(await deviceCalled(engine, request.device), request.name);
      return EXIT.done;
    case 'remove-devices': {
      const devices = await Promise.all(request.devices.map((name) => deviceCalled(engine, name)));
      await engine.removeDevices(devices);
      return EXIT.done;
    }
  }
}

/** By its id, the beginning of it, or its name. */
async function deviceCalled(engine: Engine, text: string) {
  const devices = await engine.devices();
  const exact = devices.filter(({ device, name }) => device === text || name === text);
  const found = exact.length > 0 ? exact : devices.filter(({ device }) => device.startsWith(text));
  const [one, another] = found;
  if (!one || another) {
    throw new UsageError(`${text}: ${one ? 'several devices match' : 'no such device'}; devices lists them.`);
  }
  return one.device;
}
