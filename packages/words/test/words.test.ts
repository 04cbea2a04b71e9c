import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { flawsOf } from '../src/check.ts';
import { compile } from '../src/compile.ts';
import * as german from '../src/failures/de.ts';
import * as english from '../src/failures/en.ts';
import { type Like, sayFailure, speak } from '../src/index.ts';

const en = {
  app: { name: 'Sotto' },
  list: {
    unread: '{count, plural, one {# unread message} other {# unread messages}}',
    typing: '{names} {count, plural, one {is} other {are}} typing …',
    role: '{name} is {role, select, admin {an admin} other {a member}}',
    place: '{place, selectordinal, one {#st} two {#nd} few {#rd} other {#th}}',
  },
} as const;

const pl: Like<typeof en> = {
  app: { name: 'Sotto' },
  list: {
    unread: '{count, plural, one {# wiadomość} few {# wiadomości} many {# wiadomości} other {# wiadomości}}',
    typing: '{names} {count, plural, one {pisze} few {piszą} many {pisze} other {pisze}} …',
    role: '{name}: {role, select, admin {administrator} other {członek}}',
    place: '{place, selectordinal, other {#.}}',
  },
};

describe.each([
  ['as written', en],
  ['read at build time', compile(en) as unknown as typeof en],
])('a catalogue %s', (_form, catalogue) => {
  const t = speak<typeof en>(catalogue, 'en');

  it('says what it is told', () => {
    expect(t.app.name).toBe('Sotto');
    expect(t.list.unread({ count: 1 })).toBe('1 unread message');
    expect(t.list.unread({ count: 1200 })).toBe('1,200 unread messages');
    expect(t.list.typing({ names: 'Ann and Bo', count: 2 })).toBe('Ann and Bo are typing …');
    expect(t.list.role({ name: 'Ann', role: 'admin' })).toBe('Ann is an admin');
    expect(t.list.place({ place: 22 })).toBe('22nd');
  });

  it('takes signs of the syntax in what it is told as they are', () => {
    expect(t.list.role({ name: "{x} '<b># ", role: 'other' })).toBe("{x} '<b>#  is a member");
  });

  it('[attack 41] never throws, whatever it is told', () => {
    const anything = fc.oneof(fc.anything(), fc.constant(Symbol('x')), fc.constant(1n));
    fc.assert(
      fc.property(
        fc.dictionary(fc.constantFrom('count', 'names', 'name', 'role', 'place'), anything),
        (values) => {
          for (const say of Object.values(t.list) as ((values: object) => string)[])
            expect(typeof say(values)).toBe('string');
        },
      ),
    );
  });
});

test('another language counts by its own rules', () => {
  const t = speak<typeof en>(pl, 'pl');
  expect([1, 3, 5].map((count) => t.list.typing({ names: 'Ania', count }))).toEqual([
    'Ania pisze …',
    'Ania piszą …',
    'Ania pisze …',
  ]);
});

test('names and parameters are checked when the page is built', () => {
  const t = speak(en, 'en');
  // @ts-expect-error a text that is told nothing is no function
  expect(() => t.app.name({})).toThrow(TypeError);
  // @ts-expect-error the parameter is missing
  expect(t.list.unread({})).toBe('0 unread messages');
  // @ts-expect-error one counts numbers
  expect(t.list.unread({ count: 'many' })).toBe('NaN unread messages');
  // @ts-expect-error no such text
  expect(t.list.gone).toBeUndefined();
  // @ts-expect-error a language leaves nothing out
  const short: Like<typeof en> = { app: { name: 'Sotto' } };
  expect(flawsOf(en, short, 'de')).toEqual(['list is missing']);
});

describe('the check of a language', () => {
  it('finds nothing in a whole one', () => {
    expect(flawsOf(en, en, 'en')).toEqual([]);
    expect(flawsOf(en, pl, 'pl')).toEqual([]);
  });

  it('finds what is missing, too much, empty, or of another shape', () => {
    const language = { app: { name: ' ', more: 'x' }, list: 'x' };
    expect(flawsOf(en, language, 'de')).toEqual([
      'app.name is empty',
      'app.more is not in the source',
      'list is a message here and a group there',
    ]);
  });

  it.each([
    ['{n, plural, one {#} other {#}}', 'ru', ['a lacks the form few of n', 'a lacks the form many of n']],
    ['{n, plural, =0 {none} other {#}}', 'de', ['a lacks the form one of n']],
    ['{n, plural, other {#}}', 'ja', []],
    ['so many', 'en', ['a lacks the parameter n']],
    ['{n} of {m}', 'en', ['a has an unknown parameter m']],
    ['{n, plural, one {#}', 'en', ['a cannot be read']],
    ["{n} o'clock", 'en', ['a has a straight apostrophe, which is a sign of the syntax: write ’']],
    ['{n, number}', 'en', ['a formats a date or a number itself; it is told them as text']],
    [
      '{n, select, one {1} other {2}}',
      'en',
      ['a selects by one, which never comes', 'a selects by other, which never comes'],
    ],
  ])('of %s in %s', (message, locale, flaws) => {
    expect(flawsOf({ a: '{n, plural, one {# thing} other {# things}}' }, { a: message }, locale)).toEqual(
      flaws,
    );
  });

  it('a text is not counted by', () => {
    expect(flawsOf({ a: '{n} things' }, { a: '{n, plural, one {#} other {#}}' }, 'de')).toEqual([
      'a counts n, which may be no number',
    ]);
  });
});

test('what went wrong is said in every language, by its facts, its reason or its code', async () => {
  expect(flawsOf(english, english, 'en')).toEqual([]);
  expect(flawsOf(english, german, 'de')).toEqual([]);
  const said = (failure: Parameters<typeof sayFailure>[2]) =>
    sayFailure(speak(english.failures, 'en'), String, failure);
  expect(said({ code: 'not_member' })).toMatch(/not a member/);
  expect(said({ code: 'limit', reason: 'too_many_members', limit: 50 })).toMatch(/at most 50 people/);
  expect(said({ code: 'bad_name', flaw: { rule: 'script', character: 'а' } })).toMatch(/^“а” \(U\+0430\)/);
  expect(said({ code: 'rolled_back', since: 7 })).toMatch(/as it was on 7\./);
});
