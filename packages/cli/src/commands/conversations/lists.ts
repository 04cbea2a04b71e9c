import { personJson, roomJson, searchJson } from '../../text/json.ts';
import { peopleInOrder, personLine, roomLine, roomsInOrder, searchLine } from '../../text/words.ts';
import { limitOf } from '../arguments.ts';
import { engineCommand } from '../command.ts';
import { print } from '../print.ts';

export const search = engineCommand({
  usage: 'search WORDS [--limit N]',
  help: 'messages on this device that have all of them',
  nothing: 'Nothing found.',
  read: (line) => ({ text: line.text(), limit: limitOf(line.flags) }),
  async run(task) {
    const { engine, input } = task;
    const hits = await engine.search(input.text, input.limit);
    print(task, hits, searchJson(engine.state), searchLine(engine.state));
  },
});

export const rooms = engineCommand({
  usage: 'rooms',
  help: 'your conversations',
  nothing: 'No conversations yet; /open NAME starts one.',
  run: async (task) => print(task, roomsInOrder(task.engine.state), roomJson, roomLine),
});

export const people = engineCommand({
  usage: 'people',
  help: 'everybody on the server, with presence',
  nothing: 'Nobody else is here yet.',
  run: async (task) => print(task, peopleInOrder(task.engine.state), personJson, personLine),
});
