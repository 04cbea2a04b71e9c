import { Box } from 'ink';
import { type Draft, underCursor } from './draft.ts';
import { h } from './h.ts';
import { Text } from './text.ts';
import { useTexts } from './texts.ts';

interface Props {
  readonly draft: Draft;
  readonly focused: boolean;
  readonly height: number;
  readonly to: string;
}

/** Where one writes; the cursor is shown in reverse. */
export function Composer({ draft, focused, height, to }: Props) {
  const { pane } = useTexts();
  const { text, cursor } = draft;
  const under = underCursor(draft);
  const atBreak = under === '' || under === '\n';
  const content = focused
    ? [
        text.slice(0, cursor),
        h(Text, { key: 'cursor', inverse: true }, atBreak ? ' ' : under),
        text.slice(cursor + (atBreak ? 0 : under.length)),
      ]
    : [text];
  return h(
    Box,
    { height, flexShrink: 0, overflow: 'hidden', alignItems: 'flex-end' },
    h(Text, { color: focused ? 'cyan' : 'gray' }, '> '),
    h(
      Box,
      { flexGrow: 1, flexShrink: 1 },
      text === ''
        ? h(
            Text,
            { wrap: 'truncate-end' },
            focused ? h(Text, { inverse: true }, ' ') : '',
            h(Text, { dimColor: true }, pane.writeTo({ name: to })),
          )
        : h(Text, { wrap: 'wrap' }, ...content),
    ),
  );
}
