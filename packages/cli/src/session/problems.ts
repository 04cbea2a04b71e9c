import { ClientError } from '@sotto/client';
import { EXIT, type Exit } from '../commands/run.ts';
import { type EngineRequest, type Request, UsageError } from '../options.ts';
import { harmlessLine } from '../text/words.ts';

const ENGINE_COMMANDS: readonly EngineRequest['command'][] = [
  'rooms',
  'people',
  'devices',
  'read',
  'send',
  'follow',
  'rename-device',
  'remove-devices',
];

export const isEngineRequest = (request: Request): request is EngineRequest =>
  ENGINE_COMMANDS.some((command) => command === request.command);

/** What the person is told of a failure. @throws the error itself where it is a fault of this program */
export function problemOf(error: unknown): { message: string; code: Exit } {
  if (error instanceof UsageError) return { message: error.message, code: EXIT.usage };
  if (error instanceof ClientError) {
    const rule = error.rule ? ` (rule ${error.rule})` : '';
    return { message: harmlessLine(`${error.message}${rule}`), code: EXIT.failed };
  }
  // The store's own failures carry a sentence for the user; it knows its class, this package its name.
  if (error instanceof Error && error.name === 'StorageError')
    return { message: error.message, code: EXIT.failed };
  throw error;
}
