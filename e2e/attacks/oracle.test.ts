import type { Engine } from '@sotto/client';
import { randomId } from '@sotto/crypto';
import { type Ciphertext, type DeviceWrap, type MessageId, PATHS, toBase64Url } from '@sotto/protocol';
import { expect, test } from 'vitest';
import { bytesOf, flipped, forgedMessage, newestHeader } from './support/forge.ts';
import type { LyingServer } from './support/lying-server.ts';
import { oneScene } from './support/one-scene.ts';
import { registerPuppet } from './support/puppet.ts';
import { alarm, converse, noticed, pause, refusedRules, texts, until } from './support/story.ts';

const scene = await oneScene();
const { operator } = scene;

const random = (length: number) => toBase64Url(crypto.getRandomValues(new Uint8Array(length))) as Ciphertext;

/** One way each for the RSA half, the ML-KEM half, the sealed secret and the whole to be wrong. */
const BENT: readonly ((body: Ciphertext) => Ciphertext)[] = [
  (body) => flipped(body, 1_200),
  (body) => flipped(body, 500),
  (body) => flipped(body, -1),
  (body) => toBase64Url(bytesOf(body).slice(0, -1)) as Ciphertext,
  () => random(1_520),
];

/** What a device asks of the server after the next epoch, when `bend` is done to every wrap for it. */
async function askedAfter(name: string, bend: (wrap: DeviceWrap) => readonly DeviceWrap[]) {
  const liar = await scene.anotherLiar();
  const [a, b] = [await scene.person(`${name} A`), await scene.person(`${name} B`, liar)];
  const room = await converse(a, b);
  await pause(500);
  const asked: string[] = [];
  let lying = true;
  liar.frame = (frame) =>
    lying && frame.t === 'wrap'
      ? bend(frame.wrap as DeviceWrap).map((wrap) => ({ ...frame, wrap }))
      : undefined;
  liar.answer = ({ method, path, json }) => {
    asked.push(`${method} ${path.replace(room, 'ROOM').replace(/\?.*/, '')}`);
    if (!lying || path !== PATHS.wraps) return undefined;
    return { wraps: (json as { wraps: DeviceWrap[] }).wraps.flatMap(bend) };
  };
  await a.rooms.rekey(room);
  await a.messages.send(room, { body: 'under new keys' });
  await until(
    () => asked.some((request) => request.endsWith('/requests')),
    'the secret is asked for',
    20_000,
  );
  await pause(800);
  const log = [...asked];
  const before = noticed(b);
  lying = false;
  return { liar, a, b, room, asked: log, told: before };
}

async function readsOnceTheLieEnds(story: {
  liar: LyingServer;
  b: Engine;
  room: Parameters<typeof texts>[1];
}) {
  story.liar.behave();
  story.liar.cut();
  await until(() => texts(story.b, story.room).includes('under new keys'), 'the true wrap opens', 20_000);
}

test('[attack 20] [R2] wraps that do not open fail in one way, and to the server look like none that came', async () => {
  const silent = await askedAfter('Silent', () => []);
  expect(silent.told).toEqual([]);
  const asked = silent.asked.filter((request) => request.endsWith('/requests'));
  expect(asked).toEqual(['POST /api/rooms/ROOM/requests']);
  const told = new Set<string>();
  for (const [index, bend] of BENT.entries()) {
    const story = await askedAfter(`Bent ${index}`, (wrap) =>
      // Again and again, as an oracle would be asked.
      Array.from({ length: 4 }, () => ({ ...wrap, body: bend(wrap.body) })),
    );
    // The very requests of a device that got no wrap at all: nothing says that one was tried.
    expect(story.asked.filter((request) => !request.includes('receipts'))).toEqual(
      silent.asked.filter((request) => !request.includes('receipts')),
    );
    expect(story.told).toHaveLength(1);
    for (const detail of story.told) told.add(detail);
    expect(story.b.timeline(story.room).state.items.at(-1)).toMatchObject({
      type: 'unreadable',
      reason: 'requested',
    });
    await readsOnceTheLieEnds(story);
  }
  // One sentence for every cause: which half failed is nobody's business.
  expect([...told]).toEqual(['R2: [R2] the key for this epoch does not open']);
  await readsOnceTheLieEnds(silent);
});

test('[attack 20] [M1] ciphertexts that do not open fail in one way and cause no answer', async () => {
  const liar = await scene.anotherLiar();
  const [ann, ben] = [await scene.person('Ann', liar), await scene.person('Ben', liar)];
  const puppet = await registerPuppet(scene.server.origin, 'Oracle');
  await until(() => ann.state.people.has(puppet.account), 'she sees it');
  const room = await ann.rooms.createGroup({ name: 'Oracle', members: [ben.id, puppet.account] });
  await ann.messages.send(room, { body: 'welcome' });
  await until(() => texts(ben, room).includes('welcome'), 'Ben reads');
  await pause(800); // receipts and wraps settle
  const { header } = newestHeader(operator.log(room));
  const { seen } = header;
  const requests: string[] = [];
  liar.answer = ({ method, path }) => {
    requests.push(`${method} ${path}`);
    return undefined;
  };
  const ciphertexts = [17, 48, 272, 4_096].map((length) => crypto.getRandomValues(new Uint8Array(length)));
  for (const [index, ciphertext] of ciphertexts.entries()) {
    const counter = index + 1;
    const id = randomId<MessageId>();
    const forged = await forgedMessage(puppet, { room, epoch: 1, id, counter, seen, ciphertext });
    liar.say({ t: 'entries', room, entries: [operator.append(room, forged)] });
  }
  for (const engine of [ann, ben]) {
    await until(() => refusedRules(engine, room).length === ciphertexts.length, 'all are refused');
    expect(new Set(refusedRules(engine, room))).toEqual(new Set(['M1']));
    expect(noticed(engine)).toEqual(['M1: [M1] the ciphertext does not open']);
    expect(alarm(engine, room)).toBeUndefined();
  }
  expect(requests).toEqual([]);
  await ben.messages.send(room, { body: 'on we go' });
  await until(() => texts(ann, room).includes('on we go'), 'the conversation goes on');
});
