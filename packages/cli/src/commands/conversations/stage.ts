import { stageCommand } from '../command.ts';
import { openRoom } from '../find.ts';

export const open = stageCommand({
  usage: 'open NAME',
  help: 'the conversation with a person, or a group by its name',
  read: (line) => ({ name: line.maybeText() ?? '' }),
  run: async ({ engine, input, stage }) => {
    stage.open(await openRoom(engine, input.name));
  },
});

export const help = stageCommand({
  usage: 'help',
  help: 'keys and commands',
  read: (line) => void line.rest(),
  run: async ({ stage }) => stage.help(),
});

export const quit = stageCommand({
  usage: 'quit',
  help: 'ends',
  read: (line) => void line.rest(),
  run: async ({ stage }) => stage.quit(),
});
