import { join } from 'node:path';
import type { BackupProgress, Engine } from '@sotto/client';
import { newPhrase } from '@sotto/crypto';
import { expect, test } from 'vitest';
import { checkDatabase } from '../../packages/server/src/store/sqlite/check.ts';
import { converse, deliveryOf, gather, texts, until } from '../attacks/support/story.ts';
import { homesOfEachTest, wholeHistory } from '../support/homes.ts';
import { letBack } from '../support/operate.ts';
import { makeBackup, sourceOf, stepsOf } from '../support/own-backup.ts';
import { numberOf, verifies } from '../support/trust.ts';

const OLD = 'the old password';
const NEW = 'a password for here';

const { service, anotherService, place, online, everyoneLeaves } = homesOfEachTest();

async function settled(engine: Engine): Promise<Engine> {
  await online(engine);
  await until(() => engine.state.caughtUp, 'all there is has come', 30_000);
  return engine;
}

const alarms = (engine: Engine) =>
  engine.state.notices.filter(({ kind }) => kind === 'alarm').map((n) => n.detail);

/** Paula and Bob have accounts, phrases and conversations on a server that is about to end. */
async function oldTimes() {
  const [paula, bob, carol] = await Promise.all([
    place('paula').createAccount('Paula', OLD).then(settled),
    place('bob').createAccount('Bob', OLD).then(settled),
    place('carol').createGuest('Carol').then(settled),
  ]);
  const direct = await converse(paula, bob);
  const own = await gather(paula, [bob, carol], 'Led by Paula');
  const theirs = await gather(bob, [carol], 'Led by Bob');
  await bob.sendText(theirs, { body: 'before her time' });
  await until(() => deliveryOf(bob, theirs, 'before her time') !== 'waiting', 'sent');
  await bob.addMembers(theirs, [paula.account]);
  await until(() => paula.state.rooms.has(theirs), 'she is in');
  await bob.sendText(theirs, { body: 'in her time' });
  await until(() => texts(paula, theirs).includes('in her time'), 'she reads');
  await verifies(paula, bob.account);
  await paula.markRead(direct, 1_000);
  await paula.setMuted(own, true);
  return { paula, bob, carol, direct, own, theirs };
}

async function backup(engine: Engine) {
  const phrase = await engine.createRecoveryPhrase(OLD);
  return { phrase, ...(await makeBackup(engine)) };
}

test('[K1] [M5] a backup brings an account and its history back to an empty server, for every further device', async () => {
  const { paula, bob, direct, own, theirs } = await oldTimes();
  const long: string[] = [];
  for (let i = 0; i < 560; i++) {
    long.push(`line ${i}`);
    await paula.sendText(own, { body: `line ${i}` });
    if (i === 300) await paula.rekey(own);
  }
  await until(() => deliveryOf(paula, own, 'line 559') !== 'waiting', 'all is sent', 60_000);
  const number = await numberOf(paula, bob.account);
  const said = texts(paula, direct);
  const { phrase, bytes, file, progress } = await backup(paula);
  expect(stepsOf(progress, 'conversations').at(-1)).toBe('3/3');
  expect(Buffer.from(bytes).includes('line 559')).toBe(false);
  expect(Buffer.from(bytes).includes('Led by')).toBe(false);
  await everyoneLeaves();
  await service().stop();

  const fresh = await anotherService();
  letBack(fresh.data);
  const home = place('paula', fresh);
  const wrong = home.restoreBackup({ file, phrase: newPhrase(), password: NEW });
  await expect(wrong).rejects.toMatchObject({ code: 'bad_phrase' });
  const broken = home.restoreBackup({ file: sourceOf(bytes.slice(0, -1)), phrase, password: NEW });
  await expect(broken).rejects.toMatchObject({ code: 'bad_backup' });
  expect(await home.profiles()).toEqual([]);

  const steps: BackupProgress[] = [];
  const restored = await home.restoreBackup(
    { file, phrase, password: NEW },
    { onProgress: (now) => steps.push(now) },
  );
  expect(restored).toMatchObject({ conversations: 3, missing: 0 });
  expect(stepsOf(steps, 'conversations')).toEqual(['0/3', '1/3', '2/3', '3/3']);
  const again = await settled(restored.engine);
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
  expect(await numberOf(again, bob.account)).toBe(number);
  expect(alarms(again)).toEqual([]);
  expect(checkDatabase(join(fresh.data, 'sotto.sqlite')).problems).toEqual([]);

  const phone = await settled(await place('phone', fresh).signIn('Paula', NEW));
  expect(await wholeHistory(phone, direct)).toEqual(said);
  expect((await wholeHistory(phone, own)).slice(-560)).toEqual(long);
  expect(phone.state.people.get(bob.account)).toMatchObject({ trust: 'verified' });
  expect(alarms(phone)).toEqual([]);
  const tablet = await settled(
    await place('tablet', fresh).recover({ name: 'Paula', phrase, password: OLD }),
  );
  await until(() => texts(tablet, direct).length === said.length, 'the phrase opens it here too');
});

test('[D1] two people who come back from their own backups meet in their rooms and go on', async () => {
  const { paula, bob, direct, own, theirs } = await oldTimes();
  const [hers, his] = [await backup(paula), await backup(bob)];
  await everyoneLeaves();
  await service().stop();

  const fresh = await anotherService();
  letBack(fresh.data);
  const { engine: one } = await place('paula', fresh).restoreBackup({
    file: hers.file,
    phrase: hers.phrase,
    password: NEW,
  });
  await settled(one);
  await one.sendText(direct, { body: 'is anybody here?' });
  await until(() => deliveryOf(one, direct, 'is anybody here?') === 'sent', 'the room goes on', 30_000);
  const found = await place('bob', fresh).restoreBackup({
    file: his.file,
    phrase: his.phrase,
    password: NEW,
  });
  expect(found).toMatchObject({ conversations: 3, missing: 0 });
  const two = await settled(found.engine);
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
  const { paula } = await oldTimes();
  const { phrase, file } = await backup(paula);
  letBack(service().data);
  const twice = place('elsewhere').restoreBackup({ file, phrase, password: NEW });
  await expect(twice).rejects.toMatchObject({ code: 'id_reused' });
  await everyoneLeaves();
  await service().stop();

  const fresh = await anotherService();
  letBack(fresh.data);
  await settled(await place('stranger', fresh).createGuest('Paula'));
  const home = place('paula', fresh);
  const taken = home.restoreBackup({ file, phrase, password: NEW });
  await expect(taken).rejects.toMatchObject({ code: 'name_taken' });
  const { engine } = await home.restoreBackup({ file, phrase, password: NEW, name: 'Paula the first' });
  await settled(engine);
  expect(engine.account).toBe(paula.account);
  expect(engine.state.rooms.size).toBe(3);
});
