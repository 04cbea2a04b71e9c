import type { Engine } from '@sotto/client';
import { type AccountId, LIMITS, PATHS } from '@sotto/protocol';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { keysAtRest, keysShown, type ShownKey } from '../support/exchange-keys.ts';
import { letTimePass } from '../support/time-machine.ts';
import type { LyingServer } from './support/lying-server.ts';
import { RawMember } from './support/member.ts';
import { gather, noticed, type Scene, setScene, texts, until } from './support/story.ts';

let scene: Scene;
beforeEach(async () => {
  scene = await setScene();
});
afterEach(() => scene.end());

function shown(engine: Engine): ShownKey {
  const [key] = keysShown(scene.data, engine.id);
  if (!key) throw new Error('the server has no key of this account');
  return key;
}

/** A week passes, and the device renews its key. @returns the key of before, which anybody may have kept */
async function renewed(engine: Engine, through: LyingServer = scene.liar): Promise<ShownKey> {
  const before = shown(engine);
  letTimePass(LIMITS.exchangeKeyRotation + 3_600_000);
  through.cut();
  await expect.poll(() => shown(engine).hash, { timeout: 15_000 }).not.toBe(before.hash);
  const home = scene.folderOf(engine);
  await expect.poll(async () => (await keysAtRest(home, engine.id)).size, { timeout: 15_000 }).toBe(1);
  return before;
}

/** For whom the newest epoch was wrapped, as the server was told: keys by device. */
function watchWraps(liar: LyingServer): Map<string, string> {
  const wrapped = new Map<string, string>();
  liar.asked = ({ path, json }) => {
    if (!path.endsWith('/epochs')) return undefined;
    wrapped.clear();
    for (const { device, key } of (json as { wraps: { device: string; key: string }[] }).wraps)
      wrapped.set(device, key);
    return undefined;
  };
  return wrapped;
}

test('[attack 43] [K2] a member posts an older key of somebody again: nothing changes, the newest is encrypted to', async () => {
  const [alice, bob] = [await scene.person('Alice'), await scene.person('Bob')];
  const mallory = await RawMember.register(scene.server.origin, 'Mallory');
  await until(() => alice.state.people.has(mallory.account), 'she sees Mallory');
  const room = await gather(alice, [bob]);
  const older = await renewed(bob);
  const newest = shown(bob);
  // All that Mallory needs is public: the list, and the key that everybody was shown before.
  const { json } = await mallory.call('POST', PATHS.keys, { accounts: [{ account: bob.id, after: 0 }] });
  const list = json.accounts[0].lists.at(-1);
  const said = await fetch(new URL(PATHS.devices, scene.server.origin), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ list, key: older.signed }),
  });
  expect(await said.json()).toEqual({});
  const put = await mallory.call('PUT', PATHS.exchangeKey, { key: older.signed });
  expect(put.json.code).toBe('unknown_device');
  expect(shown(bob)).toEqual(newest);
  const wrapped = watchWraps(scene.liar);
  await alice.rooms.rekey(room);
  expect(wrapped.get(older.device)).toBe(newest.hash);
  await alice.messages.send(room, { body: 'to the newest key' });
  await until(() => texts(bob, room).includes('to the newest key'), 'Bob reads');
});

test('[attack 43] [K2] the server serves an older key: who has seen a newer one does not encrypt to it, and says so', async () => {
  const [alice, bob] = [await scene.person('Alice'), await scene.person('Bob', await scene.anotherLiar())];
  const room = await gather(alice, [bob]);
  const older = shown(bob);
  letTimePass(LIMITS.exchangeKeyRotation + 3_600_000);
  const again = await restarted(bob);
  await expect.poll(() => shown(bob).hash, { timeout: 15_000 }).not.toBe(older.hash);
  await alice.rooms.rekey(room); // she sees the newer one
  answerKey(scene.liar, bob.id, older);
  const wrapped = watchWraps(scene.liar);
  await alice.rooms.rekey(room);
  expect(wrapped.size).toBe(1);
  expect(wrapped.has(older.device)).toBe(false);
  expect(alice.state.notices).toMatchObject([{ kind: 'alarm', alarm: 'old-key', account: bob.id }]);
  expect(noticed(alice).join()).toContain('older exchange key');
  // It holds across a restart too.
  const later = await restarted(alice);
  await later.rooms.rekey(room);
  expect(wrapped.has(older.device)).toBe(false);
  scene.liar.behave();
  await later.messages.send(room, { body: 'once the lie ends' });
  await until(() => texts(again, room).includes('once the lie ends'), 'Bob asks for his key and reads (R6)');
});

test('[attack 43] [K2] a server that went back is put right by the device itself, which tells its owner', async () => {
  const alice = await scene.person('Alice');
  const older = await renewed(alice);
  const newest = shown(alice);
  scene.operator.putBackKey(alice.id, older);
  scene.liar.cut();
  await expect.poll(() => shown(alice), { timeout: 15_000 }).toEqual(newest);
  await until(() => alice.state.notices.length > 0, 'she is told');
  expect(alice.state.notices).toMatchObject([{ alarm: 'old-key', account: alice.id }]);
});

test('[attack 43] [K2] a server that takes the new key and goes on showing the old one is found out', async () => {
  const alice = await scene.person('Alice');
  const older = shown(alice);
  answerKey(scene.liar, alice.id, older);
  letTimePass(LIMITS.exchangeKeyRotation + 3_600_000);
  scene.liar.cut();
  await until(() => alice.state.notices.length > 0, 'she is told');
  expect(alice.state.notices).toMatchObject([{ alarm: 'old-key', account: alice.id }]);
  // Others may still wrap to the old one: its half stays until the new one is what everybody is shown.
  const standing = [...(await keysAtRest(scene.folderOf(alice), alice.id)).values()];
  expect(standing.sort()).toEqual(['confirmed', 'publishing']);
  scene.liar.behave();
  scene.liar.cut();
  const home = scene.folderOf(alice);
  await expect
    .poll(async () => [...(await keysAtRest(home, alice.id))], { timeout: 15_000 })
    .toEqual([[shown(alice).hash, 'confirmed']]);
  expect(shown(alice).hash).not.toBe(older.hash);
});

async function restarted(engine: Engine): Promise<Engine> {
  await scene.away(engine);
  const again = await scene.back(engine);
  await until(() => again.state.caughtUp, 'it is back');
  return again;
}

/** The server answers with another key of a device, to whoever asks through this liar. */
function answerKey(liar: LyingServer, account: AccountId, { device, signed }: ShownKey): void {
  liar.answer = ({ path, status, json }) => {
    if (path !== PATHS.keys || status !== 200) return undefined;
    const { accounts } = json as { accounts: { account: string }[] };
    const keys = [{ device, key: signed }];
    return { accounts: accounts.map((entry) => (entry.account === account ? { ...entry, keys } : entry)) };
  };
}
