import { expect, test } from 'vitest';
import { type Draft, type Edit, EMPTY, edit, underCursor } from '../src/screen/draft.ts';

const typed = (text: string): Draft => edit(EMPTY, { type: 'insert', text });
const steps = (draft: Draft, ...types: Exclude<Edit['type'], 'insert'>[]) =>
  types.reduce((now, type) => edit(now, { type }), draft);

test('moves and erases by what a reader sees as one character', () => {
  const draft = typed('a👩‍🚀é');
  expect(steps(draft, 'erase', 'erase').text).toBe('a');
  expect(steps(draft, 'left', 'left').cursor).toBe(1);
  expect(underCursor(steps(draft, 'left', 'left'))).toBe('👩‍🚀');
  expect(steps(draft, 'start', 'right', 'right').cursor).toBe('a👩‍🚀'.length);
});

test('erases a word, and everything before the cursor', () => {
  expect(steps(typed('one two  '), 'erase-word')).toEqual({ text: 'one ', cursor: 4 });
  expect(steps(typed('one two'), 'left', 'left', 'left', 'erase-line')).toEqual({ text: 'two', cursor: 0 });
});

test('inserts where the cursor stands; line ends of any system become one kind', () => {
  const middle = steps(typed('ad'), 'left');
  expect(edit(middle, { type: 'insert', text: 'b\r\nc' })).toEqual({ text: 'ab\ncd', cursor: 4 });
});

test('what is inserted stays what it was', () => {
  expect(edit(EMPTY, { type: 'insert', text: '    a\n\tb' }).text).toBe('    a\n\tb');
});

test('stays at the ends', () => {
  expect(steps(EMPTY, 'left', 'right', 'erase', 'erase-word')).toEqual(EMPTY);
});
