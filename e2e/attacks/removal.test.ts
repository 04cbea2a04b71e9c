import type { Engine } from '@sotto/client';
import { extendDeviceList, randomId } from '@sotto/crypto';
import { type DeviceId, PATHS, type RoomId, toBase64Url } from '@sotto/protocol';
import { afterEach, expect, test } from 'vitest';
import { bytesOf } from './support/forge.ts';
import { oneScene } from './support/one-scene.ts';
import { registerPuppet } from './support/puppet.ts';
import { alarm, deliveryOf, gather, noticed, pause, refusedRules, texts, until } from './support/story.ts';

const scene = await oneScene();
const { operator } = scene;

afterEach(() => scene.liar.behave());

/** A group of three, of whom the first is lied to. */
async function trio(...names: [string, string, string]) {
  const liar = await scene.anotherLiar();
  const a = await scene.person(names[0], liar);
  const [b, c] = [await scene.person(names[1]), await scene.person(names[2])];
  const room = await gather(a, [b, c]);
  await until(() => texts(a, room).includes('welcome'), 'she reads it herself');
  await pause(500); // receipts settle
  /** What goes out under the epoch before, while the removal is not confirmed. */
  const sent: string[] = [];
  liar.heard = (frame) => {
    if (frame.t === 'send' || frame.t === 'signal' || frame.t === 'receipt')
      sent.push(`${frame.t} ${frame.epoch}`);
    return true;
  };
  return { liar, a, b, c, room, sent };
}

const isCommit = ({ method, path }: { method: string; path: string }) =>
  method === 'POST' && path.endsWith('/epochs');

const members = (engine: Engine, room: RoomId) => engine.state.rooms.get(room)?.members.length;

test('[attack 11] [R4, R5] a removal confirmed but not carried out is found out; nothing goes out under the old keys', async () => {
  const { liar, a, b, c, room, sent } = await trio('Ann', 'Ben', 'Cat');
  const head = operator.log(room).length;
  liar.instead = (request) =>
    isCommit(request) ? { status: 201, json: { position: head + 1, time: Date.now() } } : undefined;
  await expect(a.rooms.removeMember(room, c.id)).rejects.toMatchObject({ code: 'verification' });
  expect(alarm(a, room)).toMatchObject({ kind: 'rollback', rule: 'R4' });
  expect(refusedRules(a, room)).toContain('R4');
  expect(a.state.rooms.get(room)?.security).toMatchObject({ state: 'attention', blocksSending: true });
  expect(members(a, room)).toBe(3); // not shown as done
  await a.messages.send(room, { body: 'not for Cat' });
  a.messages.setTyping(room, true);
  await pause(500);
  expect(deliveryOf(a, room, 'not for Cat')).toBe('waiting');
  expect(sent).toEqual([]);

  // Connecting again to the same liar changes nothing.
  liar.cut();
  await until(() => a.state.connection.status !== 'online', 'she is cut off');
  await until(() => a.state.connection.status === 'online', 'she is back');
  await pause(500);
  expect(sent).toEqual([]);
  expect(alarm(a, room)).toMatchObject({ kind: 'rollback', rule: 'R4' });

  liar.instead = undefined;
  liar.cut();
  await until(() => texts(b, room).includes('not for Cat'), 'the lie ends, and the removal is made good');
  expect(members(a, room)).toBe(2);
  expect(alarm(a, room)).toBeUndefined();
  await until(() => c.state.rooms.get(room)?.standing === 'removed', 'Cat is out');
  expect(texts(c, room)).toEqual(['welcome']);
  expect(sent.filter((frame) => frame.endsWith(' 1'))).toEqual([]);
});

test('[attack 11] [R5] a removal that never gets through counts all the same, and is made good', async () => {
  const { liar, a, b, c, room, sent } = await trio('Dan', 'Eva', 'Fay');
  liar.instead = (request) =>
    isCommit(request)
      ? { status: 503, json: { code: 'busy', message: 'The server is busy. Try again shortly.' } }
      : undefined;
  await expect(a.rooms.removeMember(room, c.id)).rejects.toMatchObject({
    code: 'busy',
    reason: 'removal_unconfirmed',
  });
  await a.messages.send(room, { body: 'not for Fay' });
  await pause(500);
  expect(deliveryOf(a, room, 'not for Fay')).toBe('waiting');
  expect(sent).toEqual([]);
  liar.instead = undefined;
  liar.cut();
  await until(() => texts(b, room).includes('not for Fay'), 'the removal is made good');
  await until(() => c.state.rooms.get(room)?.standing === 'removed', 'Fay is out');
  expect(texts(c, room)).toEqual(['welcome']);
});

