import { readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Catalogue } from '@sotto/words';
import { flawsOf } from '@sotto/words/check';
import { describe, expect, it, test } from 'vitest';
import { first } from '../src/texts/en/first.ts';
import { opened } from '../src/texts/en/opened.ts';
import { chooseLanguage, LANGUAGES } from '../src/texts/languages.ts';
import { loadLanguage } from '../src/texts/load.ts';

const codes = Object.keys(LANGUAGES) as (keyof typeof LANGUAGES)[];

describe.each(codes)('the language %s', (code) => {
  it('has every text of English, with its parameters and all plural forms', async () => {
    const loaded = [await LANGUAGES[code].first(), await LANGUAGES[code].opened()];
    const language: Catalogue = Object.assign({}, ...loaded.flatMap((module) => Object.values(module)));
    expect(flawsOf({ ...first, ...opened }, language, code)).toEqual([]);
  });

  it('says nothing in English, but for words that are the same', async () => {
    if (code === 'en') return;
    const { opened: theirs } = await LANGUAGES[code].opened();
    const same = sentences(opened).filter((text) => new Set(sentences(theirs)).has(text));
    expect(same.filter((text) => text.split(' ').length > 3 && !text.startsWith('{'))).toEqual([]);
  });
});

const sentences = (catalogue: Catalogue): string[] =>
  Object.values(catalogue).flatMap((entry) => (typeof entry === 'string' ? [entry] : sentences(entry)));

test('every folder of texts is in the list', () => {
  const folder = resolve(import.meta.dirname, '../src/texts');
  const folders = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  expect(folders.map(({ name }) => name).sort()).toEqual([...codes].sort());
  for (const { name } of folders) expect(readdirSync(join(folder, name))).toContain('opened.ts');
});

/** What is no language, and so will never be in the list. */
const ABSENT = 'zxx';

test('the language is the one that was chosen, else the dearest of the browser’s that is here', () => {
  expect(chooseLanguage('system', [`${ABSENT}-CH`, 'de-AT', 'en'])).toEqual({ code: 'de', locale: 'de-AT' });
  expect(chooseLanguage('system', ['EN-gb', 'de'])).toEqual({ code: 'en', locale: 'EN-gb' });
  expect(chooseLanguage('system', [ABSENT])).toEqual({ code: 'en', locale: 'en' });
  expect(chooseLanguage('system', ['constructor', '__proto__', ''])).toEqual({ code: 'en', locale: 'en' });
  expect(chooseLanguage('de', ['en-US'])).toEqual({ code: 'de', locale: 'de' });
});

test('German tells times, numbers and lists as Germans do', async () => {
  const { opened: load } = await loadLanguage('de', 'de-DE');
  const texts = await load();
  expect(texts.list.unread({ count: 1200 })).toBe('1.200 ungelesene Nachrichten');
  expect(texts.local.and(['Ann', 'Bo', 'Cy'])).toBe('Ann, Bo und Cy');
  expect(texts.local.day(new Date(2026, 2, 3, 12).getTime(), new Date(2026, 5, 1).getTime())).toBe(
    'Dienstag, 3. März',
  );
  expect(texts.events.removed({ by: 'you', byName: '', who: 'other', whoName: 'Bo' })).toBe(
    'Du hast Bo entfernt',
  );
});
