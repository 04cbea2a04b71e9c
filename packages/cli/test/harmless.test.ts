import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { jsonLine, plain } from '../src/text/harmless.ts';

const CODES = [
  ...Array.from({ length: 0x20 }, (_, code) => code),
  ...Array.from({ length: 0x21 }, (_, index) => 0x7f + index),
  ...[0xad, 0x61c, 0x200b, 0x200e, 0x200f, 0x2028, 0x2029, 0x2066, 0x2067, 0x2068, 0x2069, 0xfeff, 0xe0001],
  ...[0x202a, 0x202b, 0x202c, 0x202d, 0x202e],
];
const CONTROLS = CODES.map((code) => String.fromCodePoint(code));

test('[attack 31] each control is replaced in text, but for line ends and tabs', () => {
  const kept = CONTROLS.filter((sign) => plain(`a${sign}b`) !== 'a�b');
  expect(kept).toEqual(['\t', '\n']);
  expect(plain('é 👩‍🚀 漢 שלום\n')).toBe('é 👩‍🚀 漢 שלום\n');
});

test('[attack 31] JSON holds no control, and is the same value', () => {
  const value = { [`key ${CONTROLS.join('')}`]: CONTROLS, more: [null, 1, 'é👩‍🚀', '\ud800', '\\u009b'] };
  const line = jsonLine(value);
  for (const sign of CONTROLS) expect(line).not.toContain(sign);
  expect(JSON.parse(line)).toEqual(value);
});

/** What would write past `io.ts`, `screen/text.ts` and `text/harmless.ts`, with who may. */
const WRITERS: readonly (readonly [RegExp, readonly string[]])[] = [
  [/\bconsole\b/, []],
  [/process\.std(out|err)\b/, ['io.ts', 'main.ts', 'session/ask.ts']],
  [/\bprocess\b.*\bstd(out|err)\b/, ['io.ts', 'main.ts', 'session/ask.ts']],
  [/\.write\(/, ['io.ts', 'session/ask.ts', 'session/desk.ts', 'session/visit.ts']], // the latter two: a socket
  [/\b(Text|Transform|Static)\b.* from 'ink'/, ['screen/text.ts']],
  [/JSON\.stringify/, ['text/harmless.ts', 'session/desk.ts', 'session/visit.ts', 'session/servers.ts']],
  [/toISOString|toTimeString|Intl\.DateTimeFormat/, ['text/time.ts']],
];

test.each(WRITERS)('[attack 31] %s stands only where it may', (pattern, allowed) => {
  const source = join(import.meta.dirname, '../src');
  const found = globSync('**/*.ts', { cwd: source }).filter((file) =>
    readFileSync(join(source, file), 'utf8')
      .split('\n')
      .some((line) => !/^\s*(\/?\*|\/\/)/.test(line) && pattern.test(line)),
  );
  expect(found.filter((file) => !allowed.includes(file))).toEqual([]);
});
