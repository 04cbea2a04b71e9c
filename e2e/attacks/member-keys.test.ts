import { extendDeviceList, randomId } from '@sotto/crypto';
import { type DeviceId, PATHS, toBase64Url } from '@sotto/protocol';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { registerPuppet } from './support/puppet.ts';
import { type Stage, setStage, stillTalk } from './support/stage.ts';
import { texts, until } from './support/story.ts';

let stage: Stage;
beforeEach(async () => {
  stage = await setStage();
});
afterEach(() => stage.end());

/** What a lenient server keeps and every client refuses. */
const UNSOUND = {
  'of small order': '00'.repeat(32),
  'of order 8': '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85',
  'not canonical': `ee${'ff'.repeat(30)}7f`,
};

test('[attack 47, K3] a listed device key that clients refuse is refused by the server; the room goes on making epochs', async () => {
  const { origin } = stage.server;
  const [alice, bob] = [await stage.person('Alice'), await stage.person('Bob')];
  const mallory = await registerPuppet(origin, 'Mallory');
  for (const account of [bob.id, mallory.account])
    await until(() => alice.state.people.has(account), 'Alice sees everyone');
  const room = await alice.rooms.createGroup({ name: 'Group', members: [bob.id, mallory.account] });
  await alice.messages.send(room, { body: 'welcome' });
  await until(() => texts(bob, room).includes('welcome'), 'Bob reads');
  for (const [what, key] of Object.entries(UNSOUND)) {
    const device = { device: randomId<DeviceId>(), signing: Uint8Array.fromHex(key) };
    const { signed } = await extendDeviceList(mallory.list, mallory.identity, {
      at: Date.now(),
      add: [device],
    });
    const answer = await fetch(origin + PATHS.devices, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ list: toBase64Url(signed) }),
    });
    expect(await answer.json(), what).toMatchObject({ code: 'malformed' });
    await alice.rooms.rename(room, { name: what });
    await until(() => bob.state.rooms.get(room)?.title === what, 'Bob sees the new name');
  }
  await stillTalk({ alice, bob, room }, 'unharmed');
});
