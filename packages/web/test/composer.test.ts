import { describe, expect, it } from 'vitest';
import { TEXT_BYTES } from '../src/app/limits.ts';
import { complete, completingAt, suggestEmoji, suggestMembers } from '../src/composer/completion.ts';
import { editorKey } from '../src/composer/editor-key.ts';
import { EMOJI } from '../src/composer/emoji.ts';
import { bytesLeft } from '../src/composer/limit.ts';

describe('completion', () => {
  it('begins with @ or : after a space or at the start', () => {
    expect(completingAt('hi @ca', 6)).toEqual({ kind: 'member', from: 3, query: 'ca' });
    expect(completingAt('@', 1)).toEqual({ kind: 'member', from: 0, query: '' });
    expect(completingAt('so :roc', 7)).toEqual({ kind: 'emoji', from: 3, query: 'roc' });
  });
  it('does not begin inside of a word, a time or an address', () => {
    expect(completingAt('a@b', 3)).toBeNull();
    expect(completingAt('at 12:30', 8)).toBeNull();
    expect(completingAt('https://x', 9)).toBeNull();
    expect(completingAt(': )', 3)).toBeNull();
  });
  it('replaces what was typed and puts the caret behind', () => {
    const text = 'hi @ca there';
    const completing = completingAt(text, 6);
    expect(completing && complete(text, completing, 6, '@Carol')).toEqual({
      text: 'hi @Carol there',
      caret: 10,
    });
  });
  it('finds members by parts of their names, without accents', () => {
    expect(suggestMembers(['Zoë Lang', 'Bob'], 'zoe l')).toEqual(['Zoë Lang']);
  });
  it('finds emoji by name, those that begin with it first', () => {
    expect(suggestEmoji('rocket')[0]?.char).toBe('🚀');
    expect(suggestEmoji('heart')[0]?.name.startsWith('heart')).toBe(true);
  });
  it('has every emoji once, with a name', () => {
    expect(new Set(EMOJI.map((e) => e.char)).size).toBe(EMOJI.length);
    expect(EMOJI.filter((e) => e.char === '' || e.name === '')).toEqual([]);
  });
});

describe('limit of a message', () => {
  it('counts UTF-8 bytes, and says nothing while there is room', () => {
    expect(bytesLeft('short')).toBeNull();
    expect(bytesLeft('a'.repeat(TEXT_BYTES - 10))).toBe(10);
    expect(bytesLeft('ä'.repeat(TEXT_BYTES / 2 + 1))).toBe(-2);
    expect(bytesLeft('a'.repeat(12_000))).toBeNull();
  });
});

describe('keys of the field', () => {
  const plain = { ctrlKey: false, metaKey: false, shiftKey: false, altKey: false };
  const idle = { empty: true, hasTarget: false, enterSends: true };
  it('sends by Enter or by Ctrl+Enter, as chosen; the other one, Shift and Alt make a line', () => {
    const enter = { ...plain, key: 'Enter' };
    expect(editorKey(enter, idle)).toBe('send');
    expect(editorKey({ ...enter, ctrlKey: true }, idle)).toBeNull();
    expect(editorKey(enter, { ...idle, enterSends: false })).toBeNull();
    for (const key of ['ctrlKey', 'metaKey'])
      expect(editorKey({ ...enter, [key]: true }, { ...idle, enterSends: false })).toBe('send');
    for (const key of ['shiftKey', 'altKey']) expect(editorKey({ ...enter, [key]: true }, idle)).toBeNull();
  });
  it('edits the last message by the arrow in an empty field only, and ends an answer by Escape', () => {
    expect(editorKey({ ...plain, key: 'ArrowUp' }, idle)).toBe('edit-last');
    expect(editorKey({ ...plain, key: 'ArrowUp' }, { ...idle, empty: false })).toBeNull();
    expect(editorKey({ ...plain, key: 'ArrowUp' }, { ...idle, hasTarget: true })).toBeNull();
    expect(editorKey({ ...plain, key: 'Escape' }, { ...idle, hasTarget: true })).toBe('end-target');
    expect(editorKey({ ...plain, key: 'Escape' }, idle)).toBeNull();
  });
});
