import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import type { Engine } from '@sotto/client';
import { expect, test } from 'vitest';
import { alarm, converse, deliveryOf, gather, texts, until } from '../attacks/support/story.ts';
import { homesOfEachTest, wholeHistory } from '../support/homes.ts';
import { nodeExecutable } from '../support/node.ts';
import { accepts, numberOf, verifies } from '../support/trust.ts';

const FORGOTTEN = 'forgotten for good';
const FRESH = 'a fresh beginning';
const OPERATIONS = resolve(import.meta.dirname, '../../packages/server/src/operations/main.ts');

const { service, place, online, members } = homesOfEachTest();

/** What the operator types on the server, which goes on running. */
async function resetCode(name: string): Promise<string> {
  const { stdout } = await promisify(execFile)(
    nodeExecutable(),
    ['--disable-warning=ExperimentalWarning', OPERATIONS, 'reset-code', name],
    { env: { ...process.env, SOTTO_DATA: service().data } },
  );
  return /[0-9A-Z]{4}(-[0-9A-Z]{4}){4}/.exec(stdout)?.[0] ?? '';
}

const trust = (engine: Engine, of: Engine) => engine.state.people.get(of.id)?.trust;

test('[K4] with the operator’s code the account starts over; everyone is warned and lets it in by accepting', async () => {
  const [bob, carol] = [await members.join('Bob'), await members.join('Carol')];
  const lost = await online(await place('lost').createAccount('Paula', FORGOTTEN));
  const room = await converse(lost, bob);
  const own = await gather(lost, [bob, carol], 'Led by Paula');
  const theirs = await gather(bob, [lost, carol], 'Led by Bob');
  await verifies(bob, lost.id);
  const number = await numberOf(bob, lost.id);
  await lost.close();
  const carolIsAway = await members.away(carol);

  await expect(resetCode('Nobody')).rejects.toMatchObject({ code: 1 });
  const code = await resetCode('paula');
  const paula = await online(
    await place('new').reset({ name: 'Paula', code: code.toLowerCase(), password: FRESH }),
  );
  expect(paula.id).toBe(lost.id);
  expect(paula.state.self.identity).not.toEqual(lost.state.self.identity);
  expect([...paula.state.rooms.keys()]).toEqual([]);
  expect(await paula.devices.list()).toHaveLength(1);

  await until(() => trust(bob, paula) === 'changed', 'Bob is warned');
  expect(alarm(bob, room)).toMatchObject({ kind: 'identity-changed', rule: 'K4' });
  await bob.messages.send(room, { body: 'is it you?' });
  await until(() => deliveryOf(bob, room, 'is it you?') === 'waiting', 'nothing goes out');
  await expect(paula.rooms.openDirect(bob.id)).rejects.toMatchObject({ code: 'forbidden' });

  await accepts(bob, paula.id);
  expect(await numberOf(bob, paula.id)).not.toBe(number);
  expect(await numberOf(bob, paula.id)).toBe(await numberOf(paula, bob.id));
  await until(() => texts(paula, room).includes('is it you?'), 'they talk again');
  expect(texts(paula, room)).toEqual(['is it you?']);
  await paula.messages.send(room, { body: 'it is me' });
  await until(() => texts(bob, room).includes('it is me'), 'both ways');
  await until(() => paula.state.rooms.has(theirs), 'Bob’s group has her again');
  // Nobody but her led the other group: who is longest in it follows, and she comes back as a member.
  await until(() => paula.state.rooms.has(own), 'and the group she led');
  expect(bob.state.rooms.get(own)?.role).toBe('admin');
  expect(paula.state.rooms.get(own)?.role).toBe('member');

  const carolAgain = await carolIsAway.back();
  await until(() => trust(carolAgain, paula) === 'changed', 'who was away is warned too', 30_000);
  await accepts(carolAgain, paula.id);
  await paula.messages.send(own, { body: 'to all of you' });
  await until(() => texts(carolAgain, own).includes('to all of you'), 'Carol reads', 30_000);
  await until(() => carolAgain.state.rooms.get(own)?.security.state === 'unverified', 'all is settled');

  // The past of the old identity stays readable and verifiable, on devices that come later too.
  await bob.account.setPassword(FRESH);
  const second = await online(await place('second').signIn('Bob', FRESH));
  await until(
    () => second.state.rooms.has(room) && second.state.rooms.has(own),
    'the rooms are there',
    30_000,
  );
  await until(() => texts(second, room).includes('it is me'), 'the new part', 30_000);
  expect(await wholeHistory(second, room)).toEqual(['hello', 'hello back', 'is it you?', 'it is me']);
  expect(trust(second, paula)).toBe('unverified');
  expect(await numberOf(second, paula.id)).toBe(await numberOf(paula, bob.id));

  const phone = await online(await place('phone').signIn('Paula', FRESH));
  await until(
    () => texts(phone, room).includes('it is me'),
    'her own next device reads from there on',
    30_000,
  );
});

test('[K4] a guest whose browser is gone comes back by a code as an account of that name', async () => {
  const [bob, gus] = [await members.join('Bob'), await members.join('Gus')];
  const room = await converse(gus, bob);
  await members.away(gus);
  const code = await resetCode('Gus');
  const again = await online(await place('new').reset({ name: 'Gus', code, password: FRESH }));
  expect(again.state.self.kind).toBe('password');
  await until(() => trust(bob, gus) === 'changed', 'Bob is warned');
  await accepts(bob, gus.id);
  await bob.messages.send(room, { body: 'welcome back' });
  await until(() => texts(again, room).includes('welcome back'), 'they talk');
});

test('[K4] a group made before anyone accepted appears to who accepts', async () => {
  const bob = await members.join('Bob');
  const lost = await online(await place('lost').createAccount('Paula', FORGOTTEN));
  await converse(lost, bob);
  await lost.close();
  const paula = await online(
    await place('new').reset({ name: 'Paula', code: await resetCode('Paula'), password: FRESH }),
  );
  await until(() => trust(bob, paula) === 'changed', 'Bob is warned');
  const group = await paula.rooms.createGroup({ name: 'Too early', members: [bob.id] });
  await paula.messages.send(group, { body: 'can you see this?' });
  await until(() => deliveryOf(paula, group, 'can you see this?') === 'sent', 'sent');
  expect(bob.state.rooms.has(group)).toBe(false);
  await accepts(bob, paula.id);
  await until(() => texts(bob, group).includes('can you see this?'), 'the group appears');
});
