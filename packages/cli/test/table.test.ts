import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { flagsIn } from '../src/commands/arguments.ts';
import { slashOf } from '../src/commands/command.ts';
import { PLAIN, TYPED } from '../src/commands/table.ts';
import { commandLineHelp, typedHelp, typedUsage } from '../src/grammar/help.ts';
import { en } from '../src/texts/en/index.ts';
import { texts } from './support/texts.ts';

const manual = readFileSync(join(import.meta.dirname, '../../../docs/terminal.md'), 'utf8');
/** What the rows of tables begin with: names with what stands behind them, in `code`. */
const listed = manual
  .split('\n')
  .filter((line) => line.startsWith('| `'))
  .flatMap((line) => [...(line.split(/(?<!\\)\|/)[1] ?? '').matchAll(/`([^`]+)`/g)])
  .map(([, code = '']) => code.replaceAll('\\|', '|'));

test('the manual lists every command with what it takes, and no other', () => {
  const known = [...PLAIN.map(({ usage }) => usage), ...TYPED.map(typedUsage)];
  expect(listed.toSorted()).toEqual(known.toSorted());
});

test('help lists every command', () => {
  const [plain, typed] = [commandLineHelp(texts), typedHelp(texts, 30).join('\n')];
  for (const command of PLAIN) expect(plain).toContain(`\n  ${command.usage}`);
  for (const command of TYPED) expect(typed).toContain(`  ${typedUsage(command)}`);
});

test('the catalogue says of every command what it does, and of no other', () => {
  const known = new Set([...PLAIN, ...TYPED].map(({ name }) => name));
  expect(Object.keys(en.commands).toSorted()).toEqual([...known].toSorted());
  for (const name of Object.values(en.typed).flatMap(Object.keys)) expect(known).toContain(name);
});

test('names are each given once, and what an option means is the same everywhere', () => {
  for (const names of [PLAIN.map(({ name }) => name), TYPED.map((each) => slashOf(each)?.name ?? each.name)])
    expect(names).toHaveLength(new Set(names).size);
  const flags = new Map<string, unknown>();
  for (const { usage } of [...PLAIN, ...TYPED])
    for (const [name, kind] of Object.entries(flagsIn(usage))) {
      expect(flags.get(name) ?? kind).toEqual(kind);
      flags.set(name, kind);
    }
  expect([...flags.keys()].toSorted()).toEqual(
    ['add', 'block', 'days', 'file', 'guest', 'history', 'limit', 'peek', 'rename', 'reply'].concat([
      ...['text', 'to', 'topic'],
    ]),
  );
});
