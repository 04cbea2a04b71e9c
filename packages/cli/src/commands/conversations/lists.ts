import { personJson, roomJson, searchJson } from '../../text/json.ts';
import { peopleInOrder, personLine, roomLine, roomsInOrder, searchLine } from '../../text/words.ts';
import { limitOf } from '../arguments.ts';
import { engineCommand } from '../command.ts';
import { print } from '../print.ts';

export const search = engineCommand({
  usage: 'search WORDS [--limit N]',
  read: (line) => ({ text: line.text(), limit: limitOf(line.flags) }),
  async run(task) {
    const { engine, input } = task;
    const hits = await engine.messages.search(input.text, input.limit);
    print(task, hits, searchJson(engine.state), searchLine(task.io.texts, engine.state));
  },
});

export const rooms = engineCommand({
  usage: 'rooms',
  run: async (task) => print(task, roomsInOrder(task.engine.state), roomJson, roomLine(task.io.texts)),
});

export const people = engineCommand({
  usage: 'people',
  run: async (task) => print(task, peopleInOrder(task.engine.state), personJson, personLine(task.io.texts)),
});
