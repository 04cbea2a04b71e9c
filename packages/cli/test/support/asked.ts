import type { Request } from '../../src/commands/command.ts';

/** A request as tests write it: the command's name, and what it is about. */
export const asked = ({ command, input }: Request) => ({ command: command.name, ...(input as object) });
