import { randomId } from '@sotto/crypto';
import {
  type Ciphertext,
  type DeviceId,
  DeviceListCodec,
  headerHash,
  joinSigned,
  PATHS,
  type PostWraps,
  splitSigned,
  toBase64Url,
} from '@sotto/protocol';
import { expect, test } from 'vitest';
import { forgedHeader, memberOf, newestHeader } from './support/forge.ts';
import { impostorOf } from './support/impersonate.ts';
import type { LyingServer } from './support/lying-server.ts';
import { oneScene } from './support/one-scene.ts';
import { registerPuppet } from './support/puppet.ts';
import { alarm, converse, gather, noticed, pause, refusedRules, texts, until } from './support/story.ts';

const scene = await oneScene();
const { operator } = scene;

type Commit = { wraps: { device: DeviceId }[] };

/** The devices that anyone behind this liar wraps a secret for, from now on. */
function wrapped(liar: LyingServer): Set<DeviceId> {
  const devices = new Set<DeviceId>();
  liar.asked = ({ path, json }) => {
    if (path.endsWith('/wraps')) devices.add((json as PostWraps).device);
    if (path.endsWith('/epochs')) for (const { device } of (json as Commit).wraps) devices.add(device);
    return undefined;
  };
  return devices;
}

const garbage = (length: number) => toBase64Url(crypto.getRandomValues(new Uint8Array(length))) as Ciphertext;

test('[attack 1] [R3] a header by which a stranger enters is refused by everyone, and nobody encrypts to them', async () => {
  const { liar } = scene;
  const [ann, ben, cat] = [await scene.person('Ann'), await scene.person('Ben'), await scene.person('Cat')];
  const room = await gather(ann, [ben, cat]);
  const stranger = await registerPuppet(scene.server.origin, 'Stranger');
  const { header, hash } = newestHeader(operator.log(room));
  const forged = await forgedHeader(
    {
      ...header,
      epoch: header.epoch + 1,
      previous: hash,
      author: { account: stranger.account, device: stranger.device },
      members: [...header.members, memberOf(stranger)],
    },
    stranger,
  );
  const devices = wrapped(liar);
  const entry = operator.append(room, forged);
  liar.say({
    t: 'wrap',
    wrap: { room, epoch: header.epoch + 1, key: garbage(32), body: garbage(1_520) },
  });
  liar.say({ t: 'entries', room, entries: [entry] });
  for (const engine of [ann, ben, cat]) {
    await until(() => refusedRules(engine, room).length > 0, 'the header is refused');
    expect(refusedRules(engine, room)).toEqual(['R3']);
    expect(engine.state.rooms.get(room)?.epoch).toBe(header.epoch);
    expect(engine.state.rooms.get(room)?.members).toHaveLength(3);
    expect(noticed(engine).join()).toContain('R3');
    expect(alarm(engine, room)).toBeUndefined();
  }
  await ben.messages.send(room, { body: 'among us' });
  await until(() => texts(cat, room).includes('among us'), 'the three talk on');
  await ann.rooms.rekey(room);
  await ben.messages.send(room, { body: 'under new keys' });
  await until(() => texts(cat, room).includes('under new keys'), 'and on');
  expect(devices.size).toBe(3);
  expect(devices).not.toContain(stranger.device);
  expect(operator.wrapsFor(stranger.account)).toEqual([]);
});

test('[attack 1] [K3] a header signed by a made-up device of a member is refused', async () => {
  const [dan, eva] = [await scene.person('Dan'), await scene.person('Eva')];
  const room = await converse(dan, eva);
  const ghost = await impostorOf(operator, eva);
  const { header, hash } = newestHeader(operator.log(room));
  const forged = await forgedHeader(
    {
      ...header,
      epoch: header.epoch + 1,
      previous: hash,
      author: { account: eva.id, device: ghost.device },
    },
    ghost,
  );
  const entry = operator.append(room, forged);
  scene.liar.say({ t: 'entries', room, entries: [entry] });
  for (const engine of [dan, eva]) {
    await until(() => refusedRules(engine, room).length > 0, 'the header is refused');
    expect(refusedRules(engine, room)).toEqual(['K3']);
    expect(engine.state.rooms.get(room)?.epoch).toBe(header.epoch);
  }
  await eva.messages.send(room, { body: 'it was not me' });
  await until(() => texts(dan, room).includes('it was not me'), 'they talk on');
});

