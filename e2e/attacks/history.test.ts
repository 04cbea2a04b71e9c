import type { Engine } from '@sotto/client';
import type { LogEntry, RoomHead, RoomId } from '@sotto/protocol';
import { expect, test } from 'vitest';
import type { LyingServer } from './support/lying-server.ts';
import { oneScene } from './support/one-scene.ts';
import { Operator } from './support/operator.ts';
import { alarm, converse, deliveryOf, gather, pause, refusedRules, texts, until } from './support/story.ts';

const scene = await oneScene();

interface Page {
  entries: LogEntry[];
  head: number;
  chain: string;
}

/** Shows a room's log through `change`, in frames, pages and the heads that greet a device. */
function tamper(
  liar: LyingServer,
  lie: { entries: (entries: LogEntry[]) => LogEntry[]; head?: (head: number) => number },
): void {
  const head = lie.head ?? ((real: number) => real);
  liar.frame = (frame) => {
    if (frame.t === 'entries') {
      const entries = lie.entries(frame.entries as LogEntry[]);
      return entries.length > 0 ? [{ ...frame, entries }] : [];
    }
    if (frame.t !== 'ready') return undefined;
    const rooms = (frame.rooms as RoomHead[]).map((room) => ({ ...room, head: head(room.head) }));
    return [{ ...frame, rooms }];
  };
  liar.answer = ({ path, status, json }) => {
    if (status !== 200 || !path.includes('/log?')) return undefined;
    const page = json as Page;
    return { ...page, entries: lie.entries(page.entries), head: head(page.head) };
  };
}

const positionOf = (engine: Engine, room: RoomId, body: string) => {
  const item = engine
    .timeline(room)
    .state.items.find((line) => line.type === 'message' && line.body === body);
  return item?.position ?? 0;
};

async function say(engine: Engine, room: RoomId, body: string): Promise<number> {
  await engine.messages.send(room, { body });
  await until(() => positionOf(engine, room, body) > 0, `"${body}" is in the log`);
  return positionOf(engine, room, body);
}

/** Two people of whom only the second is lied to, with a room where both have spoken. */
async function pair(first: string, second: string) {
  const liar = await scene.anotherLiar();
  const [a, b] = [await scene.person(first), await scene.person(second, liar)];
  const room = await converse(a, b);
  return { liar, a, b, room };
}

/** The lied-to side types, is held back, and is heard once the lie ends. */
async function healsOnceTheLieEnds(side: {
  liar: LyingServer;
  a: Engine;
  b: Engine;
  room: RoomId;
}): Promise<void> {
  const { liar, a, b, room } = side;
  await b.messages.send(room, { body: 'typed meanwhile' });
  await pause(300);
  expect(deliveryOf(b, room, 'typed meanwhile')).toBe('waiting');
  expect(texts(a, room)).not.toContain('typed meanwhile');
  liar.behave();
  liar.cut();
  await until(() => texts(a, room).includes('typed meanwhile'), 'what was typed goes out');
  await until(() => alarm(b, room) === undefined, 'the alarm is lifted');
  expect(texts(b, room)).toEqual(texts(a, room));
  expect(texts(a, room).filter((text) => text === 'typed meanwhile')).toHaveLength(1);
}

test('[attack 7] [D1] a message dropped from the live frames alone is fetched from the log', async () => {
  const { liar, a, b, room } = await pair('Abe', 'Ada');
  let dropped = false;
  liar.frame = (frame) => {
    if (frame.t !== 'entries' || dropped) return undefined;
    dropped = true;
    return [];
  };
  await say(a, room, 'one');
  await say(a, room, 'two');
  await until(() => texts(b, room).includes('two'), 'both are here');
  expect(dropped).toBe(true);
  expect(texts(b, room)).toEqual(['hello', 'hello back', 'one', 'two']);
});

test('[attack 7] [D1] a message dropped in the middle is a gap that stops the room until it is filled', async () => {
  const side = await pair('Bea', 'Ben');
  const { liar, a, b, room } = side;
  const missing = (await say(a, room, 'one')) + 1;
  tamper(liar, { entries: (entries) => entries.filter((entry) => entry.position !== missing) });
  await say(a, room, 'two');
  await say(a, room, 'three');
  await until(() => alarm(b, room) !== undefined, 'the gap is found');
  expect(alarm(b, room)).toMatchObject({ kind: 'gap', rule: 'D1' });
  expect(refusedRules(b, room)).toContain('D1');
  expect(texts(b, room)).toEqual(['hello', 'hello back', 'one']);
  await healsOnceTheLieEnds(side);
});

test('[attack 7] [M2] a message dropped with the others renumbered is missed by the next author’s chain', async () => {
  const side = await pair('Cal', 'Cat');
  const { liar, a, b, room } = side;
  const missing = (await say(a, room, 'one')) + 1;
  await until(() => texts(b, room).includes('one'), 'the first is here');
  const renumber = (entry: LogEntry) =>
    entry.position > missing ? { ...entry, position: entry.position - 1 } : entry;
  tamper(liar, {
    entries: (entries) => entries.filter((entry) => entry.position !== missing).map(renumber),
    head: (head) => (head >= missing ? head - 1 : head),
  });
  await say(a, room, 'two');
  await say(a, room, 'three');
  await until(() => alarm(b, room) !== undefined, 'it is missed');
  expect(alarm(b, room)).toMatchObject({ kind: 'fork', rule: 'M2' });
  expect(refusedRules(b, room)).toContain('M2');
  expect(texts(b, room)).toEqual(['hello', 'hello back', 'one']);
  await healsOnceTheLieEnds(side);
});

