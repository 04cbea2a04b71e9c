import type { Connection, EngineState } from '@sotto/client';
import { Box, Text } from 'ink';
import { harmlessLine } from '../text/words.ts';
import { h } from './h.ts';

/** What the connection is doing, in words and not in colour alone. */
export function connectionWords(connection: Connection, now: number): { text: string; color: string } {
  switch (connection.status) {
    case 'online':
      return { text: '● online', color: 'green' };
    case 'connecting':
      return { text: '◌ connecting …', color: 'yellow' };
    case 'offline': {
      const { retryAt } = connection;
      const next =
        retryAt === null ? '' : `, next try in ${Math.max(0, Math.ceil((retryAt - now) / 1_000))} s`;
      return { text: `○ offline${next}`, color: 'yellow' };
    }
    case 'refused':
      return { text: '✗ the server no longer takes this device', color: 'red' };
  }
}

export function TopBar({ state, now }: { state: EngineState; now: number }) {
  const { text, color } = connectionWords(state.connection, now);
  const unread = [...state.rooms.values()].reduce((sum, room) => sum + room.unread, 0);
  return h(
    Box,
    { height: 1, flexShrink: 0, justifyContent: 'space-between', paddingX: 1 },
    h(
      Text,
      { wrap: 'truncate-end' },
      h(Text, { bold: true, color: 'cyan' }, 'Sotto'),
      `  ${harmlessLine(state.self.name)}`,
      unread > 0 ? h(Text, { color: 'yellow' }, `  ${unread} new`) : '',
    ),
    h(Text, { color, wrap: 'truncate-end' }, text),
  );
}

/** Keys that matter now; or what just happened. */
export function BottomBar({ note, list }: { note: string; list: boolean }) {
  const keys = list
    ? '↑↓ choose · Enter open · Tab write · Ctrl-G help · Ctrl-C quit'
    : 'Enter send · Tab list · PgUp older · Ctrl-N next · Ctrl-G help · Ctrl-C quit';
  return h(
    Box,
    { height: 1, flexShrink: 0, paddingX: 1 },
    note === ''
      ? h(Text, { dimColor: true, wrap: 'truncate-end' }, keys)
      : h(Text, { color: 'yellow', wrap: 'truncate-end' }, harmlessLine(note)),
  );
}
