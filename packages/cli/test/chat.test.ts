import { expect, test } from 'vitest';
import { wordsOf } from '../src/commands/arguments.ts';
import { readTypedLine } from '../src/grammar/slash.ts';
import { asked } from './support/asked.ts';
import { direct, ROOM } from './support/scene.ts';
import { refusal } from './support/texts.ts';

const group = direct({ kind: 'group', title: 'Lab', peer: null });
const request = (line: string, room = group) => {
  const read = readTypedLine(line, room);
  return read.type === 'request' ? asked(read.request) : read;
};

test('text is said; two slashes begin a text with one', () => {
  expect(readTypedLine('hello /there', group)).toEqual({ type: 'say', text: 'hello /there' });
  expect(readTypedLine('//etc/hosts', group)).toEqual({ type: 'say', text: '/etc/hosts' });
});

test.each([
  ['/members', { command: 'members', room: ROOM }],
  ['/add Bob "Cy the Great"', { command: 'group add', room: ROOM, people: ['Bob', 'Cy the Great'] }],
  ['/remove Cy the Great', { command: 'group remove', room: ROOM, person: 'Cy the Great' }],
  ['/role Bob admin', { command: 'group role', room: ROOM, person: 'Bob', role: 'admin' }],
  ['/rename New lab', { command: 'group rename', room: ROOM, name: 'New lab', topic: null }],
  ['/topic', { command: 'topic', room: ROOM, name: null, topic: '' }],
  ['/topic Rats & mice', { command: 'topic', room: ROOM, name: null, topic: 'Rats & mice' }],
  ['/rules --add member', { command: 'group rules', room: ROOM, add: 'member', rename: null, history: null }],
  ['/leave now', { command: 'group leave', room: ROOM }],
  ['/invite', { command: 'invite make', room: ROOM, days: 7 }],
  ['/invite 2', { command: 'invite make', room: ROOM, days: 2 }],
  ['/revoke', { command: 'invite revoke', room: ROOM }],
  ['/join http://x/#/join/a.b', { command: 'invite join', link: 'http://x/#/join/a.b' }],
  ['/group Lab Bob', { command: 'group make', name: 'Lab', topic: '', people: ['Bob'] }],
  ['/react 7 🐤', { command: 'react', room: ROOM, position: 7, text: '🐤' }],
  ['/edit 7 better now', { command: 'edit', room: ROOM, position: 7, text: 'better now' }],
  ['/requests', { command: 'requests', number: null }],
  ['/accept 0a1b', { command: 'accept', number: '0a1b' }],
  ['/decline 0a1b --block', { command: 'decline', number: '0a1b', block: true }],
  ['/block Cy', { command: 'block', person: 'Cy' }],
  ['/unblock Cy', { command: 'unblock', person: 'Cy' }],
  ['/blocked', { command: 'blocked' }],
  ['/dismiss all', { command: 'notices dismiss', notice: 'all' }],
])('%s', (line, expected) => {
  expect(request(line)).toEqual(expected);
});

test('[K4] in a conversation of two, the other one is meant where nobody is named', () => {
  expect(request('/safety', direct())).toEqual({ command: 'safety', person: 'bob' });
  expect(request('/accept-key', direct())).toEqual({ command: 'safety', person: 'bob' });
  expect(request('/accept-key 12345', direct())).toEqual({
    command: 'accept-key',
    person: 'bob',
    digits: '12345',
  });
  expect(request('/verify 12345 67890', direct())).toMatchObject({ person: 'bob', digits: '1234567890' });
  expect(request('/verify', direct())).toEqual({ command: 'safety', person: 'bob' });
  expect(request('/safety Cy', direct())).toEqual({ command: 'safety', person: 'Cy' });
  expect(request('/block', direct())).toEqual({ command: 'block', person: 'bob' });
});

test.each([
  ['/pasword correct horse', /no such command/],
  ['/signout', /no such command/],
  ['/passphrase', /no such command/],
  ['/leave', /leave now/],
  ['/join', /missing/],
  ['/safety', /PERSON/],
  ['/block', /PERSON/],
  ['/accept', /NUMBER/],
  ['/add', /PERSON/],
  ['/rules --colour red', /--colour/],
])('%s is refused, and nothing of it is sent', (line, reason) => {
  expect(refusal(() => readTypedLine(line, group))).toMatch(reason);
});

test('what is about a conversation needs one', () => {
  expect(refusal(() => readTypedLine('/members', undefined))).toMatch(/open a conversation/);
});

test('quotes hold words together', () => {
  expect(wordsOf('a "b c" d""')).toEqual(['a', 'b c', 'd""']);
});
