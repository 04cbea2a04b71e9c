import { expect, test } from 'vitest';
import { itemJson } from '../src/text/json.ts';
import { sizeWords } from '../src/text/sizes.ts';
import { transferLine } from '../src/text/transfers.ts';
import { bodyOf, harmless, harmlessLine, itemLine, obstacle } from '../src/text/words.ts';
import { direct, file, message, sceneState } from './support/scene.ts';

const ESCAPE = String.fromCharCode(27);

test('[attack 31] control characters in a message do not reach the terminal', () => {
  expect(harmless(`${ESCAPE}[2Jgone\u202e`)).toBe('�[2Jgone�');
  expect(harmlessLine('two\nlines\t')).toBe('two lines ');
});

test('joined emoji stay whole', () => {
  expect(harmless('👩‍🚀')).toBe('👩‍🚀');
});

test('[attack 31] neither a line nor JSON carries an escape sequence of a name or a message', () => {
  const state = sceneState({ name: `Bob${ESCAPE}]0;owned` });
  const item = message({ body: `${ESCAPE}[31mred` });
  expect(itemLine(item, state)).not.toContain(ESCAPE);
  expect(JSON.stringify(itemJson(item, direct(), state))).not.toContain(ESCAPE);
});

test('[M4] what this version does not know is said, not dropped', () => {
  expect(bodyOf(message({ unknownKind: 'poll' }))).toContain('poll');
});

test('[K4] what holds sending back is said with its rule', () => {
  const alarm = {
    rule: 'K4',
    kind: 'identity-changed',
    account: null,
    detail: 'another key',
    at: 0,
  } as const;
  const room = direct({ security: { state: 'attention', alarm, blocksSending: true } });
  expect(obstacle(room)).toMatch(/K4.*another key/);
  expect(obstacle(direct({ standing: 'removed' }))).toMatch(/no longer a member/);
  expect(obstacle(direct())).toBeUndefined();
});

test('[attack 31] a file’s name and type reach neither line nor JSON with their control characters', () => {
  const hostile = file({ name: `${ESCAPE}[2J\u202egpj.exe`, type: `${ESCAPE}c` });
  const item = message({ body: 'look', files: [hostile] });
  expect(bodyOf(item)).toBe('[�[2J�gpj.exe, 13 B] look');
  expect(JSON.stringify(itemJson(item, direct(), sceneState()))).not.toContain(ESCAPE);
});

test.each([
  [0, '0 B'],
  [999, '999 B'],
  [1_000, '1.0 kB'],
  [1_250_000, '1.3 MB'],
  [250_000_000, '250 MB'],
  [5_368_709_120, '5.4 GB'],
])('%d bytes are %s', (bytes, words) => {
  expect(sizeWords(bytes)).toBe(words);
});

test('how far a file is: share, speed, time left; or why it stands', () => {
  const moving = {
    direction: 'down',
    state: 'running',
    done: 0,
    total: 7_200_000,
    rate: 1_000,
    failure: null,
  } as const;
  expect(transferLine(moving, 'a.bin')).toContain('0 % of 7.2 MB  1.0 kB/s  2:00:00 left');
  const failure = { code: 'quota', reason: 'no room' } as const;
  expect(transferLine({ ...moving, state: 'failed', failure }, 'a.bin')).toContain('failed: no room');
});
