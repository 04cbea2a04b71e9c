import type { Engine } from '@sotto/client';
import { PATHS, toBase64Url } from '@sotto/protocol';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { LyingServer } from './support/lying-server.ts';
import { Operator } from './support/operator.ts';
import { makePuppet, type Puppet } from './support/puppet.ts';
import {
  alarm,
  converse,
  deliveryOf,
  noticed,
  pause,
  refusedRules,
  type Scene,
  setScene,
  texts,
  until,
} from './support/story.ts';

let scene: Scene;
let operator: Operator;

beforeAll(async () => {
  scene = await setScene();
  operator = new Operator(scene.data);
});

afterAll(async () => {
  operator.close();
  await scene.end();
});

interface Keys {
  accounts: { account: string; lists: string[]; keys: { device: string; key: string }[] }[];
}

/** Answers every question for the person's keys with those of an impostor. */
function impersonate(liar: LyingServer, impostor: Puppet): void {
  liar.answer = ({ path, status, json }) => {
    if (path !== PATHS.keys || status !== 200) return undefined;
    const { accounts } = json as Keys;
    return {
      accounts: accounts.map((entry) =>
        entry.account === impostor.account
          ? {
              ...entry,
              lists: [toBase64Url(impostor.list.signed)],
              keys: [{ device: impostor.device, key: toBase64Url(impostor.key) }],
            }
          : entry,
      ),
    };
  };
}

const events = (engine: Engine, room: Parameters<typeof texts>[1]) =>
  engine.timeline(room).state.items.flatMap((item) => (item.type === 'system' ? [item.event.type] : []));

const trustIn = (engine: Engine, person: Engine) => engine.state.people.get(person.account)?.trust;

async function deceive(first: string, second: string) {
  const liar = await scene.anotherLiar();
  const [a, b] = [await scene.person(first, liar), await scene.person(second)];
  const room = await converse(a, b);
  await a.setVerified(b.account, true);
  await until(() => a.state.rooms.get(room)?.security.state === 'verified', 'the lock is closed');
  const number = await a.safetyNumber(b.account);
  const impostor = await makePuppet(second, b.account);
  impersonate(liar, impostor);
  liar.say({ t: 'list', account: b.account, version: 2 });
  await until(() => trustIn(a, b) === 'changed', 'the change is noticed');
  await a.sendText(room, { body: 'meant for one person' });
  await pause(400);
  return { liar, a, b, room, number, impostor };
}

test('[attack 3] [K4] a swapped identity stops sending, is recorded in the room, and waits for the user', async () => {
  const { a, b, room, number, impostor } = await deceive('Ann', 'Bob');
  expect(a.state.rooms.get(room)?.security).toMatchObject({ state: 'attention', blocksSending: true });
  expect(alarm(a, room)).toMatchObject({ kind: 'identity-changed', rule: 'K4', account: b.account });
  expect(refusedRules(a, room)).toEqual(['K4']);
  expect(noticed(a).join()).toContain('another identity key');
  expect(deliveryOf(a, room, 'meant for one person')).toBe('waiting');
  expect(texts(b, room)).not.toContain('meant for one person');
  await expect(a.rekey(room)).rejects.toMatchObject({ code: 'identity_changed' });
  await expect(a.createGroup({ name: 'New', members: [b.account] })).rejects.toMatchObject({
    code: 'identity_changed',
  });
  expect(operator.wrapsFor(b.account).filter((wrap) => wrap.device === impostor.device)).toEqual([]);
  // The number that was compared is still the one of the person it was compared with.
  expect(await a.safetyNumber(b.account)).toBe(number);
});

test('[attack 3] [K4] where the user accepts the new identity, the room goes on under it', async () => {
  const { a, b, room, number, impostor } = await deceive('Cid', 'Dora');
  const { list, device, signing, key } = impostor;
  operator.replaceKeys(b.account, { list: list.signed, device, signing: signing.publicKey, key });
  await a.acceptIdentity(b.account);
  expect(trustIn(a, b)).toBe('unverified');
  await until(() => deliveryOf(a, room, 'meant for one person') === 'sent', 'what was typed goes out');
  expect(events(a, room)).toContain('identity-accepted');
  expect(events(a, room)).toContain('identity');
  expect(a.state.rooms.get(room)?.security.state).toBe('unverified');
  expect(await a.safetyNumber(b.account)).not.toBe(number);
  expect(texts(b, room)).not.toContain('meant for one person');
});

test('[attack 3] [K4] where the lie ends, accepting restores the person that was known', async () => {
  const { liar, a, b, room, number } = await deceive('Eva', 'Finn');
  liar.behave();
  liar.cut();
  await until(() => a.state.connection.status !== 'online', 'she is cut off');
  await until(() => a.state.connection.status === 'online', 'she is back');
  await pause(400);
  // K4: only the user decides; nothing heals behind their back.
  expect(trustIn(a, b)).toBe('changed');
  expect(deliveryOf(a, room, 'meant for one person')).toBe('waiting');
  await a.acceptIdentity(b.account);
  await until(() => texts(b, room).includes('meant for one person'), 'what was typed goes out');
  expect(await a.safetyNumber(b.account)).toBe(number);
  expect(alarm(a, room)).toBeUndefined();
});

test('[attack 2] [K4] keys swapped at first contact: the safety numbers of both sides differ', async () => {
  const liar = await scene.anotherLiar();
  const [gus, hana] = [await scene.person('Gus', liar), await scene.person('Hana')];
  impersonate(liar, await makePuppet('Hana', hana.account));
  await until(() => gus.state.people.has(hana.account), 'they see each other');
  const [one, other] = [await gus.safetyNumber(hana.account), await hana.safetyNumber(gus.account)];
  expect(one).toMatch(/^(\d{5} ?){12}$/);
  expect(one).not.toBe(other);
  expect(trustIn(gus, hana)).toBe('unverified');
});
