import { type Draft, NO_DRAFT } from '@sotto/client';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { AccountId, RoomId } from '../src/app/types.ts';
import { Writing } from '../src/composer/writing.ts';

const [account, room] = ['ann' as AccountId, 'bob' as RoomId];

/** What a tab's engine keeps of drafts, and the tab's own session storage. */
function tab(draft: Draft = NO_DRAFT) {
  const listeners = new Set<() => void>();
  const kept = new Map<string, string>();
  const engine = {
    id: account,
    state: { rooms: new Map([[room, { draft }]]) } as never,
    subscribe: (listener: () => void) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    messages: { setDraft: vi.fn(async (_room: RoomId, next: Draft) => theirs(next)) },
  };
  const theirs = (next: Draft) => {
    engine.state = { rooms: new Map([[room, { draft: next }]]) } as never;
    for (const listener of listeners) listener();
  };
  const session = {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
    removeItem: (key: string) => void kept.delete(key),
    key: (index: number) => [...kept.keys()][index] ?? null,
    length: 0,
  };
  const failed = vi.fn();
  const writing = new Writing(engine, room, (work) => void work.catch(failed), session);
  const unfollow = writing.follow();
  return { writing, engine, kept, theirs, unfollow, failed, now: () => writing.store.get() };
}

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

test('text, answer and edit are one draft, stored after a pause; until then it rests in the tab', async () => {
  const { writing, engine, kept } = tab();
  writing.write('half');
  writing.change({ reply: 7 });
  expect([...kept.values()].map((text) => JSON.parse(text))).toEqual([
    { text: 'half', reply: 7, edit: null },
  ]);
  expect(engine.messages.setDraft).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(500);
  expect(engine.messages.setDraft).toHaveBeenCalledExactlyOnceWith(room, {
    text: 'half',
    reply: 7,
    edit: null,
  });
  expect(kept.size).toBe(0);
});

test('an edit lies above what was being written, which comes back behind it', async () => {
  const { writing, now } = tab({ ...NO_DRAFT, text: 'before', reply: 3 });
  writing.change({ edit: { position: 9, text: 'old words' } });
  writing.write('new words');
  expect(now()).toEqual({ text: 'before', reply: 3, edit: { position: 9, text: 'new words' } });
  const sent = await writing.send(async (draft) => draft.edit?.text === 'new words', false);
  expect(sent).toBe(true);
  expect(now()).toEqual({ text: 'before', reply: 3, edit: null });
  writing.endTarget();
  expect(now()).toEqual({ text: 'before', reply: null, edit: null });
});

test('what could not be sent is there again with what it answers; what was written meanwhile is not lost for it', async () => {
  const { writing, now } = tab({ ...NO_DRAFT, text: 'hello', reply: 3 });
  const work = Promise.withResolvers<boolean>();
  const sending = writing.send(() => work.promise, false);
  await vi.advanceTimersByTimeAsync(0);
  expect(now().text).toBe('');
  work.resolve(false);
  expect(await sending).toBe(false);
  expect(now()).toEqual({ text: 'hello', reply: 3, edit: null });

  const again = Promise.withResolvers<boolean>();
  const second = writing.send(() => again.promise, false);
  await vi.advanceTimersByTimeAsync(0);
  writing.write('meanwhile');
  again.resolve(false);
  await second;
  expect(now().text).toBe('meanwhile');
});

test('a draft is gone once it was sent, and only then', async () => {
  const { writing, engine, now } = tab({ ...NO_DRAFT, text: 'hello', reply: 3 });
  await writing.send(async () => true, false);
  expect(now()).toEqual(NO_DRAFT);
  await writing.flush();
  expect(engine.messages.setDraft).toHaveBeenLastCalledWith(room, NO_DRAFT);
});

test('what another tab writes shows, unless something is being written here; its own echo changes nothing', async () => {
  const { writing, theirs, now, unfollow } = tab();
  theirs({ ...NO_DRAFT, text: 'from the other tab' });
  expect(now().text).toBe('from the other tab');
  writing.write('mine');
  theirs({ ...NO_DRAFT, text: 'theirs again' });
  expect(now().text).toBe('mine');
  await vi.advanceTimersByTimeAsync(500);
  expect(now().text).toBe('mine');
  unfollow();
  theirs({ ...NO_DRAFT, text: 'nobody hears it' });
  expect(now().text).toBe('mine');
});

test('a draft that is still being stored while it is sent does not come back into the field', async () => {
  const { writing, engine, theirs, now } = tab();
  const slow = Promise.withResolvers<void>();
  engine.messages.setDraft.mockImplementationOnce(async (_room, next) => {
    await slow.promise;
    theirs(next);
  });
  writing.write('hello');
  await vi.advanceTimersByTimeAsync(500);
  const work = Promise.withResolvers<boolean>();
  const sending = writing.send(() => work.promise, false);
  await vi.advanceTimersByTimeAsync(0);
  slow.resolve();
  await vi.advanceTimersByTimeAsync(0);
  expect(now().text).toBe('');
  work.resolve(true);
  await sending;
  await vi.advanceTimersByTimeAsync(500);
  expect(now()).toEqual(NO_DRAFT);
  expect(engine.messages.setDraft).toHaveBeenLastCalledWith(room, NO_DRAFT);
});

test('what was stored earlier and is told of late takes nothing from the field', async () => {
  const { writing, engine, theirs, now } = tab();
  engine.messages.setDraft.mockImplementation(() => new Promise(() => undefined));
  writing.write('one');
  await vi.advanceTimersByTimeAsync(500);
  writing.write('one two');
  await vi.advanceTimersByTimeAsync(500);
  theirs({ ...NO_DRAFT, text: 'one' });
  expect(now().text).toBe('one two');
});

test('a draft that cannot be stored is told of, and nothing is sent or lost by it', async () => {
  const { writing, engine, failed, now, kept } = tab({ ...NO_DRAFT, text: 'hello' });
  const full = new Error('the store is full');
  engine.messages.setDraft.mockRejectedValue(full);
  writing.write('hello again');
  await vi.advanceTimersByTimeAsync(500);
  expect(failed.mock.calls).toEqual([[full]]);
  expect(kept.size).toBe(1);
  writing.write('hello again');
  const work = vi.fn(async () => true);
  await expect(writing.send(work, false)).rejects.toBe(full);
  expect(work).not.toHaveBeenCalled();
  expect(now().text).toBe('hello again');
});
