import type { Connection, EngineState } from '@sotto/client';
import { Box } from 'ink';
import { harmlessLine } from '../text/harmless.ts';
import { underCursor } from './draft.ts';
import { h } from './h.ts';
import { Text } from './text.ts';
import { type Mode, modeOf, type Prompt, type View } from './view.ts';

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

/** What asks for the person, with the command that leads to it. */
function calls({ notices, self }: EngineState): string {
  const locked = self.vault === 'locked' ? '  vault locked: /unlock' : '';
  const count = notices.length;
  return count === 0 ? locked : `${locked}  ${count} ${count === 1 ? 'notice' : 'notices'}: /notices`;
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
      h(Text, { color: 'red' }, calls(state)),
      h(Text, { dimColor: true }, asked(state)),
    ),
    h(Text, { color, wrap: 'truncate-end' }, text),
  );
}

/** Attack 48: that somebody asks is said quietly, and how to see who. */
function asked({ requests }: EngineState): string {
  const count = requests.length;
  return count === 0 ? '' : `  ${count} ${count === 1 ? 'request' : 'requests'}: /requests`;
}

const KEYS: Readonly<Record<Mode, string>> = {
  list: '↑↓ choose · Enter open · Tab write · / command · Ctrl-G help · Ctrl-C quit',
  write: 'Enter send · Tab list · PgUp older · Ctrl-S choose · Ctrl-G help · Ctrl-C quit',
  select: '↑↓ choose · r reply · e edit · d delete · + react · s save · Esc back',
  panel: '↑↓ scroll · Esc closes',
  prompt: 'Enter answers · Esc gives up',
};

/** A question; or what just happened; or the keys that matter now. */
export function BottomBar({ view }: { view: View }) {
  return h(
    Box,
    { height: 1, flexShrink: 0, paddingX: 1 },
    view.prompt
      ? h(Question, { prompt: view.prompt })
      : view.note === ''
        ? h(Text, { dimColor: true, wrap: 'truncate-end' }, KEYS[modeOf(view)])
        : h(Text, { color: 'yellow', wrap: 'truncate-end' }, harmlessLine(view.note)),
  );
}

/** Of a secret, not even how long it is. */
function Question({ prompt: { question, secret, draft } }: { prompt: Prompt }) {
  const under = underCursor(draft);
  return h(
    Text,
    { wrap: 'truncate-start' },
    h(Text, { bold: true }, `${harmlessLine(question)}: `),
    secret ? '' : draft.text.slice(0, draft.cursor),
    h(Text, { inverse: true }, secret || under === '' ? ' ' : under),
    secret ? '' : draft.text.slice(draft.cursor + under.length),
  );
}
