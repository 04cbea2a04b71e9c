import type { LogPage, RoomHead } from '@sotto/protocol';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { quickSotto } from '../support/quick-sotto.ts';
import {
  alarm,
  converse,
  noticed,
  refusedRules,
  type Scene,
  setScene,
  texts,
  until,
} from './support/story.ts';

/** More than anybody honest asks for while one room is read. */
const MANY = 40;

let scene: Scene;
beforeEach(async () => {
  scene = await setScene();
});
afterEach(() => scene.end());

test('[attack 29] [D1] a log that goes in circles is asked for once: the alarm stands, and goes when it ends', async () => {
  const { liar } = scene;
  const [alice, bob] = [await scene.person('Alice'), await scene.person('Bob')];
  const room = await converse(alice, bob);
  const [known] = scene.operator.log(room);
  let asked = 0;
  liar.frame = (frame) => {
    if (frame.t !== 'ready') return undefined;
    const rooms = (frame.rooms as RoomHead[]).map((head) => ({ ...head, head: head.head + 1 }));
    return [{ ...frame, rooms }];
  };
  liar.answer = ({ path, json }) => {
    if (!path.includes(`/${room}/log?after=`)) return undefined;
    asked += 1;
    if (asked > MANY) return undefined;
    // What is here already, again and again, below a head that is never reached.
    const page = json as LogPage;
    return { ...page, head: page.head + 1, entries: [known] };
  };
  liar.cut();
  await until(() => alarm(bob, room)?.kind === 'gap' || asked > MANY, 'Bob is told');
  expect(asked).toBeLessThan(MANY / 2);
  await bob.messages.send(room, { body: 'after all' });
  expect(refusedRules(bob, room)).toContain('D1');
  liar.behave();
  liar.cut();
  await until(() => texts(alice, room).includes('after all'), 'it heals');
  expect(alarm(bob, room)).toBeUndefined();
});

test('[attack 29] [M5] an archive whose cursor goes in circles, or whose pages are empty, ends there; what was read counts', async () => {
  const { liar } = scene;
  const folder = `${scene.data}-archive`;
  const open = (name: string) => quickSotto({ server: liar.origin, directory: `${folder}-${name}` });
  const bob = await scene.person('Bob');
  const first = await open('first').createAccount('Ann', 'a long password');
  const room = await converse(first, bob);
  await first.close();
  const lies: ((after: number, entries: readonly unknown[]) => { entries: unknown[]; next: number })[] = [
    (after, entries) => ({ entries: after === 0 ? [...entries] : [], next: 1 }), // in circles
    (after, entries) => ({ entries: after === 0 ? [...entries] : [], next: after + 1_000 }), // empty pages
    (after, entries) => ({ entries: Array.from({ length: 9_000 }, () => entries[0]), next: after + 1 }), // no end
  ];
  for (const [index, lie] of lies.entries()) {
    let asked = 0;
    let known: readonly unknown[] = [];
    liar.answer = ({ method, path, json }) => {
      const [, after] = /^\/api\/archive\?after=(\d+)$/.exec(path) ?? [];
      if (method !== 'GET' || after === undefined) return undefined;
      asked += 1;
      if (asked > MANY) return undefined;
      if (after === '0') known = (json as { entries: unknown[] }).entries;
      return lie(Number(after), known);
    };
    const again = await open(`again-${index}`).signIn('Ann', 'a long password');
    try {
      await until(() => texts(again, room).includes('hello back'), 'the past is readable');
      expect(asked).toBeLessThan(MANY / 2);
      expect(noticed(again).join()).toContain('does not end');
    } finally {
      await again.close();
    }
  }
});