test('[attack 1] [K3] a device that the server adds to the keys answer is told of and gets nothing', async () => {
  const liar = await scene.anotherLiar();
  const [fay, gil] = [await scene.person('Fay', liar), await scene.person('Gil')];
  const room = await converse(fay, gil);
  const ghost = await impostorOf(operator, gil);
  liar.answer = ({ path, status, json }) => {
    if (path !== PATHS.keys || status !== 200) return undefined;
    const { accounts } = json as { accounts: { account: string; keys: object[] }[] };
    const key = { device: ghost.device, key: toBase64Url(ghost.key) };
    return {
      accounts: accounts.map((entry) =>
        entry.account === gil.id ? { ...entry, keys: [...entry.keys, key] } : entry,
      ),
    };
  };
  const devices = wrapped(liar);
  await fay.rooms.rekey(room);
  await fay.messages.send(room, { body: 'for Gil alone' });
  await until(() => texts(gil, room).includes('for Gil alone'), 'Gil reads');
  expect(devices).toEqual(new Set([fay.state.self.device, gil.state.self.device]));
  expect(noticed(fay).join()).toContain('in no list the account signed');
  expect(fay.state.notices.find((notice) => notice.detail.startsWith('K3'))?.account).toBe(gil.id);
});

test('[attack 1] [K3] a device list that the account’s identity did not sign is told of and not used', async () => {
  const liar = await scene.anotherLiar();
  const [hal, ida] = [await scene.person('Hal', liar), await scene.person('Ida')];
  const room = await converse(hal, ida);
  const ghost = await impostorOf(operator, ida);
  // The list names Ida's true identity; the signature under it is another's.
  const identity = ida.state.self.identity;
  const { signature } = splitSigned(ghost.list.signed);
  const forged = joinSigned(DeviceListCodec.encode({ ...ghost.list.list, identity }), signature);
  liar.answer = ({ path, status, json }) => {
    if (path !== PATHS.keys || status !== 200) return undefined;
    const { accounts } = json as { accounts: { account: string }[] };
    const lie = {
      lists: [toBase64Url(forged)],
      keys: [{ device: ghost.device, key: toBase64Url(ghost.key) }],
    };
    return {
      accounts: accounts.map((entry) => (entry.account === ida.id ? { ...entry, ...lie } : entry)),
    };
  };
  const devices = wrapped(liar);
  liar.say({ t: 'list', account: ida.id, version: 2 });
  await until(() => noticed(hal).some((detail) => detail.startsWith('K3')), 'the list is refused');
  await hal.rooms.rekey(room);
  expect(devices).not.toContain(ghost.device);
  expect(hal.state.people.get(ida.id)?.trust).toBe('unverified');
  expect(hal.state.rooms.get(room)?.members.find((m) => m.account === ida.id)?.devices).toBe(1);
  await hal.messages.send(room, { body: 'still for Ida' });
  liar.answer = undefined;
  liar.cut();
  await until(() => texts(ida, room).includes('still for Ida'), 'the lie ends, and Ida gets her key (R6)');
  expect(devices).toEqual(new Set([hal.state.self.device, ida.state.self.device]));
});

test('[attack 1] [R6] nobody wraps for a ghost that asks for an epoch’s secret', async () => {
  const [jan, kim] = [await scene.person('Jan'), await scene.person('Kim')];
  const room = await converse(jan, kim);
  const header = headerHash(newestHeader(operator.log(room)).hash);
  const stranger = await registerPuppet(scene.server.origin, 'Stranger Two');
  const ghost = randomId<DeviceId>();
  const devices = wrapped(scene.liar);
  for (const asking of [
    { account: stranger.account, device: stranger.device },
    { account: kim.id, device: ghost },
  ]) {
    scene.liar.say({ t: 'requests', room, headers: [header], ...asking });
  }
  // A true device asks after them: when it is answered, they would have been.
  scene.liar.say({
    t: 'requests',
    room,
    headers: [header],
    account: kim.id,
    device: kim.state.self.device,
  });
  await until(() => devices.has(kim.state.self.device), 'the true device is answered');
  await pause(1_500);
  expect(devices).toEqual(new Set([kim.state.self.device]));
});
