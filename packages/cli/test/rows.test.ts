import { expect, test } from 'vitest';
import { connectionWords } from '../src/screen/bars.ts';
import { entriesOf, windowOf } from '../src/screen/entries.ts';
import { deliveryMark, paneRows } from '../src/screen/rows.ts';
import { layoutOf } from '../src/screen/view.ts';
import { ADA, CY, message, NOON, own, ROOM, sceneState } from './support/scene.ts';
import { texts } from './support/texts.ts';

const DAY = 24 * 3_600_000;

test('a line per day, and one before the first new message of somebody else', () => {
  const items = [
    message({ position: 1, time: NOON - 2 * DAY }),
    message({ position: 2, time: NOON - DAY }),
    own({ position: 3, time: NOON }),
    message({ position: 4, time: NOON }),
  ];
  const lines = paneRows(texts.pane, { items, readAtOpen: 2 }, { self: ADA, now: NOON });
  expect(lines.map((line) => (line.type === 'item' ? line.item.position : line.type))).toEqual([
    'day',
    1,
    'day',
    2,
    'day',
    3,
    'new',
    4,
  ]);
  expect(lines.flatMap((line) => (line.type === 'day' ? [line.label] : [])).slice(1)).toEqual([
    'Yesterday',
    'Today',
  ]);
});

test('each delivery state has a sign of its own, without colour', () => {
  const signs = [
    deliveryMark(texts, { state: 'waiting' }),
    deliveryMark(texts, { state: 'failed', code: 'not_member' }),
    deliveryMark(texts, { state: 'sent' }),
    deliveryMark(texts, { state: 'delivered', to: 1, of: 2 }),
    deliveryMark(texts, { state: 'read', by: [ADA], of: 1 }),
  ].map(({ sign }) => sign);
  expect(signs).toEqual([
    '…',
    '✗ not sent: You are not a member of this conversation.',
    '✓',
    '✓✓ 1/2',
    '✓✓ read',
  ]);
});

test('the connection says what it is doing', () => {
  expect(
    connectionWords(texts, { status: 'offline', retryAt: 3_500, why: 'unreachable' }, 1_000).text,
  ).toContain('3 s');
  expect(connectionWords(texts, { status: 'refused', code: 'removed' }, 0).text).toContain('no longer takes');
});

test('conversations come first, then people without one', () => {
  expect(entriesOf(sceneState()).map(({ key }) => key)).toEqual([ROOM, CY]);
});

test('the chosen line of a long list is in sight', () => {
  const lines = Array.from({ length: 100 }, (_, index) => index);
  for (const chosen of [0, 1, 50, 99]) expect(windowOf(lines, chosen, 10).lines).toContain(chosen);
  expect(windowOf([1, 2], 0, 10)).toEqual({ from: 0, lines: [1, 2] });
});

test('a narrow window shows one pane, a wide one both, and they fill it', () => {
  expect(layoutOf({ columns: 50, rows: 20 })).toMatchObject({ narrow: true, list: 50, conversation: 50 });
  const wide = layoutOf({ columns: 100, rows: 20 });
  expect(wide.list + wide.conversation).toBe(100);
});
