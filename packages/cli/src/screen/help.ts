import { Box, Text } from 'ink';
import { h } from './h.ts';

const KEYS: readonly (readonly [string, string])[] = [
  ['Tab', 'between the list and the message'],
  ['↑ ↓', 'in the list: choose; in a message: scroll'],
  ['Enter', 'in the list: open; in a message: send'],
  ['Ctrl-J, Alt-Enter', 'a new line in the message'],
  ['Ctrl-N, Ctrl-P', 'next and previous conversation'],
  ['PgUp, PgDn', 'older and newer messages'],
  ['Ctrl-A, Ctrl-E', 'start and end of the message'],
  ['Ctrl-W, Ctrl-U', 'erase a word, everything before the cursor'],
  ['Ctrl-R', 'try again what was not sent, and the connection'],
  ['Esc', 'back to the list; closes this help'],
  ['Ctrl-G, or ? in the list', 'this help'],
  ['Ctrl-C', 'quit'],
];

/** All keys. */
export function Help({ height }: { height: number }) {
  return h(
    Box,
    {
      flexDirection: 'column',
      height,
      borderStyle: 'round',
      borderColor: 'cyan',
      paddingX: 1,
      overflow: 'hidden',
    },
    h(Box, { flexShrink: 0 }, h(Text, { bold: true, color: 'cyan' }, 'Keys')),
    ...KEYS.map(([key, what]) =>
      h(
        Box,
        { key, flexShrink: 0 },
        h(Box, { width: 26, flexShrink: 0 }, h(Text, { color: 'cyan' }, key)),
        h(Text, { wrap: 'truncate-end' }, what),
      ),
    ),
    h(
      Box,
      { flexShrink: 0 },
      h(Text, { dimColor: true }, '… waiting   ✓ sent   ✓✓ delivered   ✓✓ read   ✗ not sent'),
    ),
  );
}
