import { expect, test } from 'vitest';
import { fragmentOf } from '../src/commands/invites/link.ts';
import { refusal } from './support/texts.ts';

test.each([
  'http://localhost:8080/#/join/room.secret',
  'https://chat.example.org/#join/room.secret',
  '#/join/room.secret',
  'room.secret',
  ' http://localhost:8080/#/join/room.\n  secret ',
])('[R7] %j leads to what stands in its fragment', (link) => {
  expect(fragmentOf(link)).toBe('room.secret');
});

test('[R7] nothing is no link', () => {
  expect(refusal(() => fragmentOf(' '))).toMatch(/expected one/);
});
