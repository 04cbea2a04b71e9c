import { randomId } from '@sotto/crypto';
import { type LogEntry, type MessageId, PATHS } from '@sotto/protocol';
import { afterEach, expect, test } from 'vitest';
import { bytesOf, claimedBy } from './support/forge.ts';
import { oneScene } from './support/one-scene.ts';
import type { Operator } from './support/operator.ts';
import { alarm, converse, deliveryOf, gather, noticed, refusedRules, texts, until } from './support/story.ts';

const scene = await oneScene();
const { operator } = scene;

afterEach(() => scene.liar.behave());

const withBytes = (entry: LogEntry) => ({ ...entry, body: bytesOf(entry.body) });
const lastOf = (room: Parameters<Operator['log']>[0]) => {
  const entry = operator.log(room).findLast((each) => each.kind === 'message');
  if (!entry) throw new Error('no message in this room');
  return entry;
};

test('[attack 5] [M2] a message that the log holds twice counts once, and the second is shown as refused', async () => {
  const [alice, bob] = [await scene.person('Alice'), await scene.person('Bob')];
  const room = await converse(alice, bob);
  const replayed = operator.append(room, withBytes(lastOf(room)));
  scene.liar.say({ t: 'entries', room, entries: [replayed] });
  for (const engine of [alice, bob]) {
    await until(() => refusedRules(engine, room).length === 1, 'the replay is refused');
    expect(refusedRules(engine, room)).toEqual(['M2']);
    expect(texts(engine, room)).toEqual(['hello', 'hello back']);
    expect(noticed(engine).join()).toContain('counter does not grow');
    expect(alarm(engine, room)).toBeUndefined();
  }
  await alice.messages.send(room, { body: 'on we go' });
  await until(() => texts(bob, room).includes('on we go'), 'the conversation goes on');
});

test('[attack 5] [M2] a message of one room is refused in another', async () => {
  const [ann, ben, cat] = [await scene.person('Ann'), await scene.person('Ben'), await scene.person('Cat')];
  const direct = await converse(ann, ben);
  const group = await gather(ann, [ben, cat]);
  const carried = operator.append(group, withBytes(lastOf(direct)));
  scene.liar.say({ t: 'entries', room: group, entries: [carried] });
  for (const engine of [ann, ben, cat]) {
    await until(() => refusedRules(engine, group).length === 1, 'it is refused');
    expect(refusedRules(engine, group)).toEqual(['M2']);
    expect(texts(engine, group)).toEqual(['welcome']);
    expect(noticed(engine).join()).toContain('another room');
  }
  await cat.messages.send(group, { body: 'still here' });
  await until(() => texts(ben, group).includes('still here'), 'the conversation goes on');
});

test('[attack 5] [R5] a message of an epoch before is refused in a later one', async () => {
  const [dot, eve] = [await scene.person('Dot'), await scene.person('Eve')];
  const room = await converse(dot, eve);
  const old = withBytes(lastOf(room));
  await dot.rooms.rekey(room);
  await until(() => eve.state.rooms.get(room)?.epoch === 2, 'the new epoch is everywhere');
  const replayed = operator.append(room, old);
  scene.liar.say({ t: 'entries', room, entries: [replayed] });
  for (const engine of [dot, eve]) {
    await until(() => refusedRules(engine, room).length === 1, 'it is refused');
    expect(refusedRules(engine, room)).toEqual(['R5']);
    expect(texts(engine, room)).toEqual(['hello', 'hello back']);
  }
  await eve.messages.send(room, { body: 'still here' });
  await until(() => texts(dot, room).includes('still here'), 'the conversation goes on');
});

