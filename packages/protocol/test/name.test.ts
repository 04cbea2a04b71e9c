import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { foldName, NameSchema, normaliseName, parseValue } from '../src/index.ts';

describe('names', () => {
  it.each([
    ['  Anna   Maria ', 'Anna Maria'],
    ['Zoe\u0308', 'Zoë'],
    ["O'Brien-Smith Jr.", "O'Brien-Smith Jr."],
    ['李小龙', '李小龙'],
    ['محمد', 'محمد'],
    ['अनीता', 'अनीता'],
    ['x', 'x'],
    ['9lives', '9lives'],
  ])('%j is taken as %j', (given, shown) => {
    expect(parseValue(NameSchema, given)).toEqual({ ok: true, value: shown });
  });

  it.each([
    '',
    '   ',
    '-dash',
    '.hidden',
    'a'.repeat(41),
    'a'.repeat(100_000),
    '<b>x</b>',
    'line\u0000break',
    'right\u202eleft',
    'zero\u200bwidth',
    'join\u200ders',
    'filler\u3164',
    '\u3164',
    '\u115f\u1160',
    'variant\ufe0f',
    'glue\u034f',
    'emoji 🙂',
    '\u0301accent',
    7,
    null,
  ])('[attack 37] %j is refused', (given) => {
    expect(parseValue(NameSchema, given).ok).toBe(false);
  });

  it('counts characters, not code units', () => {
    expect(parseValue(NameSchema, '𠮷'.repeat(40)).ok).toBe(true);
    expect(parseValue(NameSchema, '𠮷'.repeat(41)).ok).toBe(false);
  });

  it.each([
    ['Alice', 'ALICE'],
    ['Alice', 'Ａｌｉｃｅ'],
    ['Zoë', 'ZOE\u0308'],
    ['Anna Maria', '  anna   maria '],
    ['ﬁn', 'FIN'],
    ['ⅷ', 'viii'],
  ])('%j and %j are one name', (a, b) => {
    expect(foldName(a)).toBe(foldName(b));
  });

  it('different people stay different', () => {
    expect(foldName('Anna Maria')).not.toBe(foldName('AnnaMaria'));
    expect(foldName('Zoe')).not.toBe(foldName('Zoë'));
  });

  it('normalising and folding come to rest', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 20 }), (text) => {
        const shown = normaliseName(text);
        expect(normaliseName(shown)).toBe(shown);
        const folded = foldName(text);
        expect(foldName(folded)).toBe(folded);
        expect(foldName(shown)).toBe(folded);
      }),
      { numRuns: 3_000 },
    );
  });
});
