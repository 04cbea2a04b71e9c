import { expect, test } from 'vitest';
import { readChatLine } from '../src/grammar/chat.ts';
import { wordsOf } from '../src/grammar/words.ts';
import { direct, ROOM } from './support/scene.ts';

const group = direct({ kind: 'group', title: 'Lab', peer: null });
const request = (line: string, room = group) => {
  const read = readChatLine(line, room);
  return read.type === 'request' ? read.request : read;
};

test('text is said; two slashes begin a text with one', () => {
  expect(readChatLine('hello /there', group)).toEqual({ type: 'say', text: 'hello /there' });
  expect(readChatLine('//etc/hosts', group)).toEqual({ type: 'say', text: '/etc/hosts' });
});

test.each([
  ['/members', { command: 'members', room: ROOM }],
  ['/add Bob "Cy the Great"', { command: 'add-members', room: ROOM, people: ['Bob', 'Cy the Great'] }],
  ['/remove Cy the Great', { command: 'remove-member', room: ROOM, person: 'Cy the Great' }],
  ['/role Bob admin', { command: 'set-role', room: ROOM, person: 'Bob', role: 'admin' }],
  ['/rename New lab', { command: 'rename-group', room: ROOM, name: 'New lab', topic: null }],
  ['/topic', { command: 'rename-group', room: ROOM, name: null, topic: '' }],
  ['/topic Rats & mice', { command: 'rename-group', room: ROOM, name: null, topic: 'Rats & mice' }],
  ['/rules --add member', { command: 'set-rules', room: ROOM, add: 'member', history: null }],
  ['/leave now', { command: 'leave', room: ROOM }],
  ['/invite', { command: 'invite', room: ROOM, days: 7 }],
  ['/invite 2', { command: 'invite', room: ROOM, days: 2 }],
  ['/revoke', { command: 'revoke-invites', room: ROOM }],
  ['/join http://x/#/join/a.b', { command: 'join-invite', link: 'http://x/#/join/a.b' }],
  ['/group Lab Bob', { command: 'make-group', name: 'Lab', topic: '', people: ['Bob'] }],
  ['/react 7 🐤', { command: 'react', room: ROOM, position: 7, text: '🐤' }],
  ['/edit 7 better now', { command: 'edit', room: ROOM, position: 7, text: 'better now' }],
  ['/dismiss all', { command: 'dismiss', notice: 'all' }],
])('%s', (line, expected) => {
  expect(request(line)).toEqual(expected);
});

test('[K4] in a conversation of two, the other one is meant where nobody is named', () => {
  expect(request('/safety', direct())).toEqual({ command: 'safety', person: 'bob' });
  expect(request('/accept', direct())).toEqual({ command: 'accept-identity', person: 'bob' });
  expect(request('/verify 12345 67890', direct())).toMatchObject({ person: 'bob', digits: '1234567890' });
  expect(request('/verify', direct())).toEqual({ command: 'safety', person: 'bob' });
  expect(request('/safety Cy', direct())).toEqual({ command: 'safety', person: 'Cy' });
});

test.each([
  ['/pasword correct horse', /no such command/],
  ['/signout', /no such command/],
  ['/passphrase', /no such command/],
  ['/leave', /leave now/],
  ['/join', /missing/],
  ['/safety', /PERSON/],
  ['/add', /PERSON/],
  ['/rules --colour red', /--colour/],
])('%s is refused, and nothing of it is sent', (line, reason) => {
  expect(() => readChatLine(line, group)).toThrow(reason);
});

test('what is about a conversation needs one', () => {
  expect(() => readChatLine('/members', undefined)).toThrow(/open a conversation/);
});

test('quotes hold words together', () => {
  expect(wordsOf('a "b c" d""')).toEqual(['a', 'b c', 'd""']);
});
