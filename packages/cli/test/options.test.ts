import { expect, test } from 'vitest';
import { parseOptions } from '../src/options.ts';
import { asked } from './support/asked.ts';
import { texts } from './support/texts.ts';

const where = { server: null, name: null, directory: '/home/ada/.sotto', json: false };
const parse = (line: string | readonly string[], env = {}) => {
  const words = typeof line === 'string' ? line.split(' ').filter(Boolean) : line;
  const parsed = parseOptions(words, env, { home: '/home/ada', folder: '/desk' });
  return parsed.type === 'run' ? { ...parsed, request: asked(parsed.request) } : parsed;
};

test('the command line names server, name and folder', () => {
  expect(parse(['--server', 'http://localhost:8080/x', '--name', ' Ada '])).toEqual({
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
  ['takeback', { command: 'takeback' }],
  ['reset', { command: 'reset' }],
  ['export my.zip', { command: 'export', path: '/desk/my.zip' }],
  ['read Bob', { command: 'read', room: 'Bob', limit: 30, peek: false }],
  ['read Bob --limit 5 --peek', { command: 'read', room: 'Bob', limit: 5, peek: true }],
  ['send Bob hello you', { command: 'send', room: 'Bob', text: 'hello you', reply: null }],
  ['send Bob', { command: 'send', room: 'Bob', text: null, reply: null }],
  ['send Bob - --reply 7', { command: 'send', room: 'Bob', text: null, reply: 7 }],
  ['follow', { command: 'follow', room: null, peek: false }],
  ['devices', { command: 'devices' }],
  ['devices rename abc My desk', { command: 'devices rename', device: 'abc', name: 'My desk' }],
  ['devices remove abc def', { command: 'devices remove', devices: ['abc', 'def'] }],
  ['group make Lab', { command: 'group make', name: 'Lab', topic: '', people: [] }],
  [
    'group make Lab Bob Cy --topic Rats',
    { command: 'group make', name: 'Lab', topic: 'Rats', people: ['Bob', 'Cy'] },
  ],
  ['members Lab', { command: 'members', room: 'Lab' }],
  ['group add Lab Bob Cy', { command: 'group add', room: 'Lab', people: ['Bob', 'Cy'] }],
  ['group remove Lab Bob', { command: 'group remove', room: 'Lab', person: 'Bob' }],
  [
    'group role Lab Bob the Builder admin',
    { command: 'group role', room: 'Lab', person: 'Bob the Builder', role: 'admin' },
  ],
  ['group rename Lab New name', { command: 'group rename', room: 'Lab', name: 'New name', topic: null }],
  ['group rename Lab --topic Rats', { command: 'group rename', room: 'Lab', name: null, topic: 'Rats' }],
  [
    'group rules Lab --history all',
    { command: 'group rules', room: 'Lab', add: null, rename: null, history: 'all' },
  ],
  [
    'group rules Lab --rename member',
    { command: 'group rules', room: 'Lab', add: null, rename: 'member', history: null },
  ],
  ['group rekey Lab', { command: 'group rekey', room: 'Lab' }],
  ['group leave Lab', { command: 'group leave', room: 'Lab' }],
  ['invite make Lab', { command: 'invite make', room: 'Lab', days: 7 }],
  ['invite make Lab --days 1', { command: 'invite make', room: 'Lab', days: 1 }],
  ['invite show', { command: 'invite show', link: null }],
  ['invite join -', { command: 'invite join', link: null }],
  ['invite revoke Lab', { command: 'invite revoke', room: 'Lab' }],
  ['safety Bob', { command: 'safety', person: 'Bob' }],
  ['verify Bob', { command: 'verify', person: 'Bob', digits: null }],
  ['verify Bob B 12345 67890', { command: 'verify', person: 'Bob B', digits: '1234567890' }],
  ['unverify Bob', { command: 'unverify', person: 'Bob' }],
  ['accept-key Bob', { command: 'accept-key', person: 'Bob', digits: null }],
  ['accept-key Bob 12345 67890', { command: 'accept-key', person: 'Bob', digits: '1234567890' }],
  ['requests', { command: 'requests', number: null }],
  ['requests 0a1b', { command: 'requests', number: '0a1b' }],
  ['accept 0a1b', { command: 'accept', number: '0a1b' }],
  ['decline 0a1b', { command: 'decline', number: '0a1b', block: false }],
  ['decline 0a1b --block', { command: 'decline', number: '0a1b', block: true }],
  ['blocked', { command: 'blocked' }],
  ['block Bob the Builder', { command: 'block', person: 'Bob the Builder' }],
  ['unblock Bob', { command: 'unblock', person: 'Bob' }],
  ['notices', { command: 'notices' }],
  ['notices dismiss all', { command: 'notices dismiss', notice: 'all' }],
  ['search green eggs', { command: 'search', text: 'green eggs', limit: 30 }],
  ['mute Lab', { command: 'mute', room: 'Lab' }],
  [
    'send Bob --file a.txt /tmp/b.txt --text both of them',
    {
      command: 'send',
      room: 'Bob',
      paths: ['/desk/a.txt', '/tmp/b.txt', '/desk/of', '/desk/them'],
      text: 'both',
      reply: null,
    },
  ],
  ['files Bob', { command: 'files', room: 'Bob', limit: 30 }],
  ['save Bob 7', { command: 'save', room: 'Bob', position: 7, name: null, folder: '/desk' }],
  [
    'save Bob 7 my plan.txt --to out',
    { command: 'save', room: 'Bob', position: 7, name: 'my plan.txt', folder: '/desk/out' },
  ],
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
  ['accept', /accept NUMBER/],
  ['accept Bob 12345', /12345/],
  ['decline', /decline NUMBER/],
  ['block', /block PERSON/],
  ['devices paint abc', /paint/],
  ['devices rename abc', /DEVICE NAME/],
  ['devices remove', /DEVICE/],
  ['group', /expected make, add/],
  ['group dance Lab', /expected make, add/],
  ['group make', /NAME/],
  ['group add Lab', /PERSON/],
  ['group role Lab Bob king', /admin\|member/],
  ['group rename Lab', /NAME/],
  ['group rules Lab --history never', /joined or all/],
  ['invite make', /ROOM/],
  ['invite make Lab --days 0', /--days/],
  ['verify 12345', /PERSON/],
  ['notices dismiss', /NUMBER/],
  ['send --file a.txt', /send ROOM/],
  ['export', /export FILE/],
  ['save Bob', /POSITION/],
  ['save Bob plan.txt', /POSITION/],
  // What others can see in the list of processes must not carry it.
  ['invite join http://localhost/#/join/abc.def', /secret/],
  // Changes go through the outbox of a client that goes on running.
  ['edit Bob 7 new', /no such command/],
])('%j is refused with a sentence that names what was expected', (words, reason) => {
  const parsed = parse(words);
  expect(parsed.type === 'wrong' && parsed.say(texts)).toMatch(reason);
});
