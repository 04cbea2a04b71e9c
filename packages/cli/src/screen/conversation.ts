import type { EngineState, Room, TimelineState } from '@sotto/client';
import { Box, Text } from 'ink';
import { harmlessLine, nameOf, obstacle } from '../text/words.ts';
import { Composer } from './composer.ts';
import type { Draft } from './draft.ts';
import { h } from './h.ts';
import { Messages } from './messages.ts';

interface Props {
  readonly room: Room;
  readonly timeline: TimelineState;
  readonly state: EngineState;
  readonly draft: Draft;
  readonly focused: boolean;
  readonly scrolled: number;
  readonly width: number;
  readonly height: number;
  readonly now: number;
}

/** One conversation: who is in it, what was said, and where one writes. */
export function Conversation({ room, timeline, state, draft, focused, scrolled, width, height, now }: Props) {
  const reason = obstacle(room);
  const typing = room.typing.map((account) => nameOf(account, state));
  const composerHeight = Math.min(6, draft.text.split('\n').length);
  // Border, title, the line for typing, and the composer.
  const rest = Math.max(1, height - 4 - composerHeight);
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
    h(Messages, { timeline, state, scrolled, now, height: rest }),
    h(
      Box,
      { height: 1, flexShrink: 0 },
      reason
        ? h(Text, { color: 'red', wrap: 'truncate-end' }, reason)
        : h(Text, { dimColor: true, wrap: 'truncate-end' }, typingWords(typing)),
    ),
    h(Composer, { draft, focused: focused && !reason, height: composerHeight, to: harmlessLine(room.title) }),
  );
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
