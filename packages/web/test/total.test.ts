import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { EngineState, MessageItem, SystemEvent } from '@sotto/client';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { demoData } from '../demo/demo-data.ts';
import { demoSelf } from '../demo/demo-devices.ts';
import { account, message } from '../demo/ids.ts';
import { alarmWords, eventWords } from '../src/conversation/event-words.ts';
import { lineOf } from '../src/conversation/kinds/index.ts';
import { isEmojiOnly, tokenize } from '../src/conversation/markup.ts';
import { quoteWords } from '../src/conversation/quote-words.ts';
import { buildRows } from '../src/conversation/rows.ts';
import { avatarOf } from '../src/design/avatar.ts';
import { compareNumbers } from '../src/details/compare.ts';
import { clockWords, secondsLeft, shareWords } from '../src/files/measure.ts';
import { attachmentHeader, fitName, safeName, shownName, splitName, withEnding } from '../src/files/names.ts';
import { blurred } from '../src/files/show/blurred.ts';
import { gridRows, singleBox } from '../src/files/show/grid.ts';
import { cardIcon, kindOf, shownType } from '../src/files/types.ts';
import { summaryWords } from '../src/files/words.ts';
import { matches } from '../src/list/matching.ts';
import * as time from '../src/texts/time.ts';
import { texts } from './english.ts';

/** Any number there is, and those at which platforms stop. */
const numbers = fc.oneof(
  fc.double(),
  fc.integer(),
  fc.constantFrom(2 ** 53 - 1, -(2 ** 53) + 1, 2 ** 48, 8.64e15, 8.64e15 + 1, -8.64e15, -0, Number.MAX_VALUE),
);
/** Any code units: surrogates without a partner, controls, marks that turn the direction. */
const strings = fc
  .array(
    fc.oneof(
      fc.integer({ min: 0, max: 0xffff }),
      fc.constantFrom(0xd800, 0xdfff, 0x202e, 0x85, 0, 0x40, 0x60, 0x2f, 0x2e),
    ),
    { maxLength: 200 },
  )
  .map((units) => String.fromCharCode(...units));

const { people, rooms } = demoData('Alice', 1_700_000_000_000);
const state: EngineState = {
  connection: { status: 'online', skew: 0 },
  self: demoSelf('Alice', 'guest', ''),
  people,
  rooms,
  order: [],
  requests: [],
  requestsRead: true,
  blocked: new Map(),
  notices: [],
  loaded: true,
  caughtUp: true,
};

describe('[attack 40] [attack 41] what is shown of what others sent never throws', () => {
  it('times and numbers', () => {
    const { machineTime, machineDay, sameDay } = time;
    const { clock, exact, number, size, short, day, seen } = texts.local;
    fc.assert(
      fc.property(numbers, numbers, (a, b) => {
        for (const one of [clock, exact, number, size, clockWords]) {
          expect(one(a)).toBeTypeOf('string');
        }
        for (const one of [short, day, seen]) expect(one(a, b)).toBeTypeOf('string');
        expect(sameDay(a, b)).toBeTypeOf('boolean');
        for (const one of [machineTime, machineDay]) expect(one(a) ?? '').toBeTypeOf('string');
        shareWords(texts, a, b);
        secondsLeft(a, b, a);
        const box = singleBox(a, b);
        expect(box.width).toBeLessThanOrEqual(400);
        expect(box.height).toBeLessThanOrEqual(400);
      }),
      { numRuns: 2_000 },
    );
  });

  it('a time that is none is said to be none', () => {
    expect(texts.local.exact(2 ** 53 - 1)).toBe(texts.time.unknown);
    expect(time.machineTime(2 ** 53 - 1)).toBeUndefined();
    expect(texts.local.short(Number.NaN, 0)).toBe(texts.time.unknown);
    expect(texts.local.exact(0)).not.toBe(texts.time.unknown);
  });

  it('texts and names', () => {
    fc.assert(
      fc.property(strings, strings, (a, b) => {
        expect(tokenize(a, [b, a]).map(({ text }) => text)).toBeInstanceOf(Array);
        isEmojiOnly(a);
        expect(avatarOf(a, b).initials.length).toBeLessThanOrEqual(12);
        matches(a, b);
        compareNumbers(a, b);
        for (const one of [shownName, safeName, attachmentHeader]) expect(one(a)).not.toBe('');
        fitName(a, 20);
        splitName(a);
        withEnding(a, b);
        cardIcon(a, b);
        kindOf(a);
        shownType(a);
        summaryWords(texts, { count: 1, type: a, name: b }, a);
      }),
      { numRuns: 2_000 },
    );
  });

  it('lines of a conversation, whatever they are about', () => {
    const alarm = { kind: 'bad-message', rule: 'M3', code: 'bad_signature', at: 0 } as const;
    fc.assert(
      fc.property(strings, numbers, (text, number) => {
        const who = account(text || 'x');
        const events: readonly SystemEvent[] = [
          { type: 'created' },
          { type: 'added', account: who },
          { type: 'renamed', title: text },
          { type: 'refused-entry', alarm: { ...alarm, account: who, detail: text } },
        ];
        for (const event of events)
          expect(eventWords(texts, state, undefined, { account: who, event })).toBeTypeOf('string');
        alarmWords(texts, state, undefined, { ...alarm, account: null });
        const said = {
          type: 'message',
          key: text,
          id: message(1),
          position: number,
          time: number,
          account: who,
          device: message(1) as unknown as MessageItem['device'],
          own: false,
          mentionsSelf: false,
          reply: null,
          blocked: false,
          delivery: null,
        } as const;
        const system = { type: 'system', key: text, position: number, time: number, account: who } as const;
        const items = events.map((event, index) => ({ ...system, key: `${text} ${index}`, event }));
        expect(buildRows(items, text).length).toBeGreaterThan(1);
        quoteWords(texts, items, { position: number, account: who, body: '' });
        for (const shown of [
          { kind: 'text', edited: null },
          { kind: 'deleted' },
          { kind: 'unknown', name: text },
        ] as const) {
          lineOf(texts, { ...said, ...shown, body: text, reactions: [] });
        }
      }),
    );
  });

  it('[attack 31] pictures told by bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
        const picture = blurred(bytes);
        if (picture) expect(picture.rgba.length).toBe(picture.w * picture.h * 4);
      }),
      { numRuns: 2_000 },
    );
    fc.assert(
      fc.property(fc.array(fc.nat()), (pictures) => {
        expect(gridRows(pictures).flat()).toEqual(pictures);
      }),
    );
  });

  it('no component formats a time by itself', () => {
    const source = resolve(import.meta.dirname, '../src');
    const files = readdirSync(source, { recursive: true, encoding: 'utf8' });
    const own = files.filter((file) => {
      if (!/\.tsx?$/.test(file) || [join('texts', 'time.ts'), join('texts', 'local.ts')].includes(file))
        return false;
      return /toISOString|DateTimeFormat|toLocale(Date|Time)|toTimeString|toDateString/.test(
        readFileSync(join(source, file), 'utf8'),
      );
    });
    expect(own).toEqual([]);
  });
});
