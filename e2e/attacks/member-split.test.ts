import { asEpochSecret, randomBytes, randomId, wrapSecret } from '@sotto/crypto';
import { type MessageId, PATHS } from '@sotto/protocol';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { systemClock } from '../../packages/client/src/system-clock.ts';
import { gatherHostile, type Stage, setStage, stillTalk, viewOf } from './support/stage.ts';
import { refusedRules, texts, until } from './support/story.ts';

let stage: Stage;
beforeEach(async () => {
  stage = await setStage();
});
afterEach(() => stage.end());

const other = asEpochSecret(randomBytes(32));

/**
 * Who has this clock gives up on help (after 6 s, and their turn) five times as late: on a busy machine, too, it is help
 * that heals and not the next epoch.
 */
const patient = (clock = systemClock()) => ({
  ...clock,
  after: (delay: number, run: () => void) =>
    clock.after(delay >= 6_000 && delay < 8_000 ? delay * 5 : delay, run),
});

test('[attack 26, R2] a wrap with another secret for one member: refused by the commitment, told, and healed by the others', async () => {
  const { alice, bob, mallory, room } = await gatherHostile(stage, patient());
  const forged = await mallory.forge(
    room,
    () => ({}),
    (to, secret) => (to.key.account === bob.id ? other : secret),
  );
  expect((await mallory.call('POST', PATHS.epochs(room), forged.body)).status).toBe(201);
  await stillTalk({ alice, bob, room }, 'one secret');
  expect(viewOf(bob, room)).toEqual(viewOf(alice, room));
  expect(bob.state.rooms.get(room)?.epoch).toBe(2); // healed within the same epoch
  expect(bob.state.notices.some((n) => n.room === room && n.detail.startsWith('R2'))).toBe(true);
  expect(alice.state.notices).toEqual([]);
});

test('[attack 27, R6] a header whose wrap for one member is missing: the others give that member the key', async () => {
  const { alice, bob, mallory, room } = await gatherHostile(stage);
  const forged = await mallory.forge(
    room,
    () => ({}),
    (to, secret) => (to.key.account === bob.id ? null : secret),
  );
  expect((await mallory.call('POST', PATHS.epochs(room), forged.body)).status).toBe(201);
  await alice.messages.send(room, { body: 'sent while Bob had no key' });
  await until(() => texts(bob, room).includes('sent while Bob had no key'), 'Bob gets the key', 20_000);
  await stillTalk({ alice, bob, room }, 'all in');
  expect(viewOf(bob, room)).toEqual(viewOf(alice, room));
});

test('[attack 27, R6] a header whose secret nobody gets: the members make a new epoch and go on', async () => {
  const { alice, bob, mallory, room } = await gatherHostile(stage);
  const forged = await mallory.forge(
    room,
    () => ({ commitment: randomBytes(32) }),
    () => null,
  );
  expect((await mallory.call('POST', PATHS.epochs(room), forged.body)).status).toBe(201);
  await stillTalk({ alice, bob, room }, 'past the broken epoch');
  expect(alice.state.rooms.get(room)?.epoch).toBeGreaterThan(2);
  await until(() => viewOf(bob, room).epoch === viewOf(alice, room).epoch, 'one epoch for all');
  expect(viewOf(bob, room)).toEqual(viewOf(alice, room));
});

test('[attack 27, R6] whoever answers every request with rubbish does not keep a member out', async () => {
  const { alice, bob, mallory, room } = await gatherHostile(stage, patient());
  const socket = await mallory.connect();
  const keys = (await mallory.keysOf([bob.id])).get(bob.id)?.keys ?? [];
  let answered = 0;
  const spoil = setInterval(() => {
    for (const frame of socket.frames.splice(0)) {
      if (frame.t !== 'requests' || frame.account !== bob.id) continue;
      answered += 1;
      void (async () => {
        const { account, device, headers } = frame;
        const recipient = keys.find(({ key }) => key.device === device);
        if (!recipient) throw new Error('Bob has no key');
        const { key, body } = await wrapSecret(other, randomBytes(32), recipient);
        const wraps = headers.map((header) => ({ header, body }));
        await mallory.call('POST', PATHS.roomWraps(room), { account, device, key, wraps });
      })();
    }
  }, 5);
  expect((await mallory.call('POST', PATHS.accept(room))).json).toEqual({});
  try {
    // Of the two who can help another one is asked first each time.
    for (let round = 1; answered === 0 && round <= 6; round++) {
      const forged = await mallory.forge(
        room,
        () => ({}),
        (to, secret) => (to.key.account === bob.id ? other : secret),
      );
      expect((await mallory.call('POST', PATHS.epochs(room), forged.body)).status).toBe(201);
      await stillTalk({ alice, bob, room }, `despite rubbish, ${round}`);
      expect(bob.state.rooms.get(room)?.epoch).toBe(forged.header.header.epoch); // healed within the epoch
    }
  } finally {
    clearInterval(spoil);
    socket.close();
  }
  expect(answered).toBeGreaterThan(0);
  expect(answered, 'a bad answer is not asked for again and again').toBeLessThan(10);
  expect(bob.state.notices.some((n) => n.detail.startsWith('R2'))).toBe(true);
});