test('[attack 5] [M2] a replay shown to one member only is refused, found out, and heals when the lie ends', async () => {
  const liar = await scene.anotherLiar();
  const [fay, gus] = [await scene.person('Fay'), await scene.person('Gus', liar)];
  const room = await converse(fay, gus);
  const real = lastOf(room);
  liar.say({ t: 'entries', room, entries: [{ ...real, position: real.position + 1 }] });
  await until(() => refusedRules(gus, room).includes('M2'), 'it is refused');
  expect(texts(gus, room)).toEqual(['hello', 'hello back']);
  await fay.messages.send(room, { body: 'what came next' });
  await until(() => texts(gus, room).includes('what came next'), 'the log is read again and the room heals');
  await gus.messages.send(room, { body: 'from Gus' });
  await until(() => texts(fay, room).includes('from Gus'), 'he talks on');
  expect(alarm(gus, room)).toBeUndefined();
  expect(texts(gus, room)).toEqual(texts(fay, room));
});

test('[attack 6] [M2] two messages in another order stop the room until the log is right again', async () => {
  const liar = await scene.anotherLiar();
  const [hal, ivy] = [await scene.person('Hal'), await scene.person('Ivy', liar)];
  const room = await converse(hal, ivy);
  let first: LogEntry | undefined;
  liar.frame = (frame) => {
    if (frame.t !== 'entries') return undefined;
    const [entry] = frame.entries as LogEntry[];
    if (!entry || entry.account !== hal.id) return undefined;
    if (!first) {
      first = entry;
      return [];
    }
    const swapped = [
      { ...entry, position: first.position },
      { ...first, position: entry.position },
    ];
    return [{ ...frame, entries: swapped }];
  };
  await hal.messages.send(room, { body: 'one' });
  await until(() => deliveryOf(hal, room, 'one') === 'sent', 'the first is in the log');
  await hal.messages.send(room, { body: 'two' });
  await until(() => alarm(ivy, room) !== undefined, 'the order is found out');
  expect(alarm(ivy, room)).toMatchObject({ kind: 'fork', rule: 'M2' });
  expect(refusedRules(ivy, room)).toContain('M2');
  expect(texts(ivy, room)).toEqual(['hello', 'hello back']);
  await ivy.messages.send(room, { body: 'typed meanwhile' });
  expect(deliveryOf(ivy, room, 'typed meanwhile')).toBe('waiting');
  liar.behave();
  liar.cut();
  await until(() => texts(hal, room).includes('typed meanwhile'), 'it goes out once the lie ends');
  expect(texts(ivy, room)).toEqual(['hello', 'hello back', 'one', 'two', 'typed meanwhile']);
  expect(alarm(ivy, room)).toBeUndefined();
});

test('[attack 6] [M2] messages written in one go cannot change places either', async () => {
  const liar = await scene.anotherLiar();
  const [jan, kim] = [await scene.person('Jan'), await scene.person('Kim', liar)];
  const room = await converse(jan, kim);
  const held: LogEntry[] = [];
  const isReceipts = (frame: { t?: unknown }) => frame.t === 'receipts';
  const emptied = ({ method, path }: { method: string; path: string }) =>
    method === 'GET' && path === PATHS.receipts(room) ? { receipts: [] } : undefined;
  liar.answer = emptied; // what Jan has seen would tell as well (M2): nobody helps here
  liar.frame = (frame) => {
    if (isReceipts(frame)) return [];
    if (frame.t !== 'entries') return undefined;
    const entries = frame.entries as LogEntry[];
    if (entries[0]?.account !== jan.id) return undefined;
    held.push(...entries);
    const [first, second] = held;
    if (!first || !second) return [];
    const swapped = [
      { ...second, position: first.position },
      { ...first, position: second.position },
    ];
    return [{ ...frame, entries: swapped }];
  };
  // Held back until both are in the outbox: they are sealed together, on the same view of the log.
  await Promise.all([jan.messages.send(room, { body: 'one' }), jan.messages.send(room, { body: 'two' })]);
  await until(() => refusedRules(kim, room).includes('M2'), 'the order is found out');
  expect(texts(kim, room).filter((text) => text === 'one')).toEqual([]);
  liar.frame = (frame) => (isReceipts(frame) ? [] : undefined);
  liar.cut();
  await until(
    () => texts(kim, room).includes('one'),
    'the log’s chain hash gives it away, and the room heals',
  );
  expect(texts(kim, room)).toEqual(texts(jan, room));
  expect(alarm(kim, room)).toBeUndefined();
});