test('[attack 8] [D1] a log that ends earlier than before raises the rollback alarm', async () => {
  const side = await pair('Dan', 'Dot');
  const { liar, a, b, room } = side;
  const last = await say(a, room, 'one');
  await until(() => texts(b, room).includes('one'), 'it was seen');
  tamper(liar, {
    entries: (entries) => entries.filter((entry) => entry.position < last),
    head: (head) => Math.min(head, last - 1),
  });
  liar.cut();
  await until(() => alarm(b, room) !== undefined, 'the rollback is found');
  expect(alarm(b, room)).toMatchObject({ kind: 'rollback', rule: 'D1' });
  expect(refusedRules(b, room)).toContain('D1');
  expect(b.state.rooms.get(room)?.security).toMatchObject({ state: 'attention', blocksSending: true });
  expect(texts(b, room)).toContain('one');
  await healsOnceTheLieEnds(side);
});

test('[attack 8] [M2] a tail that is held back from one member shows in what the others have seen', async () => {
  const side = await pair('Eli', 'Eve');
  const { liar, a, b, room } = side;
  const last = positionOf(a, room, 'hello back');
  tamper(liar, {
    entries: (entries) => entries.filter((entry) => entry.position <= last),
    head: (head) => Math.min(head, last),
  });
  await say(a, room, 'held back');
  a.messages.setTyping(room, true); // a receipt would do, but may have gone before
  await until(() => alarm(b, room) !== undefined, 'what the other has seen names what is missing');
  expect(alarm(b, room)).toMatchObject({ kind: 'fork', rule: 'M2', account: a.id });
  expect(texts(b, room)).toEqual(['hello', 'hello back']);
  liar.cut();
  await until(() => b.state.connection.status !== 'online', 'she is cut off');
  await until(() => b.state.connection.status === 'online', 'she is back');
  await pause(300);
  // The same lie again does not lift the alarm.
  expect(alarm(b, room)).toMatchObject({ kind: 'fork', rule: 'M2' });
  await healsOnceTheLieEnds(side);
});

test('[attack 8] [D1] a server restored from an older backup is found out by everyone who has seen more', async () => {
  const side = await pair('Fay', 'Fred');
  const { liar, a, b, room } = side;
  await pause(500); // receipts settle, so that the backup differs by the messages alone
  const backup = await scene.copy();
  await say(a, room, 'after the backup');
  await until(() => texts(b, room).includes('after the backup'), 'it was seen');
  liar.redirect(backup.origin);
  liar.cut();
  await until(() => alarm(b, room) !== undefined, 'the rollback is found');
  expect(alarm(b, room)).toMatchObject({ kind: 'rollback', rule: 'D1' });
  expect(texts(b, room)).toContain('after the backup');
  await b.messages.send(room, { body: 'typed meanwhile' });
  await pause(300);
  expect(deliveryOf(b, room, 'typed meanwhile')).toBe('waiting');
  liar.redirect(scene.server.origin);
  liar.cut();
  await until(() => texts(a, room).includes('typed meanwhile'), 'what was typed goes out');
  expect(alarm(b, room)).toBeUndefined();
  expect(texts(b, room)).toEqual(texts(a, room));
});

test('[attack 9] [M2] a forked history is found at the next message that crosses, and the alarm stays', async () => {
  const liar = await scene.anotherLiar();
  const [gil, hal, ivy] = [
    await scene.person('Gil'),
    await scene.person('Hal'),
    await scene.person('Ivy', liar),
  ];
  const room = await gather(gil, [hal, ivy]);
  await pause(500);
  const fork = await scene.copy();
  const elsewhere = new Operator(scene.data.replace(/server$/, 'copy-2'));
  liar.redirect(fork.origin);
  liar.cut();
  await until(() => ivy.state.connection.status !== 'online', 'Ivy is cut off');
  await until(() => ivy.state.connection.status === 'online', 'Ivy is on the fork');
  await say(gil, room, 'on this side');
  await say(gil, room, 'here too');
  await say(ivy, room, 'on that side');
  await say(ivy, room, 'and more');
  expect(texts(ivy, room)).toEqual(['welcome', 'on that side', 'and more']);
  expect(texts(hal, room)).toEqual(['welcome', 'on this side', 'here too']);
  expect([alarm(hal, room), alarm(ivy, room)]).toEqual([undefined, undefined]);

  await say(gil, room, 'it crosses');
  const crossing = scene.operator.log(room).findLast((entry) => entry.kind === 'message');
  liar.say({ t: 'entries', room, entries: [crossing] });
  await until(() => alarm(ivy, room) !== undefined, 'Ivy finds the fork');
  expect(alarm(ivy, room)).toMatchObject({ kind: 'fork', rule: 'M2', account: gil.id });
  expect(texts(ivy, room)).toEqual(['welcome', 'on that side', 'and more']);

  await ivy.messages.send(room, { body: 'typed after' });
  liar.cut();
  await until(() => ivy.state.connection.status !== 'online', 'Ivy is cut off');
  await until(() => ivy.state.connection.status === 'online', 'Ivy is back on the fork');
  await pause(500);
  // The server shows her side alone again: a member has signed another history, so nothing goes out.
  expect(alarm(ivy, room)).toMatchObject({ kind: 'fork' });
  expect(deliveryOf(ivy, room, 'typed after')).toBe('waiting');

  const reverse = elsewhere.log(room).findLast((entry) => entry.kind === 'message');
  scene.liar.say({ t: 'entries', room, entries: [{ ...reverse, position: (crossing?.position ?? 0) + 1 }] });
  for (const engine of [gil, hal]) {
    await until(() => refusedRules(engine, room).includes('M2'), 'the others find the fork');
    expect(texts(engine, room)).toEqual(['welcome', 'on this side', 'here too', 'it crosses']);
    expect(alarm(engine, room)).toMatchObject({ kind: 'fork', account: ivy.id });
  }
  elsewhere.close();
});
