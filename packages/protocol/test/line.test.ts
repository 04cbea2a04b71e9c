import { describe, expect, it } from 'vitest';
import { hiddenCharacter, plainLine } from '../src/index.ts';

describe('names of rooms and files', () => {
  it.each([
    'Plans for 2027 – part “two”',
    'Family 👨‍👩‍👧 ❤️ 🏴󠁧󠁢󠁥󠁮󠁧󠁿 5️⃣',
    'علی\u200cرضا',
    'क्\u200dष',
    'שלום world',
    '',
  ])('%j is as it is', (text) => {
    expect(hiddenCharacter(text)).toBeUndefined();
    expect(plainLine(text)).toBe(text);
  });

  it.each([
    ['photo\u202egpj.exe', 'photo\ufffdgpj.exe', '\u202e'],
    ['\u2066a\u2069', '\ufffda\ufffd', '\u2066'],
    ['a\u200bb', 'a\ufffdb', '\u200b'],
    ['a\u200db', 'a\ufffdb', '\u200d'],
    ['x\ufe0f', 'x\ufffd', '\ufe0f'],
    ['two\nlines', 'two lines', '\n'],
    ['bell\u0007', 'bell\ufffd', '\u0007'],
    ['\u009b31m', '\ufffd31m', '\u009b'],
    ['half\ud800', 'half\ufffd', '\ud800'],
    ['\u3164', '\ufffd', '\u3164'],
  ])('[attack 49] %j is shown as %j', (text, plain, hidden) => {
    expect(hiddenCharacter(text)).toBe(hidden);
    expect(plainLine(text)).toBe(plain);
    expect(plainLine(plain)).toBe(plain);
  });
});