test('[attack 27] headers that break a rule: the server takes none, and all clients refuse alike what it lets pass', async () => {
  const { alice, bob, mallory, room } = await gatherHostile(stage);
  await bob.messages.send(room, { body: 'so that there is something to have seen' });
  await until(() => alice.timeline(room).state.items.length > 2, 'Alice reads');
  const genesis = (await mallory.read(room)).header.header.seen;
  const forgeries = [
    // It claims to have seen nothing, not even the header it extends.
    await mallory.forge(room, () => ({ seen: genesis })),
    await mallory.forge(room, (h) => ({ seen: { position: h.seen.position, chain: randomBytes(32) } })),
    await mallory.forge(room, (h) => ({ seen: { position: h.seen.position + 40, chain: h.seen.chain } })),
    await mallory.forge(room, () => ({ epoch: 7 })),
    await mallory.forge(room, () => ({ previous: randomBytes(32) })),
    await mallory.forge(room, (h) => ({
      members: h.members.map((m) => (m.account === bob.id ? { ...m, listHash: randomBytes(32) } : m)),
    })),
    await mallory.forge(room, (h) => ({
      members: h.members.map((m) => (m.account === bob.id ? { ...m, identity: randomBytes(32) } : m)),
    })),
  ];
  for (const [index, { body }] of forgeries.entries()) {
    const { status } = await mallory.call('POST', PATHS.epochs(room), body);
    expect(status, `forgery ${index}`).toBeGreaterThanOrEqual(400);
  }
  const { account, device } = mallory;
  // Those that contradict the log itself raise the alarm of a lying server; see the tests of those.
  for (const index of [0, 3, 4]) {
    const body = forgeries[index]?.header.signed ?? randomBytes(8);
    await stage.inject(room, { kind: 'epoch', account, device, id: randomId<MessageId>(), body });
  }
  await stage.inject(room, {
    kind: 'epoch',
    account,
    device,
    id: randomId<MessageId>(),
    body: randomBytes(300),
  });
  await stillTalk({ alice, bob, room }, 'one choice');
  expect(viewOf(alice, room).epoch).toBe(1);
  expect(viewOf(bob, room)).toEqual(viewOf(alice, room));
  expect(refusedRules(alice, room)).toHaveLength(4);
  expect(refusedRules(bob, room)).toEqual(refusedRules(alice, room));
});

test('[attack 27, M2] a message that claims to have seen another log is refused before it can stop the room', async () => {
  const { alice, bob, mallory, room } = await gatherHostile(stage);
  const socket = await mallory.connect();
  const { seen } = await mallory.read(room);
  for (const lie of [
    { position: seen.position, chain: randomBytes(32) },
    { position: seen.position + 1_000, chain: seen.chain },
  ]) {
    const frame = await mallory.seal(room, { kind: 'text', body: 'another history' }, { seen: lie });
    expect(await socket.say(frame)).toMatchObject({ t: 'refused', code: 'malformed' });
    const receipt = await mallory.seal(
      room,
      { kind: 'receipt', delivered: 1, read: 1 },
      { kind: 'receipt', seen: lie },
    );
    const { id: _, ...body } = receipt;
    socket.send({ ...body, t: 'receipt' });
    expect(await socket.take('refused', (f) => f.re === 'receipt')).toMatchObject({ code: 'malformed' });
  }
  await stillTalk({ alice, bob, room }, 'one history');
  for (const person of [alice, bob]) {
    expect(person.state.rooms.get(room)?.security.state).toBe('unverified');
    expect(person.state.notices).toEqual([]);
  }
  socket.close();
});

test('[attack 28, R4] of concurrent headers exactly one wins; who loses rebases and nothing of it is lost', async () => {
  const { alice, bob, mallory, room } = await gatherHostile(stage);
  const rivals = await Promise.all([mallory.forge(room), mallory.forge(room), mallory.forge(room)]);
  const renamed = alice.rooms.rename(room, { name: 'Renamed' });
  const said = bob.messages.send(room, { body: 'said in between' });
  const answers = await Promise.all(rivals.map(({ body }) => mallory.call('POST', PATHS.epochs(room), body)));
  const taken = answers.filter((answer) => answer.status === 201);
  expect(taken.length).toBeLessThanOrEqual(1);
  for (const answer of answers) if (answer.status !== 201) expect(answer.json.code).toBe('epoch_conflict');
  await Promise.all([renamed, said]);
  await until(() => bob.state.rooms.get(room)?.title === 'Renamed', 'the name came through');
  await until(() => texts(alice, room).includes('said in between'), 'the message came through');
  await stillTalk({ alice, bob, room }, 'after the race');
  expect(viewOf(alice, room).epoch).toBe(2 + taken.length);
  expect(viewOf(bob, room)).toEqual(viewOf(alice, room));
});
