import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isEmojiOnly, tokenize } from '../src/conversation/markup.ts';

const kinds = (body: string, names: string[] = []) => tokenize(body, names).map((t) => `${t.type}:${t.text}`);

describe('[attack 31] message markup', () => {
  it('keeps HTML as text', () => {
    const body = '<img src=x onerror=alert(1)> <script>x</script>';
    expect(kinds(body)).toEqual([`text:${body}`]);
  });

  it.each(['javascript:alert(1)', 'data:text/html,x', 'file:///etc/passwd', 'JaVaScRiPt://x'])(
    'never links %s',
    (body) => {
      expect(tokenize(body, []).every((t) => t.type === 'text')).toBe(true);
    },
  );

  it('links http and https only, without the punctuation of the sentence', () => {
    expect(kinds('See https://example.org/a_(b), or (http://x.org).')).toEqual([
      'text:See ',
      'link:https://example.org/a_(b)',
      'text:, or (',
      'link:http://x.org',
      'text:).',
    ]);
  });

  it.each([
    ["https://en.wikipedia.org/wiki/Devil's_advocate", "https://en.wikipedia.org/wiki/Devil's_advocate", ''],
    ["https://foo.example/t='a'&s=1", "https://foo.example/t='a'&s=1", ''],
    ['https://example.com/docs（说明）', 'https://example.com/docs', '（说明）'],
    ['https://example.com/a。', 'https://example.com/a', '。'],
    ['https://example.com/a」', 'https://example.com/a', '」'],
    ['HTTPS://Example.com/A', 'HTTPS://Example.com/A', ''],
    ['https://[::1]:8080/x', 'https://[::1]:8080/x', ''],
    // Nothing hidden stays in an address.
    ['https://a.example/\u202Egpj.exe', 'https://a.example/', '\u202Egpj.exe'],
    ['https://a.example/x\u200By', 'https://a.example/x', '\u200By'],
    ['https://a.example/x\u00ADy', 'https://a.example/x', '\u00ADy'],
  ])('cuts %s as a reader would', (body, link, rest) => {
    const tokens = tokenize(body, []);
    expect(tokens[0]).toMatchObject({ type: 'link', text: link });
    expect(tokens.slice(1).map(({ text }) => text)).toEqual(rest === '' ? [] : [rest]);
  });

  it('says where a link leads to where that is not what one reads', () => {
    const host = (body: string) => tokenize(body, []).map((t) => t.type === 'link' && t.host);
    expect(host('https://аpple.com/login')).toEqual(['xn--pple-43d.com']); // the first letter is Cyrillic
    expect(host('http://0x7f.1/')).toEqual(['127.0.0.1']);
    expect(host('https://example.com/%41')).toEqual([null]);
  });

  it('reads code, in lines and blocks, and nothing inside of it', () => {
    expect(kinds('run `a https://x.org` then\n```ts\nconst x = "@Bob";\n```\ndone', ['Bob'])).toEqual([
      'text:run ',
      'code:a https://x.org',
      'text: then',
      'block:const x = "@Bob";',
      'text:done',
    ]);
  });

  it('mentions the longest name that stands there', () => {
    const names = ['Ann', 'Ann Lee'];
    expect(kinds('@Ann Lee, @ann! @Anna a@Ann.org', names)).toEqual([
      'mention:@Ann Lee',
      'text:, ',
      'mention:@ann',
      'text:! @Anna a@Ann.org',
    ]);
  });

  it('loses no character outside of code and line breaks around blocks', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('a', '@', 'B', ' ', '.', '(', ')', '/', ':', 'h') }),
        (body) => {
          expect(
            tokenize(body, ['B', 'aB'])
              .map((t) => t.text)
              .join(''),
          ).toBe(body);
        },
      ),
    );
  });

  it('[attack 29] stays quick on hostile input', () => {
    const started = performance.now();
    for (const piece of ['`', '@', '(', 'https://', '```', '`a', ')'])
      tokenize(piece.repeat(32_768 / piece.length), ['a']);
    tokenize(`https://x.org/${')'.repeat(16_000)}`, []);
    expect(performance.now() - started).toBeLessThan(2_000);
  });

  it('shows up to three emoji large', () => {
    expect(isEmojiOnly('👍🏽')).toBe(true);
    expect(isEmojiOnly('🎉 🎉')).toBe(true);
    expect(isEmojiOnly('👨‍👩‍👧')).toBe(true);
    for (const whole of ['🇩🇪', '1️⃣', '👨‍👩‍👧‍👦👩🏽‍❤️‍💋‍👨🏿🏴󠁧󠁢󠁥󠁮󠁧󠁿', '©️']) expect(isEmojiOnly(whole)).toBe(true);
    for (const sign of ['©', '®', '™', '🇩', '1', '👍👍👍👍']) expect(isEmojiOnly(sign)).toBe(false);
    expect(isEmojiOnly('ok 👍')).toBe(false);
    expect(isEmojiOnly('123')).toBe(false);
  });
});
