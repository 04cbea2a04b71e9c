import { typedHelp } from '../grammar/help.ts';
import type { Texts } from '../texts/texts.ts';
import type { Panel } from './view.ts';

const row = ([left, right]: readonly [string, string]) => `  ${left.padEnd(30)}${right}`;

/** All keys and commands. */
export function helpPanel(t: Texts): Panel {
  const { title, rows, commands, signs } = t.keys;
  const lines = [...Object.entries(rows).map(row), '', commands, ...typedHelp(t, 30), '', signs];
  return { title, lines, from: 0 };
}
