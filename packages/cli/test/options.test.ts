import { expect, test } from 'vitest';
import { parseOptions } from '../src/options.ts';

const where = { server: null, name: null, directory: '/home/ada/.sotto', json: false };
const parse = (words: string, env = {}) => parseOptions(words.split(' ').filter(Boolean), env, '/home/ada');

test('the command line names server, name and folder', () => {
  expect(parseOptions(['--server', 'http://localhost:8080/x', '--name', ' Ada '], {}, '/home/ada')).toEqual({
    type: 'run',
    request: { command: 'chat' },
    where: { ...where, server: 'http://localhost:8080', name: 'Ada' },
  });
  expect(parse('--help')).toEqual({ type: 'help' });
  expect(parse('rooms', { SOTTO_SERVER: 'https://chat.example.org/', SOTTO_DIR: '/keys' })).toMatchObject({
    where: { server: 'https://chat.example.org', directory: '/keys' },
  });
});

test.each([
  ['signup --guest', { command: 'signup', guest: true }],
  ['signin', { command: 'signin' }],
  ['passphrase', { command: 'passphrase' }],
  ['people', { command: 'people' }],
  ['read Bob', { command: 'read', room: 'Bob', limit: 30, peek: false }],
  ['read Bob --limit 5 --peek', { command: 'read', room: 'Bob', limit: 5, peek: true }],
  ['send Bob hello you', { command: 'send', room: 'Bob', text: 'hello you' }],
  ['send Bob', { command: 'send', room: 'Bob', text: null }],
  ['send Bob -', { command: 'send', room: 'Bob', text: null }],
  ['follow', { command: 'follow', room: null, peek: false }],
  ['devices', { command: 'devices' }],
  ['devices rename abc My desk', { command: 'rename-device', device: 'abc', name: 'My desk' }],
  ['devices remove abc def', { command: 'remove-devices', devices: ['abc', 'def'] }],
])('%s', (words, request) => {
  expect(parse(words)).toEqual({ type: 'run', request, where });
  expect(parse(`${words} --json`)).toMatchObject({ request, where: { json: true } });
});

test.each([
  ['--server nowhere', /--server/],
  ['--name=', /--name/],
  ['--colour red', /--colour/],
  ['dance', /dance/],
  ['rooms Bob', /Bob/],
  ['read', /read ROOM/],
  ['read Bob --limit 0', /--limit/],
  ['read Bob --limit x', /--limit/],
  ['send', /send ROOM/],
  ['devices paint abc', /paint/],
  ['devices rename abc', /DEVICE NAME/],
  ['devices remove', /DEVICE/],
])('%j is refused with a sentence that names what was expected', (words, reason) => {
  expect(parse(words)).toEqual({ type: 'wrong', reason: expect.stringMatching(reason) });
});
