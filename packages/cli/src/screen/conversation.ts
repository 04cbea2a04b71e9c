import type { EngineState, Room, TimelineState, Transfer } from '@sotto/client';
import type { FileId } from '@sotto/protocol';
import { Box } from 'ink';
import { harmlessLine } from '../text/harmless.ts';
import { nameOf, obstacle } from '../text/words.ts';
import { Composer } from './composer.ts';
import { h } from './h.ts';
import { Messages } from './messages.ts';
import { Text } from './text.ts';
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
  const { draft, focus, scrolled, selected, target } = view;
  const reason = hindrance(room);
  const focused = focus !== 'list';
  const typing = room.typing.map((account) => nameOf(account, state));
  const composerHeight = Math.min(6, draft.text.split('\n').length);
  const moving = transferLines(transfers, timeline);
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
            target ? targetWords(target, state) : typingWords(typing),
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
function hindrance(room: Room): string | undefined {
  const reason = obstacle(room);
  const { security } = room;
  const changed = security.state === 'attention' && security.alarm.kind === 'identity-changed';
  return reason && changed ? `${reason} · /safety and /verify, or /accept-key` : reason;
}

function targetWords({ type, item }: Target, state: EngineState): string {
  const what = type === 'edit' ? 'editing' : `↳ ${nameOf(item.account, state)}`;
  return `${what}: ${harmlessLine(item.body)} · Esc cancels`;
}

function typingWords(names: readonly string[]): string {
  if (names.length === 0) return ' ';
  if (names.length > 3) return `${names.length} people are typing …`;
  return `${names.join(', ')} ${names.length === 1 ? 'is' : 'are'} typing …`;
}

const LOCKS = {
  verified: { text: 'verified', color: 'green' },
  unverified: { text: 'not verified', color: 'gray' },
  attention: { text: 'needs attention', color: 'red' },
} as const;

function Title({ room, state }: { room: Room; state: EngineState }) {
  const peer = room.peer === null ? undefined : state.people.get(room.peer);
  const who = peer ? (peer.online ? '● online' : '○ offline') : `${room.members.length} members`;
  const lock = LOCKS[room.security.state];
  const work = room.work
    ? ` · ${room.work.kind === 'rekey' ? 'new keys' : 'fetching'} ${room.work.done}/${room.work.total}`
    : '';
  return h(
    Box,
    { height: 1, flexShrink: 0 },
    h(
      Text,
      { wrap: 'truncate-end' },
      h(Text, { bold: true }, harmlessLine(room.title)),
      h(Text, { dimColor: true }, `  ${who}${work}  `),
      h(Text, { color: lock.color }, lock.text),
    ),
  );
}
