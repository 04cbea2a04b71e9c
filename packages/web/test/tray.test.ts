import type { ChosenFiles } from '@sotto/client/browser';
import { expect, test } from 'vitest';
import { MESSAGE_FILES } from '../src/app/limits.ts';
import type { RoomId } from '../src/app/types.ts';
import { Tray, type TrayState, traySummary } from '../src/files/choose/tray.ts';

const note = (name: string, size = 3) => new File(['x'.repeat(size)], name, { type: 'text/plain' });
const plenty = async () => ({ each: null, left: null });
const names = (tray: Tray) => tray.store.get().items.map(({ source }) => source.name);

function until(tray: Tray, holds: (state: TrayState) => boolean): Promise<void> {
  return new Promise((resolve) => {
    const look = () => holds(tray.store.get()) && resolve();
    tray.store.subscribe(look);
    look();
  });
}

const ready = (state: TrayState) => state.items.every((item) => item.state === 'ready');

/** What is kept over a reload, in memory. */
function kept(first: readonly File[] = [], lost = 0) {
  const saved: string[][] = [];
  const chosen: ChosenFiles = {
    load: async () => ({ files: first.map((file, n) => ({ key: `k${n}`, file })), original: false, lost }),
    save: async (_, { files }) => void saved.push(files.map(({ file }) => file.name)),
  };
  return { saved, place: { room: 'bob' as RoomId, chosen } };
}

test('takes what a message may carry, says what it left, and moves within its bounds', async () => {
  const tray = new Tray(plenty);
  tray.add(Array.from({ length: MESSAGE_FILES + 1 }, (_, n) => note(`${n}`)));
  expect(names(tray)).toHaveLength(MESSAGE_FILES);
  expect(tray.store.get().notice).toBe('too-many');
  const [first] = tray.store.get().items;
  tray.move(first?.id ?? 0, 1_000);
  expect(names(tray).at(-1)).toBe('0');
  tray.move(first?.id ?? 0, -5);
  expect(names(tray)[0]).toBe('0');
  tray.move(-1, 0);
  expect(names(tray)).toHaveLength(MESSAGE_FILES);
  tray.remove(first?.id ?? 0);
  expect(names(tray)[0]).toBe('1');
  expect(tray.store.get().notice).toBeNull();
});

test('can be sent once all is prepared and fits what the server allows', async () => {
  const tray = new Tray(async () => ({ each: 4, left: 8 }));
  expect(traySummary(tray.store.get()).ready).toBe(false);
  tray.add([note('a', 4), note('b', 4)]);
  expect(traySummary(tray.store.get()).ready).toBe(false);
  await until(tray, (state) => ready(state) && state.allowed.each === 4);
  expect(traySummary(tray.store.get())).toEqual({ ready: true, size: 8, overflow: false });
  tray.add([note('c', 1)]);
  await until(tray, ready);
  expect(traySummary(tray.store.get())).toMatchObject({ ready: false, overflow: true });
  tray.remove(tray.store.get().items[2]?.id ?? 0);
  tray.add([note('d', 5)]);
  await until(tray, ready);
  expect(traySummary(tray.store.get()).ready).toBe(false);
});

test('what could not be sent comes back before what was chosen since; until then it stays kept', async () => {
  const { saved, place } = kept();
  const tray = new Tray(plenty, place);
  tray.add([note('a'), note('b')]);
  const taken = tray.take();
  tray.add([note('c')]);
  await expect.poll(() => saved.at(-1)).toEqual(['a', 'b', 'c']);
  tray.putBack(taken);
  expect(names(tray)).toEqual(['a', 'b', 'c']);
  tray.sent(tray.take());
  await expect.poll(() => saved.at(-1)).toEqual([]);
});

test('[M6] what is told of each file goes by the choice that is shown, in whichever order they came', async () => {
  const tray = new Tray(plenty);
  const film = (name: string) => new File(['x'], name);
  const told = () => tray.store.get().items.map(({ asItIs }) => asItIs);
  tray.add([film('one.mov')]);
  await until(tray, ready);
  expect(told()).toEqual([true]);
  tray.setOriginal(true);
  tray.add([film('two.mov')]);
  await until(tray, ready);
  expect(told()).toEqual([false, false]);
  tray.setOriginal(false);
  await until(tray, ready);
  expect(told()).toEqual([true, true]);
});

test('[M6] originals that could not be sent come back as such, unless another choice is shown by then', async () => {
  const tray = new Tray(plenty);
  tray.setOriginal(true);
  tray.add([new File(['x'], 'one.mov')]);
  await until(tray, ready);
  tray.putBack(tray.take());
  expect(tray.store.get()).toMatchObject({ original: true, items: [{ state: 'ready', original: true }] });
  const taken = tray.take();
  tray.add([new File(['x'], 'two.mov')]);
  tray.putBack(taken);
  await until(tray, ready);
  const anew = { original: false, asItIs: true };
  expect(tray.store.get()).toMatchObject({ original: false, items: [anew, anew] });
});

test('after a reload it has what it had, before what was chosen since, and tells once what was too large', async () => {
  const { saved, place } = kept([note('old')], 1);
  const tray = new Tray(plenty, place);
  tray.add([note('new')]);
  await until(tray, (state) => state.items.length === 2);
  expect(names(tray)).toEqual(['old', 'new']);
  expect(tray.store.get().notice).toBe('not-kept');
  await expect.poll(() => saved.at(-1)).toEqual(['old', 'new']);
});
