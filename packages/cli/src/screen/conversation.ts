import type { EngineState, Room, TimelineState, Transfer } from '@sotto/client';
import type { FileId } from '@sotto/protocol';
import { Box } from 'ink';
import { harmlessLine } from '../text/harmless.ts';
import { nameOf, obstacle } from '../text/words.ts';
import type { Texts } from '../texts/texts.ts';
import { Composer } from './composer.ts';
import { h } from './h.ts';
import { Messages } from './messages.ts';
import { Text } from './text.ts';
import { useTexts } from './texts.ts';
import { transferLines } from './transfers.ts';
import type { Target, View } from './view.ts';

interface Props {
  readonly room: Room;
  readonly timeline: TimelineState;
  readonly transfers: ReadonlyMap<FileId, Transfer>;
  readonly state: EngineState;
  readonly view: View;
  readonly width: number;
  readonly height: number;
  readonly now: number;
}

/** One conversation: who is in it, what was said, and where one writes. */
export function Conversation({ room, timeline, transfers, state, view, width, height, now }: Props) {
  const texts = useTexts();
  const { draft, focus, scrolled, selected, target } = view;
  const reason = hindrance(texts, room);
  const focused = focus !== 'list';
  const typing = room.typing.map((account) => nameOf(texts, account, state));
  const composerHeight = Math.min(6, draft.text.split('\n').length);
  const moving = transferLines(texts, transfers, timeline);
  // Border, title, files on their way, the line for typing, and the composer.
  const rest = Math.max(1, height - 4 - moving.length - composerHeight);
  return h(
    Box,
    {
      flexDirection: 'column',
      width,
      height,
      borderStyle: 'round',
      borderColor: focused ? 'cyan' : 'gray',
      paddingX: 1,
    },
    h(Title, { room, state }),
    h(Messages, { timeline, state, scrolled, selected, now, height: rest }),
    ...moving.map((line) =>
      h(Box, { key: line, height: 1, flexShrink: 0 }, h(Text, { color: 'cyan', wrap: 'truncate-end' }, line)),
    ),
    h(
      Box,
      { height: 1, flexShrink: 0 },
      reason
        ? h(Text, { color: 'red', wrap: 'truncate-end' }, reason)
        : h(
            Text,
            { dimColor: true, wrap: 'truncate-end' },
            target ? targetWords(texts, target, timeline, state) : typingWords(texts, typing),
          ),
    ),
    h(Composer, {
      draft,
      focused: focus === 'write' && !view.prompt,
      height: composerHeight,
      to: harmlessLine(room.title),
    }),
  );
}

/** Why nothing is sent, with what resolves it. */
function hindrance(t: Texts, room: Room): string | undefined {
  const why = obstacle(room)?.(t);
  const { security } = room;
  const changed = security.state === 'attention' && security.alarm.kind === 'identity-changed';
  return why && changed ? t.pane.resolve({ why }) : why;
}

/** By what the message says now. */
function targetWords(
  t: Texts,
  { type, position }: Target,
  { items }: TimelineState,
  state: EngineState,
): string {
  const item = items.find((each) => each.type === 'message' && each.position === position);
  const body = item?.type === 'message' ? harmlessLine(item.body) : '';
  if (type === 'edit') return t.pane.editing({ body });
  return t.pane.replying({ who: item?.account ? nameOf(t, item.account, state) : '…', body });
}

function typingWords({ pane: t }: Texts, names: readonly string[]): string {
  const count = names.length;
  if (count === 0) return ' ';
  return count > 3 ? t.manyTyping({ count }) : t.typing({ count, names: names.join(', ') });
}

const LOCKS = { verified: 'green', unverified: 'gray', attention: 'red' } as const;

function Title({ room, state }: { room: Room; state: EngineState }) {
  const { pane: t } = useTexts();
  const peer = room.peer === null ? undefined : state.people.get(room.peer);
  const who = peer ? (peer.online ? t.online : t.offline) : t.members({ count: room.members.length });
  const { state: lock } = room.security;
  const work = room.work ? t.work[room.work.kind](room.work) : '';
  return h(
    Box,
    { height: 1, flexShrink: 0 },
    h(
      Text,
      { wrap: 'truncate-end' },
      h(Text, { bold: true }, harmlessLine(room.title)),
      h(Text, { dimColor: true }, `  ${who}${work}  `),
      h(Text, { color: LOCKS[lock] }, t.locks[lock]),
    ),
  );
}
