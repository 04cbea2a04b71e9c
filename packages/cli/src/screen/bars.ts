import type { Connection, EngineState } from '@sotto/client';
import { Box } from 'ink';
import { harmlessLine } from '../text/harmless.ts';
import type { Texts } from '../texts/texts.ts';
import { underCursor } from './draft.ts';
import { h } from './h.ts';
import { Text } from './text.ts';
import { useTexts } from './texts.ts';
import { modeOf, type Prompt, type View } from './view.ts';

/** What the connection is doing, in words and not in colour alone. */
export function connectionWords(
  { bars: t }: Texts,
  connection: Connection,
  now: number,
): { text: string; color: string } {
  switch (connection.status) {
    case 'online':
      return { text: t.online, color: 'green' };
    case 'connecting':
      return { text: t.connecting, color: 'yellow' };
    case 'offline': {
      const { retryAt } = connection;
      const left = () => Math.max(0, Math.ceil(((retryAt ?? now) - now) / 1_000));
      return { text: retryAt === null ? t.offline : t.nextTry({ seconds: left() }), color: 'yellow' };
    }
    case 'refused':
      return { text: t.refused, color: 'red' };
  }
}

/** What asks for the person, with the command that leads to it. */
function calls({ bars: t }: Texts, { notices, self }: EngineState): string {
  const locked = self.vault === 'locked' ? t.locked : '';
  const count = notices.length;
  return count === 0 ? locked : `${locked}${t.notices({ count })}`;
}

export function TopBar({ state, now }: { state: EngineState; now: number }) {
  const texts = useTexts();
  const { text, color } = connectionWords(texts, state.connection, now);
  const unread = [...state.rooms.values()].reduce((sum, room) => sum + room.unread, 0);
  return h(
    Box,
    { height: 1, flexShrink: 0, justifyContent: 'space-between', paddingX: 1 },
    h(
      Text,
      { wrap: 'truncate-end' },
      h(Text, { bold: true, color: 'cyan' }, 'Sotto'),
      `  ${harmlessLine(state.self.name)}`,
      unread > 0 ? h(Text, { color: 'yellow' }, texts.bars.unread({ count: unread })) : '',
      h(Text, { color: 'red' }, calls(texts, state)),
      h(Text, { dimColor: true }, asked(texts, state)),
    ),
    h(Text, { color, wrap: 'truncate-end' }, text),
  );
}

/** Attack 48: that somebody asks is said quietly, and how to see who. */
const asked = ({ bars: t }: Texts, { requests }: EngineState): string =>
  requests.length === 0 ? '' : t.requests({ count: requests.length });

/** A question; or what just happened; or the keys that matter now. */
export function BottomBar({ view }: { view: View }) {
  const { keys } = useTexts().bars;
  return h(
    Box,
    { height: 1, flexShrink: 0, paddingX: 1 },
    view.prompt
      ? h(Question, { prompt: view.prompt })
      : view.note === ''
        ? h(Text, { dimColor: true, wrap: 'truncate-end' }, keys[modeOf(view)])
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
