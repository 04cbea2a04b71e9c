import { expect, test } from 'vitest';
import { paneRows } from '../src/screen/rows.ts';
import { itemJson } from '../src/text/json.ts';
import { clock, day, iso, minute } from '../src/text/time.ts';
import { deviceLine, itemLine } from '../src/text/words.ts';
import { ADA, direct, message, NOON, sceneState } from './support/scene.ts';
import { texts } from './support/texts.ts';

const FARTHEST = 8.64e15;
const NO_TIMES = [
  FARTHEST + 1,
  -FARTHEST - 1,
  2 ** 53 - 1,
  -(2 ** 53),
  Number.MAX_VALUE,
  Infinity,
  -Infinity,
  NaN,
];

test.each(NO_TIMES)('[attack 41] %d is no time, and is shown as none', (time) => {
  expect([iso(time), day(time), clock(time), minute(time)]).toEqual([
    null,
    '????-??-??',
    '--:--',
    '????-??-?? ??:??',
  ]);
  const item = message({ time });
  expect(itemLine(texts, item, sceneState())).toBe('--:-- Bob: hello');
  expect(itemJson(texts, item, direct(), sceneState()).time).toBeNull();
  expect(paneRows(texts.pane, { items: [item], readAtOpen: 0 }, { self: ADA, now: NOON })).toHaveLength(2);
});

test.each([0, -1, 0.5, NOON, FARTHEST, -FARTHEST])('[attack 41] %d is a time', (time) => {
  expect(iso(time)).toBe(new Date(time).toISOString());
  expect(day(time)).toMatch(/^[+-]?\d{4,6}-\d\d-\d\d$/);
  expect(clock(time)).toMatch(/^\d\d:\d\d$/);
});

test('[attack 41] a device that was never or at no time here has its line', () => {
  const device = { device: 'd', name: 'Lab', kind: 'terminal', online: false, current: false, addedAt: 0 };
  const line = deviceLine(texts);
  expect(line({ ...device, seen: NaN } as unknown as Parameters<typeof line>[0])).toContain('????');
});
