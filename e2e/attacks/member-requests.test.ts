import type { Engine } from '@sotto/client';
import { sha256 } from '@sotto/crypto';
import { type HeaderHash, headerHash, LIMITS, PATHS, type RoomId } from '@sotto/protocol';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { bytesOf } from './support/forge.ts';
import type { LyingServer } from './support/lying-server.ts';
import { RawMember } from './support/member.ts';
import { gatherHostile, type Stage, setStage, stillTalk, viewOf } from './support/stage.ts';
import { gather, pause, type Scene, setScene, texts, until } from './support/story.ts';

let scene: Scene;
let stage: Stage;
beforeEach(async () => {
  scene = await setScene();
  stage = await setStage();
});
afterEach(async () => {
  await scene.end();
  await stage.end();
});

interface Work {
  answers: number;
  wraps: number;
  lookUps: number;
}

/** What the person behind this proxy does for others from now on. */
function workBehind(liar: LyingServer): Work {
  const work = { answers: 0, wraps: 0, lookUps: 0 };
  liar.asked = ({ method, path, json }) => {
    if (path === PATHS.keys) work.lookUps += 1;
    if (method !== 'POST' || !path.endsWith('/wraps')) return undefined;
    work.answers += 1;
    work.wraps += (json as { wraps: unknown[] }).wraps.length;
    return undefined;
  };
  return work;
}

const total = (works: readonly Work[]): Work => ({
  answers: works.reduce((sum, { answers }) => sum + answers, 0),
  wraps: works.reduce((sum, { wraps }) => sum + wraps, 0),
  lookUps: works.reduce((sum, { lookUps }) => sum + lookUps, 0),
});

async function headersOf(mallory: RawMember, room: RoomId): Promise<HeaderHash[]> {
  const { json } = await mallory.call('GET', `${PATHS.headers(room)}?after=0`);
  const names: HeaderHash[] = [];
  for (const { header } of json.headers) names.push(headerHash(await sha256(bytesOf(header))));
  return names;
}

/** A room of three people, each behind a proxy of their own, and Mallory, with as many epochs as one may ask for at a time. */
async function longRoom() {
  const people: Engine[] = [];
  const liars: LyingServer[] = [];
  for (const name of ['Alice', 'Bob', 'Carol']) {
    const liar = await scene.anotherLiar();
    liars.push(liar);
    people.push(await scene.person(name, liar));
  }
  const mallory = await RawMember.register(scene.server.origin, 'Mallory');
  const [alice, ...others] = people as [Engine, Engine, Engine];
  await until(() => alice.state.people.has(mallory.account), 'Alice sees Mallory');
  const room = await gather(alice, others);
  await alice.rooms.addMembers(room, [mallory.account]);
  for (let epoch = 3; epoch <= LIMITS.requests + 1; epoch++) await alice.rooms.rekey(room);
  const epochOf = (engine: Engine) => engine.state.rooms.get(room)?.epoch;
  for (const person of people)
    await until(() => epochOf(person) === LIMITS.requests + 1, 'all are there', 60_000);
  const headers = (await headersOf(mallory, room)).slice(-LIMITS.requests);
  return { alice, others, liars, mallory, room, headers };
}

test('[attack 50] [R6] 200 secrets asked for cost the room what one does; asked for without end, each member does so much and no more', {
  timeout: 240_000,
}, async () => {
  const { alice, others, liars, mallory, room, headers } = await longRoom();
  expect(headers).toHaveLength(200);
  const works = liars.map(workBehind);
  const socket = await mallory.connect();
  const ask = async (names: readonly HeaderHash[]) =>
    (await mallory.call('POST', PATHS.requests(room), { headers: names })).json.code;
  const wraps = () => socket.frames.filter(({ t }) => t === 'wrap').length;

  expect(await ask(headers.slice(-1))).toBeUndefined();
  await until(() => wraps() === 1, 'one is answered');
  await pause(3_500); // the others would have had their turns
  expect(total(works)).toEqual({ answers: 1, wraps: 1, lookUps: 1 });

  expect(await ask(headers)).toBeUndefined();
  await until(() => wraps() === 201, 'all are answered', 60_000);
  await pause(3_500);
  expect(total(works)).toEqual({ answers: 2, wraps: 201, lookUps: 2 });

  for (let round = 1; round <= 8; round++) {
    const before = wraps();
    expect(await ask(headers)).toBeUndefined();
    // Until it is answered, or nobody does it any more.
    for (let waited = 0; waited < 2_000 && wraps() < before + 200; waited += 20) await pause(20);
  }
  for (const work of works) expect(work.wraps).toBeLessThanOrEqual(420);
  expect(total(works).answers).toBeLessThanOrEqual(20);
  await alice.messages.send(room, { body: 'undisturbed' });
  for (const other of others) await until(() => texts(other, room).includes('undisturbed'), 'they talk');

  // A server that plays along, and hands out what it likes.
  const [first] = liars;
  const before = total(works).wraps;
  const { account, device } = mallory;
  for (let round = 1; round <= 60; round++) first?.say({ t: 'requests', room, account, device, headers });
  await pause(2_000);
  expect(total(works).wraps - before).toBeLessThanOrEqual(20);
  socket.close();
});

test('[attack 50] [R6] who is asked for a secret and stays silent keeps nobody waiting', async () => {
  const { alice, bob, mallory, room } = await gatherHostile(stage);
  expect((await mallory.call('POST', PATHS.accept(room))).json).toEqual({});
  const socket = await mallory.connect();
  const askedOf = () => socket.frames.some((frame) => frame.t === 'requests');
  // Of the two who can help another one is asked first each time.
  for (let round = 1; !askedOf() && round <= 6; round++) {
    const forged = await mallory.forge(
      room,
      () => ({}),
      (to, secret) => (to.key.account === bob.id ? null : secret),
    );
    expect((await mallory.call('POST', PATHS.epochs(room), forged.body)).status).toBe(201);
    await alice.messages.send(room, { body: `unread, ${round}` });
    await until(() => texts(bob, room).includes(`unread, ${round}`), 'Bob gets the key', 6_000);
    expect(viewOf(bob, room).epoch).toBe(forged.header.header.epoch); // and no new epoch was needed
  }
  expect(askedOf()).toBe(true);
  await stillTalk({ alice, bob, room }, 'in spite of silence');
  socket.close();
});
