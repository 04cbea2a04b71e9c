import { expect, test } from 'vitest';
import { itemJson } from '../src/text/json.ts';
import { bodyOf, harmless, harmlessLine, itemLine, obstacle } from '../src/text/words.ts';
import { direct, message, sceneState } from './support/scene.ts';

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
