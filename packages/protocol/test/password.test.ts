import { describe, expect, it } from 'vitest';
import { preparePassword } from '../src/index.ts';

describe('passwords (RFC 8265, OpaqueString)', () => {
  it.each([
    ['correct horse battery staple', 'correct horse battery staple'],
    ['Correct Horse', 'Correct Horse'],
    ['πßå', 'πßå'],
    ['Jack of \u2666s', 'Jack of ♦s'],
    ['foo\u1680bar', 'foo bar'],
    ['no\u00a0break\u3000wide', 'no break wide'],
    ['pa\u0308ssw\u00f6rd', 'p\u00e4ssw\u00f6rd'],
    [' both ends ', ' both ends '],
    ['fi\ufb01\u00b2\uff21', 'fi\ufb01\u00b2\uff21'],
    ['col·legi', 'col·legi'],
    ['パス・ワード', 'パス・ワード'],
    ['٣٤', '٣٤'],
    ['علی\u200cرضا', 'علی\u200cرضا'],
    ['emoji 🙂', 'emoji 🙂'],
  ])('%j is %j', (typed, password) => {
    expect(preparePassword(typed)).toEqual({ ok: true, password });
  });

  it.each([
    ['tab\there', '\t'],
    ['my cat is a \u0009by', '\t'],
    ['bell\u0007', '\u0007'],
    ['p·ss', '·'],
    ['dot・', '・'],
    ['٣۴', '٣'],
    ['zero\u200bwidth', '\u200b'],
    ['a\u200db', '\u200d'],
    ['variant\ufe0f', '\ufe0f'],
    ['jamo\u1100', '\u1100'],
    ['private\ue000', '\ue000'],
    ['nobody\u0378', '\u0378'],
    ['half\ud800', '\ud800'],
    ['tat\u0640weel', '\u0640'],
  ])('%j has a character that none may have', (typed, character) => {
    expect(preparePassword(typed)).toEqual({ ok: false, flaw: { rule: 'character', character } });
  });

  it('an empty one is none', () => {
    expect(preparePassword('')).toEqual({ ok: false, flaw: { rule: 'empty' } });
  });
});
