import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Engine, Sotto } from '@sotto/client';
import { createNodeSotto } from '@sotto/client/node';
import { newPhrase } from '@sotto/crypto';
import type { RoomId } from '@sotto/protocol';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { checkDatabase } from '../../packages/server/src/operations/check.ts';
import { converse, deliveryOf, gather, texts, until } from '../attacks/support/story.ts';
import { type ServerProcess, startServerProcess } from '../support/server.ts';

const OLD = 'the old password';
const NEW = 'a password for here';

let folder: string;
let open: Engine[];
let servers: ServerProcess[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sotto-own-backup-'));
  open = [];
  servers = [];
});

afterEach(async () => {
  for (const engine of open) await engine.close();
  for (const server of servers) await server.end();
  await rm(folder, { recursive: true, force: true });
});

async function aServer(): Promise<ServerProcess> {
  const server = await startServerProcess();
  servers.push(server);
  return server;
}

const place = (server: ServerProcess, name: string): Sotto =>
  createNodeSotto({ server: server.origin, directory: join(folder, `${name}-${servers.indexOf(server)}`) });

async function online(engine: Engine): Promise<Engine> {
  open.push(engine);
  await until(() => engine.state.caughtUp, 'online', 30_000);
  return engine;
}

async function wholeHistory(engine: Engine, room: RoomId): Promise<string[]> {
  const timeline = engine.timeline(room);
  await until(() => timeline.state.items.length > 0, 'something is there');
  for (let page = 0; page < 50 && timeline.state.hasOlder; page++) await timeline.loadOlder();
  return texts(engine, room);
}

const alarms = (engine: Engine) =>
  engine.state.notices.filter(({ kind }) => kind === 'alarm').map((n) => n.detail);

/** Paula and Bob have accounts, phrases and conversations on a server that is about to end. */
async function oldTimes() {
  const server = await aServer();
  const [paula, bob, carol] = [
    await online(await place(server, 'paula').createAccount('Paula', OLD)),
    await online(await place(server, 'bob').createAccount('Bob', OLD)),
    await online(await place(server, 'carol').createGuest('Carol')),
  ];
  const direct = await converse(paula, bob);
  const own = await gather(paula, [bob, carol], 'Led by Paula');
  const theirs = await gather(bob, [carol], 'Led by Bob');
  await bob.sendText(theirs, { body: 'before her time' });
  await until(() => deliveryOf(bob, theirs, 'before her time') !== 'waiting', 'sent');
  await bob.addMembers(theirs, [paula.account]);
  await until(() => paula.state.rooms.has(theirs), 'she is in');
  await bob.sendText(theirs, { body: 'in her time' });
  await until(() => texts(paula, theirs).includes('in her time'), 'she reads');
  await paula.setVerified(bob.account, true);
  await paula.markRead(direct, 1_000);
  await paula.setMuted(own, true);
  return { server, paula, bob, carol, direct, own, theirs };
}

async function backup(engine: Engine) {
  const phrase = await engine.createRecoveryPhrase(OLD);
  const progress: string[] = [];
  const file = await engine.createBackup((done, total) => progress.push(`${done}/${total}`));
  return { phrase, file, progress };
}

