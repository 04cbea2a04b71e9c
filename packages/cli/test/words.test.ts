import { expect, test } from 'vitest';
import { harmless, harmlessLine, jsonLine } from '../src/text/harmless.ts';
import { itemJson, requestJson } from '../src/text/json.ts';
import { sizeWords } from '../src/text/sizes.ts';
import { transferLine } from '../src/text/transfers.ts';
import { bodyOf, itemLine, obstacle, requestLine } from '../src/text/words.ts';
import { BOB, CY, direct, file, message, person, request, sceneState } from './support/scene.ts';
import { texts } from './support/texts.ts';

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
  expect(itemLine(texts, item, state)).not.toContain(ESCAPE);
  expect(jsonLine(itemJson(texts, item, direct(), state))).not.toContain(ESCAPE);
});

test('[M4] what this version does not know is said, not dropped', () => {
  expect(bodyOf(texts, message({ kind: 'unknown', name: 'poll' }))).toContain('poll');
});

test('[K4] what holds sending back is said with its rule', () => {
  const alarm = {
    rule: 'K4',
    code: 'identity_changed',
    kind: 'identity-changed',
    account: null,
    detail: 'another key',
    at: 0,
  } as const;
  const room = direct({ security: { state: 'attention', alarm, blocksSending: true } });
  expect(obstacle(room)?.(texts)).toMatch(/K4.*another identity key/);
  expect(obstacle(direct({ standing: 'removed' }))?.(texts)).toMatch(/no longer a member/);
  expect(obstacle(direct())).toBeUndefined();
});

test('[attack 31] a file’s name and type reach neither line nor JSON with their control characters', () => {
  const hostile = file({ name: `${ESCAPE}[2J\u202egpj.exe`, type: `${ESCAPE}c` });
  const item = message({ kind: 'files', body: 'look', files: [hostile], edited: null });
  expect(bodyOf(texts, item)).toBe('[�[2J�gpj.exe, 13 B] look');
  expect(jsonLine(itemJson(texts, item, direct(), sceneState()))).not.toContain(ESCAPE);
});

test('[attack 48] [attack 49] a request shows the name of an account and what is to know of it, and nothing the other chose', () => {
  const state = sceneState();
  const preview = direct({ kind: 'group', title: 'FREE PRIZES', topic: 'now' });
  const asked = request({ kind: 'group', name: `Cy${ESCAPE}c`, others: 2, preview });
  expect(requestLine(texts, state)(asked)).toBe('0a1b2c3d4e  Cy�c brought you into a group with 2 others');
  expect(JSON.stringify(requestJson(state)(asked))).not.toMatch(/PRIZES|now/);
  const people = new Map([[CY, { ...person(CY, 'B0b'), claimed: 'Bob', looksLike: BOB }]]);
  const line = requestLine(texts, { ...state, people })(request({ name: 'B0b' }));
  expect(line).toContain('not somebody you know, though the name looks the same');
  expect(line).toContain('the server calls them Bob');
  expect(requestJson({ ...state, people })(request())).toMatchObject({ claimed: 'Bob', looksLike: BOB });
});

test('[attack 48] what a blocked person said is not shown', () => {
  expect(
    bodyOf(texts, message({ kind: 'files', body: 'angry', blocked: true, files: [file()], edited: null })),
  ).toBe('[by somebody you blocked]');
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
  expect(transferLine(texts, moving, 'a.bin')).toContain('0 % of 7.2 MB  1.0 kB/s  2:00:00 left');
  const failure = { code: 'usage', reason: 'store_full' } as const;
  expect(transferLine(texts, { ...moving, state: 'failed', failure }, 'a.bin')).toContain(
    'failed: This device has no room left.',
  );
});
