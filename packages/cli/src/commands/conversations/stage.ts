import { stageCommand } from '../command.ts';
import { openRoom } from '../find.ts';

export const open = stageCommand({
  usage: 'open NAME',
  read: (line) => ({ name: line.maybeText() ?? '' }),
  run: async ({ engine, input, stage }) => {
    stage.open(await openRoom(engine, input.name));
  },
});

export const help = stageCommand({
  usage: 'help',
  read: (line) => void line.rest(),
  run: async ({ stage }) => stage.help(),
});

export const quit = stageCommand({
  usage: 'quit',
  read: (line) => void line.rest(),
  run: async ({ stage }) => stage.quit(),
});
