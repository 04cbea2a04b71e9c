import { expect, test } from 'vitest';
import { parseOptions } from '../src/options.ts';

const where = { server: null, name: null, directory: '/home/ada/.sotto', json: false };
const parse = (words: string, env = {}) =>
  parseOptions(words.split(' ').filter(Boolean), env, { home: '/home/ada', folder: '/desk' });

test('the command line names server, name and folder', () => {
  expect(
    parseOptions(['--server', 'http://localhost:8080/x', '--name', ' Ada '], {}, { home: '/home/ada' }),
  ).toEqual({
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
  ['backup my.sotto', { command: 'backup', path: '/desk/my.sotto', files: true }],
  ['backup my.sotto --no-files', { command: 'backup', path: '/desk/my.sotto', files: false }],
  ['restore-files my.sotto', { command: 'restore-files', path: '/desk/my.sotto' }],
  ['restore /tmp/my.sotto', { command: 'restore', path: '/tmp/my.sotto' }],
  ['read Bob', { command: 'read', room: 'Bob', limit: 30, peek: false }],
  ['read Bob --limit 5 --peek', { command: 'read', room: 'Bob', limit: 5, peek: true }],
  ['send Bob hello you', { command: 'send', room: 'Bob', text: 'hello you', reply: null }],
  ['send Bob', { command: 'send', room: 'Bob', text: null, reply: null }],
  ['send Bob - --reply 7', { command: 'send', room: 'Bob', text: null, reply: 7 }],
  ['follow', { command: 'follow', room: null, peek: false }],
  ['devices', { command: 'devices' }],
  ['devices rename abc My desk', { command: 'rename-device', device: 'abc', name: 'My desk' }],
  ['devices remove abc def', { command: 'remove-devices', devices: ['abc', 'def'] }],
  ['group make Lab', { command: 'make-group', name: 'Lab', topic: '', people: [] }],
  [
    'group make Lab Bob Cy --topic Rats',
    { command: 'make-group', name: 'Lab', topic: 'Rats', people: ['Bob', 'Cy'] },
  ],
  ['members Lab', { command: 'members', room: 'Lab' }],
  ['group add Lab Bob Cy', { command: 'add-members', room: 'Lab', people: ['Bob', 'Cy'] }],
  ['group remove Lab Bob', { command: 'remove-member', room: 'Lab', person: 'Bob' }],
  [
    'group role Lab Bob the Builder admin',
    { command: 'set-role', room: 'Lab', person: 'Bob the Builder', role: 'admin' },
  ],
  ['group rename Lab New name', { command: 'rename-group', room: 'Lab', name: 'New name', topic: null }],
  ['group rename Lab --topic Rats', { command: 'rename-group', room: 'Lab', name: null, topic: 'Rats' }],
  ['group rules Lab --history all', { command: 'set-rules', room: 'Lab', add: null, history: 'all' }],
  ['group rekey Lab', { command: 'rekey', room: 'Lab' }],
  ['group leave Lab', { command: 'leave', room: 'Lab' }],
  ['invite make Lab', { command: 'invite', room: 'Lab', days: 7 }],
  ['invite make Lab --days 1', { command: 'invite', room: 'Lab', days: 1 }],
  ['invite show', { command: 'preview-invite', link: null }],
  ['invite join -', { command: 'join-invite', link: null }],
  ['invite revoke Lab', { command: 'revoke-invites', room: 'Lab' }],
  ['safety Bob', { command: 'safety', person: 'Bob' }],
  ['verify Bob', { command: 'verify', person: 'Bob', digits: null, compared: false }],
  ['verify Bob B 12345 67890', { command: 'verify', person: 'Bob B', digits: '1234567890', compared: false }],
  ['verify Bob --compared', { command: 'verify', person: 'Bob', digits: null, compared: true }],
  ['unverify Bob', { command: 'unverify', person: 'Bob' }],
  ['accept Bob', { command: 'accept-identity', person: 'Bob' }],
  ['notices', { command: 'notices' }],
  ['notices dismiss all', { command: 'dismiss', notice: 'all' }],
  ['search green eggs', { command: 'search', text: 'green eggs', limit: 30 }],
  ['mute Lab', { command: 'mute', room: 'Lab' }],
  [
    'send Bob --file a.txt /tmp/b.txt --text both of them',
    {
      command: 'send-files',
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
  ['backup', /backup FILE/],
  ['save Bob', /POSITION/],
  ['save Bob plan.txt', /POSITION/],
  // What others can see in the list of processes must not carry it.
  ['invite join http://localhost/#/join/abc.def', /secret/],
  // Changes go through the outbox of a client that goes on running.
  ['edit Bob 7 new', /no such command/],
])('%j is refused with a sentence that names what was expected', (words, reason) => {
  expect(parse(words)).toEqual({ type: 'wrong', reason: expect.stringMatching(reason) });
});
