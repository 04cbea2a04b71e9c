import { typedHelp } from '../grammar/help.ts';
import type { Panel } from './view.ts';

const KEYS: readonly (readonly [string, string])[] = [
  ['Tab', 'between the list and the message'],
  ['↑ ↓', 'in the list: choose; in a message: scroll'],
  ['Enter', 'in the list: open; in a message: send'],
  ['Ctrl-J, Alt-Enter', 'a new line in the message'],
  ['Ctrl-N, Ctrl-P', 'next and previous conversation'],
  ['PgUp, PgDn', 'older and newer messages'],
  ['Ctrl-S', 'choose a message: r replies, e edits, d deletes, + reacts, s saves its files'],
  ['Ctrl-A, Ctrl-E', 'start and end of the message'],
  ['Ctrl-W, Ctrl-U', 'erase a word, everything before the cursor'],
  ['Ctrl-R', 'try again what was not sent, and the connection'],
  ['Esc', 'back to the list; closes this help'],
  ['Ctrl-G, or ? in the list', 'this help'],
  ['Ctrl-C', 'quit'],
];

const row = ([left, right]: readonly [string, string]) => `  ${left.padEnd(30)}${right}`;

/** All keys and commands. */
export const HELP_PANEL: Panel = {
  title: 'Keys and commands',
  lines: [
    ...KEYS.map(row),
    '',
    'Commands, in a message or from the list',
    ...typedHelp(30),
    '',
    '… waiting   ✓ sent   ✓✓ delivered   ✓✓ read   ✗ not sent',
  ],
  from: 0,
};
