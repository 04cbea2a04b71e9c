import { Box, Text as InkText, Transform } from 'ink';
import type { ComponentProps, ReactNode } from 'react';
import { plain } from '../text/harmless.ts';
import { h } from './h.ts';

/**
 * The only way text gets onto the screen: Ink writes escape sequences of its own, so what others wrote is made
 * harmless before it reaches Ink (attack 31).
 */
export function Text({ children, ...rest }: ComponentProps<typeof InkText>) {
  return h(InkText, rest, ...[children].flat(Number.POSITIVE_INFINITY as 1).map(harmlessNode));
}

const harmlessNode = (node: ReactNode): ReactNode => (typeof node === 'string' ? plain(node) : node);

/** Further in than anything of this program begins. */
const INDENT = '        ';

/**
 * Text that others wrote or named, over as many rows as it takes: every row but the first is indented, so that none of
 * them passes for a line of this program, wherever spaces put its words (attack 31).
 */
export function Hanging(props: ComponentProps<typeof InkText>) {
  const indented = (row: string, index: number) => (index === 0 ? row : `${INDENT}${row}`);
  // The rows are broken as many columns earlier.
  const room = { flexShrink: 0, paddingRight: INDENT.length };
  return h(Box, room, h(Transform, { transform: indented }, h(Text, { ...props, wrap: 'wrap' })));
}
