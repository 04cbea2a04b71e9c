import { expect, test } from 'vitest';
import { parseOptions } from '../src/options.ts';
import { harmless } from '../src/words.ts';

test('the command line names server, name and folder', () => {
  expect(parseOptions(['--server', 'http://localhost:8080/x', '--name', ' Ada '], '/home/ada')).toEqual({
    type: 'run',
    options: { server: 'http://localhost:8080', name: 'Ada', directory: '/home/ada/.sotto' },
  });
  expect(parseOptions(['--help'])).toEqual({ type: 'help' });
});

test.each([
  [['--name', 'Ada'], /--server/],
  [['--server', 'nowhere', '--name', 'Ada'], /--server/],
  [['--server', 'http://localhost'], /--name/],
  [['--colour', 'red'], /--colour/],
])('%j is refused with a sentence that names the option', (args, reason) => {
  expect(parseOptions(args)).toEqual({ type: 'wrong', reason: expect.stringMatching(reason) });
});

test('[attack 31] control characters in a message do not reach the terminal', () => {
  const start = String.fromCharCode(27);
  expect(harmless(`${start}[2Jgone\u202e`)).toBe('�[2Jgone�');
});
