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

/** A terminal would jump to its own stops. */
const seen = (text: string): string => text.replaceAll('\t', '  ');

/** Where one writes; the cursor is shown in reverse. */
export function Composer({ draft, focused, height, to }: Props) {
  const { pane } = useTexts();
  const { text, cursor } = draft;
  const under = underCursor(draft);
  const atBreak = under === '' || under === '\n';
  const content = focused
    ? [
        seen(text.slice(0, cursor)),
        h(Text, { key: 'cursor', inverse: true }, atBreak ? ' ' : seen(under)),
        seen(text.slice(cursor + (atBreak ? 0 : under.length))),
      ]
    : [seen(text)];
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
