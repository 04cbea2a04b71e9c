import { type MessageFormatElement, TYPE } from '@formatjs/icu-messageformat-parser';
import type { Catalogue } from './catalogue.ts';
import { read } from './compile.ts';
import { elementsOf, parametersOf } from './elements.ts';

/**
 * What is wrong with a language, compared with the source language: names that are missing or too many, messages that
 * are empty or of another shape, parameters that differ, plural forms of the language that are left out. A test of the
 * language expects none. The source language is compared with itself.
 */
export function flawsOf(source: Catalogue, language: Catalogue, locale: string): string[] {
  return [...flawsAt('', source, language, locale)];
}

type Entry = string | Catalogue | undefined;

function* flawsAt(path: string, source: Entry, entry: Entry, locale: string): Generator<string> {
  if (entry === undefined) yield `${path} is missing`;
  else if (source === undefined) yield `${path} is not in the source`;
  else if (typeof source !== typeof entry) yield `${path} is a message here and a group there`;
  else if (typeof source === 'string') yield* flawsOfMessage(source, entry as string, locale, path);
  else {
    const theirs = entry as Catalogue;
    for (const name of new Set([...Object.keys(source), ...Object.keys(theirs)]))
      yield* flawsAt(path === '' ? name : `${path}.${name}`, own(source, name), own(theirs, name), locale);
  }
}

const own = (catalogue: Catalogue, name: string): Entry =>
  Object.hasOwn(catalogue, name) ? catalogue[name] : undefined;

function* flawsOfMessage(source: string, message: string, locale: string, path: string): Generator<string> {
  if (message.trim() === '' && source.trim() !== '') yield `${path} is empty`;
  if (message.includes("'"))
    yield `${path} has a straight apostrophe, which is a sign of the syntax: write ’`;
  const [wanted, given] = [source, message].map(readOrNull);
  if (!wanted || !given) {
    yield `${path} cannot be read`;
    return;
  }
  const [expected, used] = [parametersOf(wanted), parametersOf(given)];
  for (const name of expected) if (!used.has(name)) yield `${path} lacks the parameter ${name}`;
  for (const name of used) if (!expected.has(name)) yield `${path} has an unknown parameter ${name}`;
  const [numbers, choices] = [counted(wanted), optionsOf(wanted)];
  for (const element of elementsOf(given)) {
    if (element.type === TYPE.plural) {
      if (!numbers.has(element.value)) yield `${path} counts ${element.value}, which may be no number`;
      const type = element.pluralType ?? 'cardinal';
      const { pluralCategories } = new Intl.PluralRules(locale, { type }).resolvedOptions();
      for (const form of pluralCategories)
        if (!Object.hasOwn(element.options, form)) yield `${path} lacks the form ${form} of ${element.value}`;
    } else if (element.type === TYPE.select) {
      for (const option of Object.keys(element.options))
        if (!choices.has(`${element.value} ${option}`))
          yield `${path} selects by ${option}, which never comes`;
    } else if (![TYPE.literal, TYPE.argument, TYPE.pound].includes(element.type)) {
      yield `${path} formats a date or a number itself; it is told them as text`;
    }
  }
}

function readOrNull(message: string): MessageFormatElement[] | null {
  try {
    return read(message);
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

/** The parameters that a message counts by. */
const counted = (message: MessageFormatElement[]): Set<string> =>
  new Set(
    [...elementsOf(message)].flatMap((element) => (element.type === TYPE.plural ? [element.value] : [])),
  );

/** What its selections know, as `parameter option`. */
const optionsOf = (message: MessageFormatElement[]): Set<string> =>
  new Set(
    [...elementsOf(message)].flatMap((element) =>
      element.type === TYPE.select ? Object.keys(element.options).map((o) => `${element.value} ${o}`) : [],
    ),
  );
