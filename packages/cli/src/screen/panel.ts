import { Box } from 'ink';
import { h } from './h.ts';
import { Hanging, Text } from './text.ts';
import { useTexts } from './texts.ts';
import type { Panel } from './view.ts';

/** An answer over the whole width, without a frame at its sides: what is copied from it is clean. */
export function PanelPane({ panel, height }: { panel: Panel; height: number }) {
  const { pane } = useTexts();
  const inner = height - 2; // title and what is left
  const shown = panel.lines.slice(panel.from, panel.from + inner);
  const left = panel.lines.length - panel.from - shown.length;
  return h(
    Box,
    { flexDirection: 'column', height, overflow: 'hidden' },
    h(Box, { flexShrink: 0 }, h(Text, { bold: true, color: 'cyan' }, panel.title)),
    h(
      Box,
      { flexDirection: 'column', height: inner, overflow: 'hidden' },
      ...shown.map((line, index) => {
        const key = panel.from + index;
        // Nothing but what this program makes, such as a link, has no space: it is copied as it is.
        if (line.includes(' ')) return h(Hanging, { key }, line);
        return h(Box, { key, flexShrink: 0 }, h(Text, { wrap: 'wrap' }, line || ' '));
      }),
    ),
    h(
      Box,
      { flexShrink: 0 },
      h(Text, { dimColor: true }, left > 0 ? pane.moreCloses({ count: left }) : pane.closes),
    ),
  );
}
