import { Box } from 'ink';
import { harmlessLine } from '../text/harmless.ts';
import { type Entry, windowOf } from './entries.ts';
import { h } from './h.ts';
import { Text } from './text.ts';
import { useTexts } from './texts.ts';

interface Props {
  readonly entries: readonly Entry[];
  readonly chosen: number;
  /** Key of the conversation on the right. */
  readonly open: string | null;
  readonly focused: boolean;
  readonly width: number;
  readonly height: number;
}

/** Conversations with presence and unread counts, then people to write to. */
export function List({ entries, chosen, open, focused, width, height }: Props) {
  const { pane } = useTexts();
  const inner = height - 3; // border and title
  const shown = windowOf(entries, chosen, inner);
  return h(
    Box,
    {
      flexDirection: 'column',
      width,
      height,
      flexShrink: 0,
      borderStyle: 'round',
      borderColor: focused ? 'cyan' : 'gray',
      paddingX: 1,
      'aria-role': 'list',
    },
    h(Box, { flexShrink: 0 }, h(Text, { bold: true, color: focused ? 'cyan' : 'white' }, pane.conversations)),
    entries.length === 0 ? h(Text, { dimColor: true, wrap: 'wrap' }, pane.nobody) : null,
    ...shown.lines.map((entry, index) =>
      h(Line, {
        key: entry.key,
        entry,
        chosen: focused && shown.from + index === chosen,
        open: entry.key === open,
      }),
    ),
  );
}

const dot = (online: boolean | null) =>
  online === null
    ? h(Text, { color: 'blue' }, '# ')
    : h(Text, { color: online ? 'green' : 'gray' }, online ? '● ' : '○ ');

function Line({ entry, chosen, open }: { entry: Entry; chosen: boolean; open: boolean }) {
  const title = harmlessLine(entry.type === 'room' ? entry.room.title : entry.person.name);
  const online = entry.type === 'room' ? entry.online : entry.person.online;
  const unread = entry.type === 'room' ? entry.room.unread : 0;
  const alarm = entry.type === 'room' && entry.room.security.state === 'attention';
  const stranger = entry.type === 'person';
  return h(
    Box,
    { height: 1, flexShrink: 0, 'aria-role': 'listitem' },
    h(Text, { color: 'cyan' }, chosen ? '›' : open ? '▌' : ' '),
    dot(online),
    h(
      Box,
      { flexGrow: 1, flexShrink: 1 },
      h(Text, { wrap: 'truncate-end', bold: unread > 0 || open, dimColor: stranger, inverse: chosen }, title),
    ),
    alarm ? h(Text, { color: 'red', bold: true }, ' !') : null,
    unread > 0 ? h(Text, { color: 'yellow', bold: true }, ` ${unread}`) : null,
  );
}
