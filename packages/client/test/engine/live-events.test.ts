import { generateSigningKey } from '@sotto/crypto';
import type { AccountId } from '@sotto/protocol';
import { beforeEach, expect, test } from 'vitest';
import { Bus } from '../../src/engine/bus.ts';
import { LiveEvents } from '../../src/engine/live-events.ts';
import type { EntryRow, RoomRow } from '../../src/engine/rows.ts';
import type { EngineEvent } from '../../src/events.ts';
import { settle } from './support/fake-clock.ts';
import { noFailure } from './support/no-failure.ts';
import { entry, message, roomRow, someone, text } from './support/rows.ts';

const [me, ann, ben] = [someone(), someone(), someone()];
let bus: Bus;
let row: RoomRow;
let told: EngineEvent[];
let blocked: ReadonlySet<AccountId>;
let open: boolean;
let stored: EntryRow[];

beforeEach(async () => {
  bus = new Bus(noFailure);
  row = await roomRow([me, ann, ben]);
  told = [];
  blocked = new Set();
  open = true;
  stored = [];
  const signing = await generateSigningKey({ extractable: false });
  const self = { ...me, name: 'Me', kind: 'guest' as const, identity: new Uint8Array(32) };
  const events = new LiveEvents({
    bus,
    keys: { self, signing, identity: signing },
    calls: { serverTime: () => 4_500 },
    consent: {
      hears: (account) => !blocked.has(account),
      ofRow: () => (open ? 'open' : 'request'),
      strangers: () => new Set(),
    },
    rows: { entry: async (_room, position) => stored.find((one) => one.position === position) },
  });
  events.on((event) => told.push(event));
});

/** Stored as it came: by itself, or read from the log. */
async function arrives(entries: readonly EntryRow[], live = true): Promise<EngineEvent[]> {
  stored.push(...entries);
  bus.emit({ type: 'stored', row, entries, live });
  await settle();
  return told.splice(0);
}

test('a message with all that is known of it; one’s own are no news', async () => {
  const words = { kind: 'text', body: 'hi', reply: 1, mentions: [me.account] } as const;
  const said = message(2, ann, words);
  expect(await arrives([text(1, me, 'mine'), said])).toEqual([
    {
      type: 'message',
      room: row.room,
      position: 2,
      id: said.id,
      account: ann.account,
      time: 2_000,
      body: 'hi',
      reply: 1,
      mentions: [me.account],
      mentionsSelf: true,
      muted: false,
    },
  ]);
});

test('edits, deletions and reactions in their order, each with what it is about', async () => {
  const changes = [
    text(1, ann, 'a'),
    message(2, ben, { kind: 'reaction', target: 1, emoji: '👍', on: true }),
    message(3, ann, { kind: 'edit', target: 1, body: 'b' }),
    text(4, ben, 'c'),
    message(5, ann, { kind: 'delete', target: 1 }),
  ];
  const facts = { room: row.room, target: 1 };
  expect(await arrives(changes)).toMatchObject([
    { type: 'message', position: 1, body: 'a' },
    { type: 'reaction', ...facts, position: 2, account: ben.account, emoji: '👍', on: true },
    { type: 'edited', ...facts, position: 3, body: 'b' },
    { type: 'message', position: 4, body: 'c' },
    { type: 'deleted', ...facts, position: 5 },
  ]);
});

test('[attack 30] what somebody does to another’s message, or to none, is no event', async () => {
  const changes = [
    text(1, ann, 'a'),
    message(2, ben, { kind: 'edit', target: 1, body: 'not mine' }),
    message(3, ben, { kind: 'delete', target: 1 }),
    message(4, ann, { kind: 'reaction', target: 99, emoji: '👍', on: true }),
    message(5, ann, { kind: 'edit', target: 2, body: 'an edit of an edit' }),
  ];
  expect(await arrives(changes)).toMatchObject([{ type: 'message' }]);
});

test('who came, who left, and who was taken out, by whom', async () => {
  const events = [
    { type: 'added', account: ben.account },
    { type: 'removed', account: me.account },
    { type: 'left', account: ann.account },
    { type: 'rekeyed' },
  ] as const;
  const facts = { room: row.room, position: 1, account: ann.account, time: 1_000 };
  expect(await arrives([entry(1, ann, { type: 'epoch', epoch: 2, events })])).toEqual([
    { type: 'joined', member: ben.account, ...facts },
    { type: 'removed', member: me.account, ...facts },
    { type: 'left', member: ann.account, ...facts },
  ]);
});

test('what is read from the log is news only where it is younger than the first catching up', async () => {
  expect(await arrives([text(1, ann, 'history')], false)).toEqual([]);
  bus.emit({ type: 'caught-up' });
  expect(await arrives([text(4, ann, 'before'), text(5, ann, 'in the break')], false)).toMatchObject([
    { body: 'in the break' },
  ]);
});

test('[attack 48] nothing of a room that was not accepted, nor of who is blocked', async () => {
  open = false;
  expect(await arrives([text(1, ann, 'a')])).toEqual([]);
  open = true;
  blocked = new Set([ann.account]);
  expect(await arrives([text(2, ann, 'b'), text(3, ben, 'c')])).toMatchObject([{ body: 'c' }]);
  bus.emit({ type: 'caught-up' });
  bus.emit({ type: 'trust', account: ann.account, before: 'unverified', trust: 'changed' });
  expect(told).toEqual([]);
});

test('[K4] trust is told from when all was read', () => {
  const event = { type: 'trust', account: ann.account, before: 'changed', trust: 'verified' } as const;
  bus.emit(event);
  expect(told).toEqual([]);
  bus.emit({ type: 'caught-up' });
  bus.emit(event);
  expect(told).toEqual([event]);
});

test('nothing is told of what a message said that was deleted by then, nor of what it is edited to', async () => {
  const deleted = (position: number) => message(position, ann, { kind: 'unknown', name: 'deleted' });
  const entries = [
    text(1, ann, 'secret'),
    message(2, ann, { kind: 'edit', target: 1, body: 'secret too' }),
    message(3, ann, { kind: 'delete', target: 1 }),
  ];
  stored.push(deleted(1)); // as it rests once all of them are stored
  expect(await arrives(entries)).toMatchObject([{ type: 'deleted', target: 1 }]);
});
