import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Engine, Sotto } from '@sotto/client';
import { type AccountId, PATHS } from '@sotto/protocol';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { quickSotto } from '../support/quick-sotto.ts';
import { looksAt, verifies } from '../support/trust.ts';
import type { LyingServer } from './support/lying-server.ts';
import { oneScene } from './support/one-scene.ts';
import { converse, pause, texts, until } from './support/story.ts';

const PASSWORD = 'long enough for anybody';

const scene = await oneScene();
const { operator } = scene;
let folder: string;
let devices = 0;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sotto-rolled-back-'));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

/** A device's place, behind a liar of its own. */
async function device(): Promise<{ home: Sotto; liar: LyingServer }> {
  const liar = await scene.anotherLiar();
  devices += 1;
  return { home: quickSotto({ server: liar.origin, directory: join(folder, `${devices}`) }), liar };
}

async function online(engine: Engine): Promise<Engine> {
  onTestFinished(() => engine.close());
  await until(() => engine.state.caughtUp, 'it has read everything');
  return engine;
}

interface Lists {
  accounts: { account: AccountId; lists: string[] }[];
}

/** What the device was told of rolled-back states, by account. */
const told = (engine: Engine) =>
  engine.state.notices.flatMap((n) => (n.kind === 'alarm' && n.alarm === 'rolled-back' ? [n] : []));

test('[attack 52] [K3] a new device that is shown an older list than another one saw does not join, and says since when', async () => {
  const [laptop, phone, tablet] = [await device(), await device(), await device()];
  const first = await online(await laptop.home.createAccount('Paula', PASSWORD));
  const since = Date.now();
  let old: unknown;
  phone.liar.answer = ({ path, json }) => {
    if (path === PATHS.loginFinish) old = (json as { list: string }).list;
    return undefined;
  };
  await online(await phone.home.signIn('Paula', PASSWORD));
  await until(() => operator.listSeen(first.id) === 2, 'there are two devices');
  await until(() => operator.vault(first.id).version > 2, 'the vault says so');
  tablet.liar.answer = ({ path, json }) =>
    path === PATHS.loginFinish ? { ...(json as object), list: old } : undefined;
  const refused = await tablet.home.signIn('Paula', PASSWORD).catch((error: unknown) => error);
  expect(refused).toMatchObject({ code: 'rolled_back', since: expect.any(Number) });
  expect((refused as { since: number }).since).toBeLessThanOrEqual(since);
  expect(await tablet.home.profiles()).toEqual([]);
  expect(operator.listSeen(first.id)).toBe(2);
  tablet.liar.behave();
  const third = await online(await tablet.home.signIn('Paula', PASSWORD));
  expect(await third.devices.list()).toHaveLength(3);
});

test('[attack 52] [K3] list and vault both rolled back: what others signed in the rooms tells of it', async () => {
  const [laptop, phone, tablet, fresh] = [await device(), await device(), await device(), await device()];
  const bob = await scene.person('Bob');
  const first = await online(await laptop.home.createAccount('Quinn', PASSWORD));
  const since = Date.now();
  const vault = operator.vault(first.id);
  const room = await converse(first, bob);
  for (const { home } of [phone, tablet]) await online(await home.signIn('Quinn', PASSWORD));
  await until(() => operator.listSeen(first.id) === 3, 'there are three devices');
  await bob.rooms.rekey(room);
  await pause(500);
  await first.close();
  operator.rollBack(first.id, { list: 1, vault });
  const last = await online(await fresh.home.signIn('Quinn', PASSWORD));
  await until(() => told(last).length > 0, `it is told: ${JSON.stringify(last.state.notices)}`);
  const [notice] = told(last);
  expect(notice).toMatchObject({ account: last.id });
  expect(notice?.since).toBeLessThanOrEqual(since);
});

test('[attack 52] [K3] a new device takes no older list of a contact than another one saw', async () => {
  const [laptop, phone, his, hers] = [await device(), await device(), await device(), await device()];
  const rita = await online(await his.home.createAccount('Rita', PASSWORD));
  const first = await online(await laptop.home.createAccount('Sam', PASSWORD));
  await until(() => first.state.people.has(rita.id), 'they find each other');
  await online(await hers.home.signIn('Rita', PASSWORD));
  await until(() => operator.listSeen(rita.id) === 2, 'Rita has two devices');
  const before = operator.vault(first.id).version;
  await looksAt(first, rita.id);
  await until(() => operator.vault(first.id).version > before, 'the vault knows her');
  const met = operator.vault(first.id).version;
  await verifies(first, rita.id);
  await until(() => operator.vault(first.id).version > met, 'and that she is verified');
  phone.liar.answer = ({ path, status, json }) => {
    if (path !== PATHS.keys || status !== 200) return undefined;
    const { accounts } = json as Lists;
    return {
      accounts: accounts.map((entry) =>
        entry.account === rita.id ? { ...entry, lists: entry.lists.slice(0, 1) } : entry,
      ),
    };
  };
  const second = await online(await phone.home.signIn('Sam', PASSWORD));
  await expect(second.rooms.openDirect(rita.id)).rejects.toMatchObject({ code: 'not_found' });
  expect(told(second)).toMatchObject([{ account: rita.id, since: expect.any(Number) }]);
  expect(second.state.people.get(rita.id)).toMatchObject({ name: 'Rita', trust: 'verified' });
  phone.liar.behave();
  await second.rooms.openDirect(rita.id);
});

