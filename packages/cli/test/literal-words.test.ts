import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { flawsOf } from '@sotto/words/check';
import { expect, test } from 'vitest';
import { en } from '../src/texts/en/index.ts';

const SOURCE = resolve(import.meta.dirname, '../src');
const COMMENTS = /\/\*[\s\S]*?\*\/|^\s*\/\/.*$|\s\/\/ .*$/gm;
/** Three words in quotes that are neither an error for developers nor the usage of a command. */
const SENTENCE = /^(?!.*Error\()(?!usage: ).*(['"`])(?:[^'"`]* )?\p{L}\p{Ll}+ \p{Ll}{2,} \p{Ll}{2,}.*\1/u;
/** What is for developers alone: what an error says of itself, and the detail of alarms. */
const FOR_DEVELOPERS = /\b(?:error|cause|fault|failure|told|alarm)\??\.(?:message|detail)\b/;
/** Finds in it which option was meant. */
const KEEPERS = ['grammar/request.ts'];

const sources = readdirSync(SOURCE, { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.ts') && !path.startsWith('texts/'))
  .map((path) => [path, readFileSync(join(SOURCE, path), 'utf8').replace(COMMENTS, '')] as const);

test('no sentence stands in a source of the terminal', () => {
  const lines = sources.flatMap(([path, source]) =>
    source.split('\n').map((line) => ({ path, line: line.trim() })),
  );
  expect(lines.length).toBeGreaterThan(3_000);
  expect(lines.filter(({ line }) => SENTENCE.test(line))).toEqual([]);
  for (const planted of ["io.note('Nothing was sent yet')", 'return `Ada is not here`;'])
    expect(planted).toMatch(SENTENCE);
});

test('no error speaks for itself', () => {
  const speaking = sources.filter(([, source]) => FOR_DEVELOPERS.test(source)).map(([path]) => path);
  expect(speaking).toEqual(KEEPERS);
});

test('every message of the catalogue can be said', () => {
  expect(flawsOf(en, en, 'en')).toEqual([]);
});
