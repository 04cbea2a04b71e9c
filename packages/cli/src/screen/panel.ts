import { Box, Text } from 'ink';
import { h } from './h.ts';
import type { Panel } from './view.ts';

/** An answer over the whole width, without a frame at its sides: what is copied from it is clean. */
export function PanelPane({ panel, height }: { panel: Panel; height: number }) {
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
      ...shown.map((line, index) =>
        h(
          Box,
          { key: panel.from + index, flexShrink: 0 },
          h(Text, { wrap: 'wrap' }, line === '' ? ' ' : line),
        ),
      ),
    ),
    h(
      Box,
      { flexShrink: 0 },
      h(Text, { dimColor: true }, left > 0 ? `↓ ${left} more · Esc closes` : 'Esc closes'),
    ),
  );
}
