import { describe, expect, test } from 'vitest';
import { type ProjectionInput, project } from '../../src/engine/timeline/project.ts';
import type { MessageItem, TimelineItem } from '../../src/state.ts';
import { entry, message, someone, text, waiting } from './support/rows.ts';

const [me, ann, ben] = [someone(), someone(), someone()];

const lines = (input: Partial<ProjectionInput>): TimelineItem[] =>
  project({
    entries: [],
    outbox: [],
    lines: [],
    receipts: [],
    self: me,
    members: [me.account, ann.account, ben.account],
    hears: () => true,
    entitled: () => true,
    ...input,
  });

const messages = (items: readonly TimelineItem[]) =>
  items.filter((i): i is MessageItem => i.type === 'message');
const first = (items: readonly TimelineItem[]) => {
  const [item] = messages(items);
  if (!item) throw new Error('no message');
  return item;
};

describe('edits and deletions', () => {
  test('the author’s edit replaces the text and is marked; the newest counts', () => {
    const entries = [
      text(1, ann, 'one'),
      message(2, ann, { kind: 'edit', target: 1, body: 'two' }),
      message(3, ann, { kind: 'edit', target: 1, body: 'three' }),
    ];
    expect(messages(lines({ entries }))).toMatchObject([{ body: 'three', edited: 3_000, position: 1 }]);
  });

  test('what is not known here is taken back by its author alone; an edit of it does nothing', () => {
    const poll = message(1, ann, { kind: 'unknown', name: 'poll' });
    const edited = [poll, message(2, ann, { kind: 'edit', target: 1, body: 'x' })];
    expect(messages(lines({ entries: edited }))).toMatchObject([{ kind: 'unknown', name: 'poll', body: '' }]);
    const entries = [poll, message(2, ben, { kind: 'delete', target: 1 })];
    expect(first(lines({ entries }))).toMatchObject({ kind: 'unknown', name: 'poll' });
    const gone = [...entries, message(3, ann, { kind: 'delete', target: 1 })];
    expect(messages(lines({ entries: gone }))).toMatchObject([{ kind: 'deleted' }]);
    // A deletion itself, an edit or a reaction cannot be deleted: nothing happens.
    const again = [...gone, message(4, ann, { kind: 'delete', target: 3 })];
    expect(lines({ entries: again })).toEqual(lines({ entries: gone }));
  });

  test('[attack 30] another’s edit or deletion changes nothing and is told with its rule', () => {
    const entries = [
      text(1, ann, 'mine'),
      message(2, ben, { kind: 'edit', target: 1, body: 'yours' }),
      message(3, ben, { kind: 'delete', target: 1 }),
    ];
    const items = lines({ entries });
    expect(first(items)).toMatchObject({ kind: 'text', body: 'mine', edited: null });
    const refused = items.filter((i) => i.type === 'system' && i.event.type === 'refused-entry');
    expect(refused).toMatchObject([
      { event: { alarm: { rule: 'M4', account: ben.account } } },
      { event: { alarm: { rule: 'M4', account: ben.account } } },
    ]);
  });

  test('a deleted message shows no text and no reactions, and no edit brings it back', () => {
    const entries = [
      text(1, ann, 'gone'),
      message(2, ben, { kind: 'reaction', target: 1, emoji: '👍', on: true }),
      message(3, ann, { kind: 'delete', target: 1 }),
      message(4, ann, { kind: 'edit', target: 1, body: 'back' }),
      message(5, ben, { kind: 'reaction', target: 1, emoji: '🎉', on: true }),
    ];
    expect(first(lines({ entries }))).toMatchObject({ kind: 'deleted', body: '', reactions: [] });
  });

  test('a quote follows its message: edited after it was quoted, deleted after it was quoted', () => {
    const entries = [
      text(1, ann, 'a secret'),
      text(2, ann, 'a typo'),
      text(3, ben, 'oh', { reply: 1 }),
      text(4, ben, 'ah', { reply: 2 }),
      message(5, ann, { kind: 'delete', target: 1 }),
      message(6, ann, { kind: 'edit', target: 2, body: 'no typo' }),
    ];
    const [, , oh, ah] = messages(lines({ entries }));
    expect(oh?.reply).toEqual({ position: 1, account: ann.account, body: '' });
    expect(ah?.reply).toEqual({ position: 2, account: ann.account, body: 'no typo' });
  });

  test('what points to a message that is not loaded, or to none, changes nothing', () => {
    const entries = [
      text(5, ann, 'here'),
      message(6, ann, { kind: 'edit', target: 1, body: 'x' }),
      message(7, ann, { kind: 'delete', target: Number.MAX_SAFE_INTEGER }),
      message(8, ann, { kind: 'reaction', target: 3, emoji: '👍', on: true }),
    ];
    expect(lines({ entries })).toHaveLength(1);
  });
});

describe('reactions', () => {
  const react = (position: number, who: typeof me, emoji: string, on: boolean) =>
    message(position, who, { kind: 'reaction', target: 1, emoji, on });

  test('one of each kind per person; off takes it back; the own is marked', () => {
    const entries = [
      text(1, ann, 'nice'),
      react(2, ben, '👍', true),
      react(3, ben, '👍', true),
      react(4, me, '👍', true),
      react(5, ann, '🎉', true),
      react(6, ann, '🎉', false),
      react(7, ann, '🙈', false),
    ];
    expect(first(lines({ entries })).reactions).toEqual([
      { emoji: '👍', accounts: [ben.account, me.account], own: true },
    ]);
  });

  test('[attack 29] ten thousand different reactions: bounded in number and in time', () => {
    const entries = [
      text(1, ann, 'flooded'),
      ...Array.from({ length: 10_000 }, (_, i) => react(i + 2, ben, `e${i}`, true)),
      react(10_002, me, 'e0', true),
    ];
    const begun = performance.now();
    const { reactions } = first(lines({ entries }));
    expect(performance.now() - begun).toBeLessThan(500);
    expect(reactions).toHaveLength(40);
    expect(reactions[0]).toEqual({ emoji: 'e0', accounts: [ben.account, me.account], own: true });
  });
});

