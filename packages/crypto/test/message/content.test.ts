import { type Bytes, encodeCbor, idBytes } from '@sotto/protocol';
import { describe, expect, it } from 'vitest';
import { type Content, decodeContent, encodeContent, randomId } from '../../src/index.ts';
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
    { kind: 'mark', delivered: 9, read: 7 },
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
    expect(decodeContent(encodeCbor({}))).toMatchObject({ kind: 'unknown' });
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
    ['an edit of nothing', encodeCbor({ v: 1, kind: 'edit', body: 'x' })],
    ['a mark of text', encodeCbor({ v: 1, kind: 'mark', delivered: 'a', read: 1 })],
    ['typing of text', encodeCbor({ v: 1, kind: 'typing', on: 'yes' })],
    ['a deletion of text', encodeCbor({ v: 1, kind: 'delete', target: 'all' })],
  ];
  it.each(broken)('%s is malformed', async (_, bytes) => {
    await expectRefusal(() => decodeContent(bytes), 'M4', 'malformed');
  });
});
