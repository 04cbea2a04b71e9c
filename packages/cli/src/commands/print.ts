import { jsonLine } from '../text/harmless.ts';
import type { Task } from './command.ts';

/** Prints one value per line: as JSON, or as the person reads it. */
export function print<T>(
  { json, io }: Pick<Task, 'json' | 'io'>,
  values: Iterable<T>,
  asJson: (value: T) => unknown,
  asLine: (value: T) => string,
): void {
  for (const value of values) io.out(json ? jsonLine(asJson(value)) : asLine(value));
}
