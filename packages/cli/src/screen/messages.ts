import type { EngineState, MessageItem, TimelineItem, TimelineState } from '@sotto/client';
import { Box } from 'ink';
import { harmlessLine } from '../text/harmless.ts';
import { clock } from '../text/time.ts';
import { bodyOf, eventWords, nameOf } from '../text/words.ts';
import { h } from './h.ts';
import { deliveryMark, type PaneRow, paneRows } from './rows.ts';
import { Hanging, Text } from './text.ts';
import { useTexts } from './texts.ts';

interface Props {
  readonly timeline: TimelineState;
  readonly state: EngineState;
  readonly height: number;
  /** How many lines below are scrolled out of sight. */
  readonly scrolled: number;
  /** Key of the chosen message; it is then the last one shown. */
  readonly selected: string | null;
  readonly now: number;
}

/** The end of the conversation, or where it was scrolled to; what does not fit is cut at the top. */
export function Messages({ timeline, state, height, scrolled, selected, now }: Props) {
  const { pane } = useTexts();
  const all = paneRows(pane, timeline, { self: state.self.account, now });
  const chosen = selected === null ? -1 : all.findIndex(({ key }) => key === selected);
  const end = chosen < 0 ? Math.max(1, all.length - scrolled) : chosen + 1;
  const below = all.length - end;
  const rows = all.slice(Math.max(0, end - height), end); // each takes a line at least
  return h(
    Box,
    { flexDirection: 'column', height, overflow: 'hidden', justifyContent: 'flex-end' },
    timeline.loadingOlder ? h(Text, { key: 'older', dimColor: true }, pane.older) : null,
    all.length === 0 ? h(Text, { key: 'none', dimColor: true }, pane.none) : null,
    ...rows.map((row) => h(Shown, { key: row.key, row, state, chosen: row.key === selected })),
    below > 0 ? h(Text, { key: 'more', color: 'yellow' }, pane.below({ count: below })) : null,
  );
}

function Shown({ row, state, chosen }: { row: PaneRow; state: EngineState; chosen: boolean }) {
  const t = useTexts();
  switch (row.type) {
    case 'day':
      return h(Row, null, h(Text, { dimColor: true }, `── ${row.label} ──`));
    case 'new':
      return h(Row, null, h(Text, { color: 'yellow' }, t.pane.new));
    case 'item':
      return row.item.type === 'system'
        ? h(
            Hanging,
            { dimColor: true },
            `${clock(row.item.time)} ${nameOf(t, row.item.account, state)} ${eventWords(t, row.item.event, state)}`,
          )
        : h(Said, { item: row.item, state, chosen });
  }
}

function Row({ children }: { children?: React.ReactNode }) {
  return h(Box, { flexShrink: 0 }, children);
}

const COLOURS = ['cyan', 'magenta', 'green', 'yellow', 'blue'] as const;

/** The same colour for the same person, here and after a restart. */
function colourOf(account: string): (typeof COLOURS)[number] {
  let sum = 0;
  for (const character of account) sum += character.codePointAt(0) ?? 0;
  return COLOURS[sum % COLOURS.length] ?? 'cyan';
}

interface SaidProps {
  readonly item: Exclude<TimelineItem, { type: 'system' }>;
  readonly state: EngineState;
  readonly chosen: boolean;
}

function Said({ item, state, chosen }: SaidProps) {
  const t = useTexts();
  const own = item.account === state.self.account;
  const quiet = item.type === 'unreadable' || item.kind === 'deleted';
  return h(
    Box,
    { flexShrink: 0, flexDirection: 'column' },
    item.type === 'message' && item.reply
      ? h(
          Text,
          { dimColor: true, wrap: 'truncate-end' },
          `      ↳ ${nameOf(t, item.reply.account, state)}: ${harmlessLine(item.reply.body)}`,
        )
      : null,
    h(
      Hanging,
      null,
      chosen ? h(Text, { color: 'cyan', bold: true }, '› ') : '',
      h(Text, { dimColor: !chosen, inverse: chosen }, `${clock(item.time)} `),
      h(Text, { bold: true, color: own ? 'white' : colourOf(item.account) }, nameOf(t, item.account, state)),
      ': ',
      h(Text, { dimColor: quiet, ...(mentions(item) ? { color: 'yellow' } : {}) }, bodyOf(t, item)),
      item.type === 'message' ? h(Marks, { item }) : null,
    ),
  );
}

const mentions = (item: TimelineItem) => item.type === 'message' && item.mentionsSelf;

function Marks({ item }: { item: MessageItem }) {
  const reactions = item.reactions.map(({ emoji, accounts }) => `${harmlessLine(emoji)} ${accounts.length}`);
  const t = useTexts();
  const mark = item.delivery && deliveryMark(t, item.delivery);
  return h(
    Text,
    null,
    reactions.length > 0 ? h(Text, { dimColor: true }, `  ${reactions.join('  ')}`) : null,
    mark ? h(Text, { color: mark.color }, `  ${harmlessLine(mark.sign)}`) : null,
  );
}