describe('waiting messages', () => {
  test('[E3] they stand last, waiting or failed, and vanish from there once the log has them', () => {
    const sent = waiting(1, { kind: 'text', body: 'sent' });
    const failed = waiting(2, { kind: 'text', body: 'failed' }, { code: 'not_member' });
    const late = waiting(3, { kind: 'text', body: 'late' });
    const logged = { ...text(1, me, 'sent'), id: sent.id };
    const items = messages(lines({ entries: [logged, text(2, ann, 'hi')], outbox: [sent, failed, late] }));
    expect(items.map((item) => [item.body, item.position, item.delivery?.state])).toEqual([
      ['sent', 1, 'sent'],
      ['hi', 2, undefined],
      ['failed', null, 'failed'],
      ['late', null, 'waiting'],
    ]);
    expect(new Set(items.map((item) => item.key)).size).toBe(4);
    expect(items[0]?.key).toBe(`${me.device}/${sent.id}`); // the same line before and after
  });

  test('waiting edits, deletions and reactions show at once', () => {
    const outbox = [
      waiting(1, { kind: 'edit', target: 1, body: 'better' }),
      waiting(2, { kind: 'delete', target: 2 }),
      waiting(3, { kind: 'reaction', target: 1, emoji: '👍', on: true }),
    ];
    const items = messages(lines({ entries: [text(1, me, 'good'), text(2, me, 'bad')], outbox }));
    expect(items).toMatchObject([
      { body: 'better', reactions: [{ emoji: '👍', own: true }] },
      { kind: 'deleted', body: '' },
    ]);
  });

  test('a reply that waits quotes what it answers', () => {
    const outbox = [waiting(1, { kind: 'text', body: 'yes', reply: 1 })];
    const [, reply] = messages(lines({ entries: [text(1, ann, 'shall we?')], outbox }));
    expect(reply?.reply).toEqual({ position: 1, account: ann.account, body: 'shall we?' });
  });
});

describe('order of lines', () => {
  const event = { type: 'identity-accepted', account: ann.account } as const;

  test('lines that are no entries stand behind their position, those before the window are left out', () => {
    const items = lines({
      entries: [text(5, ann, 'five'), text(6, ann, 'six'), text(7, ann, 'seven')],
      lines: [
        { after: 2, time: 1, event },
        { after: 5, time: 2, event },
        { after: 7, time: 3, event },
      ],
    });
    expect(items.map((item) => (item.type === 'message' ? item.body : `line ${item.time}`))).toEqual([
      'five',
      'line 2',
      'six',
      'seven',
      'line 3',
    ]);
    expect(new Set(items.map((item) => item.key)).size).toBe(items.length);
  });

  test('an epoch may say several things, a refused entry says which rule', () => {
    const alarm = {
      rule: 'M2',
      code: 'replayed',
      kind: 'bad-message',
      account: ann.account,
      detail: 'replayed',
      at: 2,
    } as const;
    const items = lines({
      entries: [
        entry(1, ann, {
          type: 'epoch',
          epoch: 2,
          events: [
            { type: 'added', account: ben.account },
            { type: 'renamed', title: 'New' },
          ],
        }),
        entry(2, ann, { type: 'rejected', alarm }),
        entry(3, ben, { type: 'leave' }),
      ],
    });
    expect(items.map((item) => item.type === 'system' && item.event.type)).toEqual([
      'added',
      'renamed',
      'refused-entry',
      'leaving',
    ]);
  });

  test('[R6] what cannot be read says why: asked for, or from before this account came', () => {
    const locked = (position: number, epoch: number) =>
      entry(position, ann, { type: 'locked', epoch, signed: new Uint8Array(1) });
    const items = lines({ entries: [locked(1, 1), locked(2, 2)], entitled: (epoch) => epoch === 2 });
    expect(items).toMatchObject([{ reason: 'before-joining' }, { reason: 'requested' }]);
  });

  test('[M4] an unknown kind is shown as such; receipts do not belong into the log', () => {
    const items = lines({
      entries: [
        message(1, ann, { kind: 'unknown', name: 'poll' }),
        message(2, ann, { kind: 'receipt', delivered: 1, read: 1 }),
      ],
    });
    expect(items).toMatchObject([
      { kind: 'unknown', name: 'poll' },
      { event: { type: 'refused-entry', alarm: { rule: 'M4' } } },
    ]);
  });
});

test('delivery: sent, delivered to some, read by some, of those in the room now', () => {
  const receipt = (who: typeof me, delivered: number, read: number) => ({
    ...who,
    counter: 1,
    delivered,
    read,
  });
  const deliveryAt = (receipts: ReturnType<typeof receipt>[]) =>
    first(lines({ entries: [text(3, me, 'x')], receipts })).delivery;
  expect(deliveryAt([])).toEqual({ state: 'sent' });
  expect(deliveryAt([receipt(ann, 2, 0), receipt(ben, 3, 2)])).toEqual({ state: 'delivered', to: 1, of: 2 });
  expect(deliveryAt([receipt(ann, 3, 3), receipt(someone(), 9, 9)])).toEqual({
    state: 'read',
    by: [ann.account],
    of: 2,
  });
});