test('[attack 11] [R5] a removal that the rules refuse holds nothing back', async () => {
  const { a, b, c, room } = await trio('Gil', 'Hal', 'Ivy');
  await expect(b.rooms.removeMember(room, a.id)).rejects.toThrow();
  await b.messages.send(room, { body: 'as before' });
  await until(
    () => texts(a, room).includes('as before') && texts(c, room).includes('as before'),
    'it goes out',
  );
});

test('[attack 10] [R1] an old membership header shown again is refused, and the room stays in its epoch', async () => {
  const { liar } = scene;
  const [jan, kim, lea] = [await scene.person('Jan'), await scene.person('Kim'), await scene.person('Lea')];
  const room = await gather(jan, [kim, lea]);
  const first = operator.log(room).find((entry) => entry.kind === 'epoch');
  await jan.rooms.removeMember(room, lea.id);
  await until(() => kim.state.rooms.get(room)?.epoch === 2, 'Lea is out');
  if (!first) throw new Error('no header');
  const replayed = operator.append(room, { ...first, body: bytesOf(first.body) });
  liar.say({ t: 'entries', room, entries: [replayed] });
  for (const engine of [jan, kim]) {
    await until(() => refusedRules(engine, room).length > 0, 'it is refused');
    expect(refusedRules(engine, room)).toEqual(['R1']);
    expect(noticed(engine).join()).toContain('epoch 3 is next, not 1');
    expect(engine.state.rooms.get(room)).toMatchObject({ epoch: 2 });
    expect(members(engine, room)).toBe(2);
  }
  await kim.messages.send(room, { body: 'without Lea' });
  await until(() => texts(jan, room).includes('without Lea'), 'the conversation goes on');
  await pause(300);
  expect(texts(lea, room)).toEqual(['welcome']);
});

test('[attack 10] [K3] an older device list than the one known is refused and told of', async () => {
  const liar = await scene.anotherLiar();
  const moe = await scene.person('Moe', liar);
  const puppet = await registerPuppet(scene.server.origin, 'Nia');
  await until(() => moe.state.people.has(puppet.account), 'Moe sees Nia');
  const room = await moe.rooms.openDirect(puppet.account);
  const device = randomId<DeviceId>();
  const newer = await extendDeviceList(puppet.list, puppet.identity, {
    at: Date.now(),
    add: [{ device, signing: puppet.signing.publicKey }],
    remove: [puppet.device],
  });
  const answer = await fetch(new URL(PATHS.devices, scene.server.origin), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ list: toBase64Url(newer.signed) }),
  });
  expect(await answer.text()).toBe('{}');
  await until(() => moe.state.rooms.get(room)?.epoch === 2, 'the device is gone from the room');
  const devices: DeviceId[] = [];
  liar.asked = ({ path, json }) => {
    if (path.endsWith('/epochs')) {
      for (const wrap of (json as { wraps: { device: DeviceId }[] }).wraps) devices.push(wrap.device);
    }
    return undefined;
  };
  liar.answer = ({ path, json }) => {
    if (path !== PATHS.keys) return undefined;
    const { accounts } = json as { accounts: { account: string }[] };
    const lie = {
      lists: [toBase64Url(puppet.list.signed)],
      keys: [{ device: puppet.device, key: toBase64Url(puppet.key) }],
    };
    return {
      accounts: accounts.map((entry) => (entry.account === puppet.account ? { ...entry, ...lie } : entry)),
    };
  };
  await moe.rooms.rekey(room);
  expect(noticed(moe).join()).toContain('an older device list');
  expect(devices).toEqual([moe.state.self.device]);
  expect(alarm(moe, room)).toBeUndefined();
});