test('[attack 15] [M3] what the server says of the sender counts nothing: the signature decides', async () => {
  const [lea, moe, nia] = [await scene.person('Lea'), await scene.person('Moe'), await scene.person('Nia')];
  const room = await gather(lea, [moe, nia]);
  await moe.messages.send(room, { body: 'from Moe' });
  await until(() => texts(nia, room).includes('from Moe'), 'it is in the log');
  const entry = withBytes(lastOf(room));
  const author = { account: nia.id, device: nia.state.self.device };
  const forged = operator.append(room, claimedBy(entry, author));
  scene.liar.say({ t: 'entries', room, entries: [forged] });
  for (const engine of [lea, moe, nia]) {
    await until(() => refusedRules(engine, room).length === 1, 'it is refused');
    expect(refusedRules(engine, room)).toEqual(['M3']);
    expect(texts(engine, room)).toEqual(['welcome', 'from Moe']);
    expect(noticed(engine).join()).toContain('signature does not match');
  }
});

test('[attack 15] [M3] a sender swapped on the way to one member is refused, and heals when the lie ends', async () => {
  const liar = await scene.anotherLiar();
  const [ola, pia, quin] = [
    await scene.person('Ola'),
    await scene.person('Pia'),
    await scene.person('Quin', liar),
  ];
  const room = await gather(ola, [pia, quin]);
  const author = { account: pia.id, device: pia.state.self.device };
  liar.frame = (frame) =>
    frame.t === 'entries'
      ? [{ ...frame, entries: (frame.entries as LogEntry[]).map((entry) => claimedBy(entry, author)) }]
      : undefined;
  await ola.messages.send(room, { body: 'from Ola' });
  await until(() => refusedRules(quin, room).includes('M3'), 'it is refused');
  expect(texts(quin, room)).toEqual(['welcome']);
  liar.behave();
  liar.cut();
  await until(() => texts(quin, room).includes('from Ola'), 'the true log is read');
  const item = quin
    .timeline(room)
    .state.items.find((line) => line.type === 'message' && line.body === 'from Ola');
  expect(item).toMatchObject({ account: ola.id });
  expect(alarm(quin, room)).toBeUndefined();
});

test('[D1] [attack 5] what was read already is passed over; another in its place is held against the log', async () => {
  const liar = await scene.anotherLiar();
  const [xena, yuri] = [await scene.person('Xena'), await scene.person('Yuri', liar)];
  const heard: LogEntry[] = [];
  liar.frame = (frame) => {
    if (frame.t === 'entries') heard.push(...(frame.entries as LogEntry[]));
    return undefined;
  };
  const room = await converse(xena, yuri);
  let asked = 0;
  liar.answer = ({ path }) => {
    if (path.includes(`/${room}/log?`)) asked += 1;
    return undefined;
  };
  const [known] = heard.filter(({ kind }) => kind === 'message');
  if (!known) throw new Error('Yuri heard nothing');
  const before = yuri.timeline(room).state.items;
  const tells = async (entries: readonly LogEntry[], body: string) => {
    liar.say({ t: 'entries', room, entries });
    await xena.messages.send(room, { body }); // comes behind it
    await until(() => texts(yuri, room).includes(body), `${body} arrives`);
  };
  await tells(
    [known, ...heard.filter(({ position }) => position === known.position)],
    'after the same again',
  );
  expect(asked).toBe(0);
  await tells([{ ...known, id: randomId<MessageId>() }], 'after another in its place');
  expect(asked).toBeGreaterThan(0);
  expect(alarm(yuri, room)).toBeUndefined();
  expect(refusedRules(yuri, room)).toEqual([]);
  expect(texts(yuri, room)).toEqual(texts(xena, room));
  expect(
    yuri
      .timeline(room)
      .state.items.slice(0, before.length)
      .map(({ key }) => key),
  ).toEqual(before.map(({ key }) => key));
});