test('[K1] [M5] a backup brings an account and its history back to an empty server, for every further device', async () => {
  const { server, paula, bob, direct, own, theirs } = await oldTimes();
  const long: string[] = [];
  for (let i = 0; i < 560; i++) {
    long.push(`line ${i}`);
    await paula.sendText(own, { body: `line ${i}` });
    if (i === 300) await paula.rekey(own);
  }
  await until(() => deliveryOf(paula, own, 'line 559') !== 'waiting', 'all is sent', 60_000);
  const number = await paula.safetyNumber(bob.account);
  const said = texts(paula, direct);
  const { phrase, file, progress } = await backup(paula);
  expect(progress.at(-1)).toBe('3/3');
  expect(Buffer.from(file).includes('line 559')).toBe(false);
  expect(Buffer.from(file).includes('Led by')).toBe(false);
  for (const engine of open.splice(0)) await engine.close();
  await server.stop();

  const fresh = await aServer();
  const home = place(fresh, 'paula');
  const wrong = home.restoreBackup({ file, phrase: newPhrase(), password: NEW });
  await expect(wrong).rejects.toMatchObject({ code: 'bad_phrase' });
  const broken = home.restoreBackup({ file: file.slice(0, -1), phrase, password: NEW });
  await expect(broken).rejects.toMatchObject({ code: 'bad_backup' });
  expect(await home.profiles()).toEqual([]);

  const steps: string[] = [];
  const restored = await home.restoreBackup(
    { file, phrase, password: NEW },
    { onProgress: (done, total) => steps.push(`${done}/${total}`) },
  );
  expect(restored).toMatchObject({ conversations: 3, missing: 0 });
  expect(steps).toEqual(['0/3', '1/3', '2/3', '3/3']);
  const again = await online(restored.engine);
  expect(again.account).toBe(paula.account);
  expect(again.state.self).toMatchObject({ name: 'Paula', kind: 'password', recoverable: true });
  expect(again.state.self.identity).toEqual(paula.state.self.identity);
  expect(await wholeHistory(again, direct)).toEqual(said);
  expect((await wholeHistory(again, own)).slice(-560)).toEqual(long);
  expect(await wholeHistory(again, theirs)).not.toContain('before her time');
  expect(texts(again, theirs)).toContain('in her time');
  expect(again.state.rooms.get(own)).toMatchObject({ title: 'Led by Paula', muted: true });
  expect(again.state.rooms.get(direct)).toMatchObject({ title: 'Bob', unread: 0 });
  expect(again.state.people.get(bob.account)).toMatchObject({ name: 'Bob', trust: 'verified' });
  expect(await again.safetyNumber(bob.account)).toBe(number);
  expect(alarms(again)).toEqual([]);
  expect(checkDatabase(join(fresh.data, 'sotto.sqlite')).problems).toEqual([]);

  const phone = await online(await place(fresh, 'phone').signIn('Paula', NEW));
  expect(await wholeHistory(phone, direct)).toEqual(said);
  expect((await wholeHistory(phone, own)).slice(-560)).toEqual(long);
  expect(phone.state.people.get(bob.account)).toMatchObject({ trust: 'verified' });
  expect(alarms(phone)).toEqual([]);
  const tablet = await online(await place(fresh, 'tablet').recover({ name: 'Paula', phrase, password: OLD }));
  await until(() => texts(tablet, direct).length === said.length, 'the phrase opens it here too');
});

test('[D1] two people who come back from their own backups meet in their rooms and go on', async () => {
  const { server, paula, bob, direct, own, theirs } = await oldTimes();
  const [hers, his] = [await backup(paula), await backup(bob)];
  for (const engine of open.splice(0)) await engine.close();
  await server.stop();

  const fresh = await aServer();
  const { engine: one } = await place(fresh, 'paula').restoreBackup({ ...hers, password: NEW });
  await online(one);
  await one.sendText(direct, { body: 'is anybody here?' });
  await until(() => deliveryOf(one, direct, 'is anybody here?') === 'sent', 'the room goes on', 30_000);
  const back = await place(fresh, 'bob').restoreBackup({ ...his, password: NEW });
  expect(back).toMatchObject({ conversations: 3, missing: 0 });
  const two = await online(back.engine);
  await until(
    () => texts(two, direct).includes('is anybody here?'),
    'he reads what was said meanwhile',
    30_000,
  );
  await two.sendText(direct, { body: 'I am' });
  await until(() => texts(one, direct).includes('I am'), 'they talk', 30_000);
  // He was there before her: his backup fills in what hers did not have.
  expect(await wholeHistory(two, theirs)).toContain('before her time');
  await two.sendText(theirs, { body: 'to who is left' });
  await until(() => texts(one, theirs).includes('to who is left'), 'in his group', 30_000);
  await one.sendText(own, { body: 'and in hers' });
  await until(() => texts(two, own).includes('and in hers'), 'in her group', 30_000);
  expect(one.state.people.get(bob.account)).toMatchObject({ trust: 'verified' });
  expect([...alarms(one), ...alarms(two)]).toEqual([]);
  expect(checkDatabase(join(fresh.data, 'sotto.sqlite')).problems).toEqual([]);
});

test('[K3] a backup brings nobody back where the account is, or under a name that is taken', async () => {
  const { server, paula } = await oldTimes();
  const { phrase, file } = await backup(paula);
  const twice = place(server, 'elsewhere').restoreBackup({ file, phrase, password: NEW });
  await expect(twice).rejects.toMatchObject({ code: 'id_reused' });
  for (const engine of open.splice(0)) await engine.close();
  await server.stop();

  const fresh = await aServer();
  await online(await place(fresh, 'stranger').createGuest('Paula'));
  const home = place(fresh, 'paula');
  const taken = home.restoreBackup({ file, phrase, password: NEW });
  await expect(taken).rejects.toMatchObject({ code: 'name_taken' });
  const { engine } = await home.restoreBackup({ file, phrase, password: NEW, name: 'Paula the first' });
  await online(engine);
  expect(engine.account).toBe(paula.account);
  expect(engine.state.rooms.size).toBe(3);
});
