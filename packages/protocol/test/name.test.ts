import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { foldName, NameSchema, nameFlaw, normaliseName, parseValue, shownName } from '../src/index.ts';

describe('names', () => {
  it.each([
    ['  Anna   Maria ', 'Anna Maria'],
    ['Zoe\u0308', 'Zoë'],
    ["O'Brien-Smith Jr.", "O'Brien-Smith Jr."],
    ['O’Brien', 'O’Brien'],
    ['Gal·la', 'Gal·la'],
    ['ジョン・スミス', 'ジョン・スミス'],
    ['علی\u200cرضا', 'علی\u200cرضا'],
    ['Renée\u2010Ann', 'Renée\u2010Ann'],
    ['van ’t Hoff', 'van ’t Hoff'],
    ['De’ Medici', 'De’ Medici'],
    ['Dr.-Ing. J. R. Weiß', 'Dr.-Ing. J. R. Weiß'],
    ['ada_', 'ada_'],
    ['李小龙', '李小龙'],
    ['李 Bruce', '李 Bruce'],
    ['山田 タロウ たろう Taro', '山田 タロウ たろう Taro'],
    ['김 Anna', '김 Anna'],
    ['佐々木〇', '佐々木〇'],
    ['محمد', 'محمد'],
    ['अनीता', 'अनीता'],
    ['क्\u200dष', 'क्\u200dष'],
    ['ശ്രീ', 'ശ്രീ'],
    ['Nguyễn Thị Minh', 'Nguyễn Thị Minh'],
    ['Ο Νίκος', 'Ο Νίκος'],
    ['Дарья-7', 'Дарья-7'],
    ['x', 'x'],
    ['9lives', '9lives'],
  ])('%j is taken as %j', (given, shown) => {
    expect(parseValue(NameSchema, given)).toEqual({ ok: true, value: shown });
  });

  it.each([
    ['', 'empty', undefined],
    ['   ', 'empty', undefined],
    ['a'.repeat(41), 'long', undefined],
    ['<b>x</b>', 'character', '<'],
    ['line\u0000break', 'character', '\u0000'],
    ['right\u202eleft', 'character', '\u202e'],
    ['iso\u2066late', 'character', '\u2066'],
    ['zero\u200bwidth', 'character', '\u200b'],
    ['filler\u3164', 'character', '\u3164'],
    ['\u115f\u1160', 'character', '\u115f'],
    ['variant\ufe0f', 'character', '\ufe0f'],
    ['glue\u034f', 'character', '\u034f'],
    ['emoji 🙂', 'character', '🙂'],
    ['ﬁne', 'character', 'ﬁ'],
    ['Ａｌｉｃｅ', 'character', 'Ａ'],
    ['x²', 'character', '²'],
    ['private\ue000', 'character', '\ue000'],
    ['-dash', 'place', '-'],
    ['.hidden', 'place', '.'],
    ['dash-', 'place', '-'],
    ['Anna--Maria', 'place', '-'],
    ['Anna’’', 'place', '’'],
    ['join\u200ders', 'place', '\u200d'],
    ['non\u200cjoiner', 'place', '\u200c'],
    ['رضا\u200c', 'place', '\u200c'],
    ['د\u200cر', 'place', '\u200c'],
    ['\u0301accent', 'place', '\u0301'],
    [`z${'\u0301\u0302\u0303\u0304\u0305'}`, 'place', '\u0305'],
    ['e\u0301\u0301', 'place', '\u0301'],
    ['Аlice', 'script', 'l'],
    ['Pаul', 'script', 'а'],
    ['Anna Мария', 'script', 'М'],
    ['Ωmega', 'script', 'm'],
    ['カЯ', 'script', 'Я'],
    ['ᚠuthark', 'script', 'ᚠ'],
    ['१2', 'script', '2'],
    ['٢۲', 'script', '۲'],
  ])('[attack 49] %j is none: %s', (given, rule, character) => {
    expect(nameFlaw(normaliseName(given))).toEqual(character === undefined ? { rule } : { rule, character });
    expect(parseValue(NameSchema, given).ok).toBe(false);
    expect(shownName(given)).toBe('');
  });

  it.each(['a'.repeat(100_000), 7, null])('[attack 37] %j is no name', (given) => {
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
    ["O'Brien", 'O’Brien'],
    ["O'Brien", 'OʼBRIEN'],
    ['Renée-Ann', 'Renée\u2010Ann'],
    ['علی\u200cرضا', 'علیرضا'],
    ['Weiß', 'WEISS'],
    ['ΝΊΚΟΣ', 'Νίκος'],
    ['İlker', 'i̇lker'],
  ])('%j and %j are one name', (a, b) => {
    expect(foldName(a)).toBe(foldName(b));
  });

  it('different people stay different', () => {
    expect(foldName('Anna Maria')).not.toBe(foldName('AnnaMaria'));
    expect(foldName('Zoe')).not.toBe(foldName('Zoë'));
    expect(foldName('Galla')).not.toBe(foldName('Gal·la'));
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