test('[attack 10] [attack 52] [K5] an older vault than a device has opened is refused, with what it says and since when', async () => {
  const laptop = await device();
  const first = await online(await laptop.home.createAccount('Tom', PASSWORD));
  const uma = await scene.person('Uma');
  await until(() => first.state.people.has(uma.id), 'they find each other');
  await looksAt(first, uma.id);
  await until(() => operator.vault(first.id).version > 1, 'the vault knows her');
  const old = operator.vault(first.id);
  const since = Date.now();
  await verifies(first, uma.id);
  await until(() => operator.vault(first.id).version > old.version, 'the vault knows that she is verified');
  laptop.liar.answer = ({ method, path, json }) =>
    method === 'GET' && path === PATHS.vault
      ? { ...(json as object), version: old.version, body: old.body }
      : undefined;
  laptop.liar.cut();
  await until(() => told(first).length > 0, 'it is told');
  expect(told(first)[0]?.since).toBeLessThanOrEqual(since);
  expect(first.state.people.get(uma.id)?.trust).toBe('verified');
});

test('[attack 34] [attack 52] a device erases itself on no list that is older than the one it came in by', async () => {
  const [laptop, phone] = [await device(), await device()];
  const first = await online(await laptop.home.createAccount('Vera', PASSWORD));
  let old = '';
  phone.liar.answer = ({ path, json }) => {
    if (path === PATHS.loginFinish) old = (json as { list: string }).list;
    return undefined;
  };
  const farewell = () => ({ t: 'bye', code: 'unknown_device', message: 'gone', list: old });
  // Before it has read anything: the server speaks first, with the list from before this device came.
  phone.liar.frame = (frame) => (frame.t === 'ready' ? [farewell()] : undefined);
  const misled = await phone.home.signIn('Vera', PASSWORD);
  await until(() => misled.state.connection.status === 'refused', 'the server said so');
  await pause(500);
  await misled.close();
  expect(await phone.home.profiles()).toHaveLength(1);
  phone.liar.behave();
  const again = await online(await phone.home.resume(misled.id));
  phone.liar.say(farewell());
  phone.liar.cut();
  await until(() => again.state.connection.status === 'refused', 'the server said so again');
  await pause(500);
  await again.close();
  expect(await phone.home.profiles()).toHaveLength(1);
  const second = await online(await phone.home.resume(misled.id));
  // By a newer one it does.
  const room = await converse(first, await scene.person('Will'));
  await until(() => texts(second, room).length === 2, 'it reads along');
  const others = (await first.devices.list()).filter(({ current }) => !current);
  await first.devices.remove(others);
  await until(() => second.state.connection.status === 'refused', 'it is signed off');
  expect(second.state.connection).toMatchObject({ code: 'removed' });
  expect(await phone.home.profiles()).toEqual([]);
});

test('[attack 52] [attack 48] [K5] a server that keeps two vaults undoes no block: who wrote one is told, and says it again', async () => {
  const [laptop, phone] = [await device(), await device()];
  const first = await online(await laptop.home.createAccount('Tess', PASSWORD));
  const second = await online(await phone.home.signIn('Tess', PASSWORD));
  const [mallory, trent, ted] = [
    await scene.person('Mal'),
    await scene.person('Trent'),
    await scene.person('Ted'),
  ];
  for (const { id: account } of [mallory, trent, ted]) {
    for (const own of [first, second]) await until(() => own.state.people.has(account), 'they are seen');
  }
  await pause(1_500); // the vault names both devices
  laptop.liar.instead = ({ method, path }) =>
    method === 'PUT' && path === PATHS.vault ? { status: 200, json: {} } : undefined;
  await first.people.block(mallory.id);
  await pause(1_500);
  for (const { id: account } of [trent, ted]) {
    await second.people.block(account);
    await pause(1_200);
  }
  laptop.liar.behave();
  laptop.liar.cut();
  await until(() => first.state.blocked.has(ted.id), 'the other branch came');
  expect(first.state.blocked.has(mallory.id)).toBe(true);
  expect(told(first)).toHaveLength(1);
  await until(() => second.state.blocked.has(mallory.id), 'and the other device hears of it');
  expect([...second.state.blocked.values()].toSorted()).toEqual(['Mal', 'Ted', 'Trent']);
  expect(told(second)).toEqual([]);
});

test('[attack 52] [attack 39] [K4] [K5] a server that keeps two vaults undoes no verification: it holds, and is said again', async () => {
  const [laptop, phone] = [await device(), await device()];
  const first = await online(await laptop.home.createAccount('Tia', PASSWORD));
  const second = await online(await phone.home.signIn('Tia', PASSWORD));
  const xena = await scene.person('Xena');
  for (const own of [first, second]) await until(() => own.state.people.has(xena.id), 'they find her');
  await looksAt(first, xena.id);
  await pause(1_500); // the vault names both devices, and her
  laptop.liar.instead = ({ method, path }) =>
    method === 'PUT' && path === PATHS.vault ? { status: 200, json: {} } : undefined;
  await verifies(first, xena.id);
  await pause(1_500);
  for (const name of ['phone', 'my phone', 'the phone']) {
    await second.devices.rename(second.state.self.device, name);
    await pause(300);
  }
  laptop.liar.behave();
  laptop.liar.cut();
  await until(() => told(first).length > 0, 'the other branch came');
  await pause(500);
  expect(first.state.people.get(xena.id)?.trust).toBe('verified');
  await until(() => second.state.people.get(xena.id)?.trust === 'verified', 'the other device hears of it');
  expect(told(first)).toHaveLength(1);
});
