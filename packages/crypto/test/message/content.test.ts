import { type Bytes, type CborValue, decodeCbor, encodeCbor, idBytes } from '@sotto/protocol';
import { describe, expect, it } from 'vitest';
import { type Content, decodeContent, encodeContent, randomId, UsageError } from '../../src/index.ts';
import { expectRefusal } from '../support/refusal.ts';

describe('[M4] content', () => {
  const account = randomId<never>();
  const all: Content[] = [
    { kind: 'text', body: 'Grüße 🌊', reply: 4, mentions: [account] },
    { kind: 'text', body: '', reply: undefined, mentions: [] },
    { kind: 'edit', target: 3, body: 'better' },
    { kind: 'delete', target: 3 },
    { kind: 'reaction', target: 3, emoji: '👍🏽', on: true },
    { kind: 'typing', on: false },
    { kind: 'receipt', delivered: 9, read: 7 },
  ];
  it.each(all)('of kind $kind comes back as it was', (content) => {
    expect(decodeContent(encodeContent(content))).toEqual(content);
  });

  it('of an unknown kind or version is shown as such, never dropped', () => {
    expect(decodeContent(encodeCbor({ v: 1, kind: 'poll', question: '?' }))).toEqual({
      kind: 'unknown',
      name: 'poll',
    });
    expect(decodeContent(encodeCbor({ v: 2, kind: 'text', body: 1 }))).toEqual({
      kind: 'unknown',
      name: 'text v2',
    });
    expect(decodeContent(encodeCbor({}))).toEqual({ kind: 'unknown', name: '? vundefined' });
    expect(decodeContent(encodeCbor({ v: 1, kind: 7 }))).toEqual({ kind: 'unknown', name: '?' });
    // Its words are shown: no more of them than a line has room for.
    expect(decodeContent(encodeCbor({ v: 'x'.repeat(50), kind: 'y'.repeat(50) }))).toEqual({
      kind: 'unknown',
      name: `${'y'.repeat(40)} v${'x'.repeat(10)}`,
    });
    expect(() => encodeContent({ kind: 'unknown', name: 'poll' })).toThrow(TypeError);
  });

  const broken: [string, Bytes][] = [
    ['no CBOR', new Uint8Array([0xff, 0xff])],
    ['nothing', new Uint8Array(0)],
    ['a list', encodeCbor([1])],
    ['null', encodeCbor(null)],
    ['a text without body', encodeCbor({ v: 1, kind: 'text' })],
    ['a text with too long a body', encodeCbor({ v: 1, kind: 'text', body: 'x'.repeat(32_769) })],
    ['a reply to nowhere', encodeCbor({ v: 1, kind: 'text', body: '', reply: -1 })],
    ['51 mentions', encodeCbor({ v: 1, kind: 'text', body: '', mentions: Array(51).fill(idBytes(account)) })],
    ['a mention of no account', encodeCbor({ v: 1, kind: 'text', body: '', mentions: ['bob'] })],
    [
      'a reaction that is an essay',
      encodeCbor({ v: 1, kind: 'reaction', target: 1, emoji: 'x'.repeat(65), on: true }),
    ],
    ['a text of too many bytes', encodeCbor({ v: 1, kind: 'text', body: '€'.repeat(10_923) })],
    ['a reply to position 0', encodeCbor({ v: 1, kind: 'text', body: '', reply: 0 })],
    ['a mention of nobody', encodeCbor({ v: 1, kind: 'text', body: '', mentions: [] })],
    ['a mention that is null', encodeCbor({ v: 1, kind: 'text', body: '', mentions: null })],
    ['an edit of position 0', encodeCbor({ v: 1, kind: 'edit', target: 0, body: 'x' })],
    ['a deletion of position 0', encodeCbor({ v: 1, kind: 'delete', target: 0 })],
    ['a reaction to position 0', encodeCbor({ v: 1, kind: 'reaction', target: 0, emoji: '👍', on: true })],
    ['a reaction without a sign', encodeCbor({ v: 1, kind: 'reaction', target: 1, emoji: '', on: true })],
    ['an edit of nothing', encodeCbor({ v: 1, kind: 'edit', body: 'x' })],
    ['a receipt of text', encodeCbor({ v: 1, kind: 'receipt', delivered: 'a', read: 1 })],
    ['typing of text', encodeCbor({ v: 1, kind: 'typing', on: 'yes' })],
    ['a receipt that has read a text', encodeCbor({ v: 1, kind: 'receipt', delivered: 1, read: 'a' })],
    ['an edit without a text', encodeCbor({ v: 1, kind: 'edit', target: 1 })],
    ['an edit with too long a body', encodeCbor({ v: 1, kind: 'edit', target: 1, body: 'x'.repeat(32_769) })],
    ['a reaction that is neither', encodeCbor({ v: 1, kind: 'reaction', target: 1, emoji: '👍', on: 1 })],
    ['a reaction of a number', encodeCbor({ v: 1, kind: 'reaction', target: 1, emoji: 7, on: true })],
    ['a mention of 15 bytes', encodeCbor({ v: 1, kind: 'text', body: '', mentions: [new Uint8Array(15)] })],
    [
      'a mention of nobody among others',
      encodeCbor({ v: 1, kind: 'text', body: '', mentions: [idBytes(account), 7] }),
    ],
    ['a text that is a number', encodeCbor({ v: 1, kind: 'text', body: 7 })],
    ['a plain text of too many bytes', encodeCbor({ v: 1, body: 'x'.repeat(32_769), kind: 'text' })],
    ['a deletion of text', encodeCbor({ v: 1, kind: 'delete', target: 'all' })],
  ];
  const unsealable: [string, Content][] = [
    ['a reply to position 0', { kind: 'text', body: 'x', reply: 0 }],
    ['an edit of position 0', { kind: 'edit', target: 0, body: 'x' }],
    ['a deletion of position 0', { kind: 'delete', target: 0 }],
    ['a reaction to position 0', { kind: 'reaction', target: 0, emoji: '👍', on: true }],
    ['a reaction without a sign', { kind: 'reaction', target: 1, emoji: '', on: true }],
    ['a reaction that is an essay', { kind: 'reaction', target: 1, emoji: 'x'.repeat(65), on: true }],
    ['51 mentions', { kind: 'text', body: '', mentions: Array(51).fill(account) }],
    ['a text of too many bytes', { kind: 'text', body: '€'.repeat(10_923) }],
    ['a message without files', { kind: 'files', body: '', files: [] }],
    ['a receipt of nowhere', { kind: 'receipt', delivered: -1, read: 0 }],
  ];
  it.each(unsealable)('%s is not sealed either', (_, content) => {
    expect(() => encodeContent(content)).toThrow(UsageError);
  });

  it('of an unknown kind is not sealed: it was never ours', () => {
    expect(() => encodeContent({ kind: 'unknown', name: 'poll' })).toThrow('an unknown kind cannot be sent');
  });

  it('takes what is at the very bounds', () => {
    const bounds: Content[] = [
      { kind: 'text', body: '€'.repeat(10_922), reply: 1, mentions: Array(50).fill(account) },
      { kind: 'reaction', target: 1, emoji: 'x'.repeat(64), on: true },
      { kind: 'receipt', delivered: 0, read: 0 },
      { kind: 'edit', target: 1, body: 'x'.repeat(32_768) },
      { kind: 'edit', target: 1, body: '' },
      { kind: 'text', body: 'x'.repeat(32_768), reply: undefined, mentions: [] },
      { kind: 'text', body: 'x', reply: undefined, mentions: [account] },
    ];
    for (const content of bounds) expect(decodeContent(encodeContent(content))).toEqual(content);
    // Nobody mentioned: left out.
    const quiet = encodeContent({ kind: 'text', body: 'x', reply: 1, mentions: [] });
    expect(decodeContent(quiet)).toEqual({ kind: 'text', body: 'x', reply: 1, mentions: [] });
    expect(Object.keys(decodeCbor(quiet) as object)).not.toContain('mentions');
  });

  it('[attack 29] may hold what is not known here up to six levels deep, the outermost map included', async () => {
    const nested = (levels: number): CborValue => (levels === 0 ? 1 : [nested(levels - 1)]);
    const content = (levels: number) => encodeCbor({ v: 1, kind: 'text', body: 'x', more: nested(levels) });
    expect(decodeContent(content(5))).toMatchObject({ body: 'x' });
    await expectRefusal(() => decodeContent(content(6)), 'M4', 'malformed');
    // Empty ones do not count.
    const empty = (levels: number): CborValue => (levels === 0 ? [] : [empty(levels - 1)]);
    expect(decodeContent(encodeCbor({ v: 1, kind: 'poll', more: empty(5) }))).toMatchObject({ name: 'poll' });
    await expectRefusal(
      () => decodeContent(encodeCbor({ v: 1, kind: 'poll', more: empty(6) })),
      'M4',
      'malformed',
    );
  });

  it.each(broken)('%s is malformed', async (_, bytes) => {
    await expectRefusal(() => decodeContent(bytes), 'M4', 'malformed');
  });
});
