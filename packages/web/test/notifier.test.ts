import type { EngineEvent, IncomingMessage } from '@sotto/client';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { AccountId, RoomId } from '../src/app/types.ts';
import { type Means, Notifier } from '../src/notifications/notifier.ts';

const room = 'harbour' as RoomId;

const message = (position: number): IncomingMessage => ({
  type: 'message',
  room,
  position,
  account: 'bob' as AccountId,
  time: 1,
  id: `id ${position}` as IncomingMessage['id'],
  body: 'x',
  mentions: [],
  mentionsSelf: false,
  muted: false,
});

/** A tab with an engine whose counts and events the test tells. */
function tab(means: Partial<Means> = {}) {
  const listeners = { events: new Set<(event: EngineEvent) => void>(), state: new Set<() => void>() };
  const on =
    <L>(set: Set<L>) =>
    (listener: L) => {
      set.add(listener);
      return () => set.delete(listener);
    };
  const engine = {
    state: {} as never,
    subscribe: on(listeners.state) as never,
    events: { on: on(listeners.events) as never },
  };
  const unread = (count: number) => {
    engine.state = { rooms: new Map([[room, { unread: count }]]) } as never;
    for (const listener of listeners.state) listener();
  };
  const told: string[] = [];
  const failed = vi.fn();
  const stop = new Notifier(
    engine,
    {
      isNoteworthy: () => true,
      attention: async () => ({ anywhere: false, here: false }),
      claim: async () => true,
      play: () => void told.push('sound'),
      show: async ({ position }) => void told.push(`show ${position}`),
      isShown: async () => true,
      withdraw: async () => void told.push('withdraw'),
      ...means,
    },
    failed,
  ).start();
  const happen = async (event: EngineEvent) => {
    for (const listener of listeners.events) listener(event);
    await vi.advanceTimersByTimeAsync(1_500);
  };
  unread(1);
  return { unread, told, failed, happen, stop };
}

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

test('a message that nobody sees is told; once it is read, wherever that is, no more', async () => {
  const { told, happen, unread, stop } = tab();
  await happen(message(1));
  expect(told).toEqual(['sound', 'show 1']);
  unread(2);
  expect(told).toHaveLength(2);
  unread(0);
  expect(told).toEqual(['sound', 'show 1', 'withdraw']);
  stop();
  unread(1);
  await happen(message(2));
  expect(told).toHaveLength(3);
});

test('what another device reads at once makes no noise here', async () => {
  const { told, happen, unread } = tab();
  const happening = happen(message(1));
  unread(0);
  await happening;
  expect(told).toEqual([]);
});

test('a tab in which the person looks at the conversation, or only one of two tabs, tells', async () => {
  const looked = tab({ attention: async () => ({ anywhere: true, here: true }) });
  await looked.happen(message(1));
  expect(looked.told).toEqual([]);
  const elsewhere = tab({ attention: async () => ({ anywhere: true, here: false }) });
  await elsewhere.happen(message(1));
  expect(elsewhere.told).toEqual(['sound']);
  const second = tab({ claim: async () => false });
  await second.happen(message(1));
  expect(second.told).toEqual([]);
});

test('a deleted message is told no more, another one of the conversation is', async () => {
  const { told, happen } = tab();
  await happen(message(7));
  const deleted = { ...message(9), type: 'deleted', target: 6 } as unknown as EngineEvent;
  await happen(deleted);
  expect(told).toEqual(['sound', 'show 7']);
  await happen({ ...deleted, target: 7 } as EngineEvent);
  expect(told).toEqual(['sound', 'show 7', 'withdraw']);
});

const deleted = (target: number) =>
  ({ ...message(target + 1), type: 'deleted', target }) as unknown as EngineEvent;
const edited = (target: number, body: string) =>
  ({ ...message(target + 1), type: 'edited', target, body }) as unknown as EngineEvent;

test('what is deleted before it is shown is not told, though something else is unread', async () => {
  const { told, happen, unread } = tab();
  unread(5);
  const happening = happen(message(7));
  await happen(deleted(7));
  await happening;
  expect(told).toEqual([]);
});

test('what is deleted while it is being shown is taken back', async () => {
  const showing = Promise.withResolvers<void>();
  const { told, happen } = tab({ show: () => showing.promise });
  await happen(message(7));
  await happen(deleted(7));
  showing.resolve();
  await happen(message(6));
  expect(told).toContain('withdraw');
});

test('what is edited is told by its new words: before it is shown, and while it is', async () => {
  const bodies: string[] = [];
  const { happen } = tab({ show: async ({ body }) => void bodies.push(body) });
  const happening = happen(message(7));
  await happen(edited(7, 'seven'));
  await happening;
  expect(bodies).toEqual(['seven']);
  await happen(edited(6, 'another one'));
  await happen(edited(7, 'eight'));
  expect(bodies).toEqual(['seven', 'eight']);
});

test('what the person put away does not come back with an edit', async () => {
  const { told, happen } = tab({ isShown: async () => false });
  await happen(message(7));
  await happen(edited(7, 'eight'));
  expect(told).toEqual(['sound', 'show 7']);
});

test('what a browser refuses is told, and ends nothing', async () => {
  const failure = new TypeError('Illegal constructor');
  const { failed, happen, told } = tab({ show: () => Promise.reject(failure) });
  await happen(message(1));
  await happen(message(2));
  expect(failed.mock.calls).toEqual([[failure], [failure]]);
  expect(told).toEqual(['sound', 'sound']);
});
