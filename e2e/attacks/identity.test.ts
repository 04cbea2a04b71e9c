import type { Engine } from '@sotto/client';
import { expect, test } from 'vitest';
import { accepts, looksAt, numberOf, verifies } from '../support/trust.ts';
import { impersonate, impostorOf } from './support/impersonate.ts';
import { oneScene } from './support/one-scene.ts';
import { alarm, converse, deliveryOf, noticed, pause, refusedRules, texts, until } from './support/story.ts';

const scene = await oneScene();
const { operator } = scene;

const events = (engine: Engine, room: Parameters<typeof texts>[1]) =>
  engine.timeline(room).state.items.flatMap((item) => (item.type === 'system' ? [item.event.type] : []));

const trustIn = (engine: Engine, person: Engine) => engine.state.people.get(person.id)?.trust;

async function deceive(first: string, second: string) {
  const liar = await scene.anotherLiar();
  const [a, b] = [await scene.person(first, liar), await scene.person(second)];
  const room = await converse(a, b);
  await verifies(a, b.id);
  await until(() => a.state.rooms.get(room)?.security.state === 'verified', 'the lock is closed');
  const number = await numberOf(a, b.id);
  const impostor = await impostorOf(operator, b);
  impersonate(liar, impostor);
  liar.say({ t: 'list', account: b.id, version: 2 });
  await until(() => trustIn(a, b) === 'changed', 'the change is noticed');
  await a.messages.send(room, { body: 'meant for one person' });
  await pause(400);
  return { liar, a, b, room, number, impostor };
}

test('[attack 3] [K4] a swapped identity stops sending, is recorded in the room, and waits for the user', async () => {
  const { a, b, room, number, impostor } = await deceive('Ann', 'Bob');
  expect(a.state.rooms.get(room)?.security).toMatchObject({ state: 'attention', blocksSending: true });
  expect(alarm(a, room)).toMatchObject({ kind: 'identity-changed', rule: 'K4', account: b.id });
  expect(refusedRules(a, room)).toEqual(['K4']);
  expect(noticed(a).join()).toContain('another identity key');
  expect(deliveryOf(a, room, 'meant for one person')).toBe('waiting');
  expect(texts(b, room)).not.toContain('meant for one person');
  await expect(a.rooms.rekey(room)).rejects.toMatchObject({ code: 'identity_changed' });
  await expect(a.rooms.createGroup({ name: 'New', members: [b.id] })).rejects.toMatchObject({
    code: 'identity_changed',
  });
  expect(operator.wrapsFor(b.id).filter((wrap) => wrap.device === impostor.device)).toEqual([]);
  // The key that was compared is still the one that is known.
  expect((await looksAt(a, b.id)).replaces).toBe(number);
});

test('[attack 39] [K4] a key swapped while two people compare is neither accepted nor marked in the other’s place', async () => {
  const { liar, a, b, room, number, impostor } = await deceive('Joe', 'Kim');
  // What stands in the dialog is the number of the key that would be accepted: not the one that Kim sees.
  const shown = await looksAt(a, b.id);
  expect(shown).toMatchObject({ identity: impostor.identity.publicKey, replaces: number });
  expect(shown.number).not.toBe(number);
  expect(await numberOf(b, a.id)).toBe(number);

  const another = await impostorOf(operator, b);
  impersonate(liar, another);
  const refused = { code: 'not_current' };
  await expect(a.people.acceptIdentity(b.id, shown.identity)).rejects.toMatchObject(refused);
  await expect(a.people.setVerified(b.id, shown.identity, true)).rejects.toMatchObject(refused);
  await expect(a.people.setVerified(b.id, shown.identity, false)).rejects.toMatchObject(refused);
  expect(trustIn(a, b)).toBe('changed');
  expect(deliveryOf(a, room, 'meant for one person')).toBe('waiting');
  expect(await looksAt(a, b.id)).toMatchObject({
    identity: another.identity.publicKey,
    replaces: number,
  });

  // Where the lie ends while they look, the liar’s key is refused as well; Kim’s own, compared, is marked.
  liar.behave();
  await expect(a.people.setVerified(b.id, another.identity.publicKey, true)).rejects.toMatchObject(refused);
  const again = await looksAt(a, b.id);
  expect(again).toMatchObject({ number, replaces: null });
  await a.people.setVerified(b.id, again.identity, true);
  expect(trustIn(a, b)).toBe('verified');
  await until(() => texts(b, room).includes('meant for one person'), 'what was typed goes to Kim');
});

test('[attack 39] [K4] numbers that were the same, and a key swapped before the press: nobody is marked', async () => {
  const liar = await scene.anotherLiar();
  const [lea, max] = [await scene.person('Lea', liar), await scene.person('Max')];
  await converse(lea, max);
  const shown = await looksAt(lea, max.id);
  expect(shown.number).toBe(await numberOf(max, lea.id));
  impersonate(liar, await impostorOf(operator, max));
  liar.say({ t: 'list', account: max.id, version: 2 });
  await until(() => trustIn(lea, max) === 'changed', 'the change is noticed');
  await expect(lea.people.setVerified(max.id, shown.identity, true)).rejects.toMatchObject({
    code: 'not_current',
  });
  expect(trustIn(lea, max)).toBe('changed');
});

test('[attack 3] [K4] where the user accepts the new identity, the room goes on under it', async () => {
  const { a, b, room, number, impostor } = await deceive('Cid', 'Dora');
  const { list, device, signing, key } = impostor;
  operator.replaceKeys(b.id, {
    version: list.list.version,
    list: list.signed,
    device,
    signing: signing.publicKey,
    key,
  });
  await accepts(a, b.id);
  expect(trustIn(a, b)).toBe('unverified');
  await until(() => deliveryOf(a, room, 'meant for one person') === 'sent', 'what was typed goes out');
  expect(events(a, room)).toContain('identity-accepted');
  expect(events(a, room)).toContain('identity');
  expect(a.state.rooms.get(room)?.security.state).toBe('unverified');
  expect(await numberOf(a, b.id)).not.toBe(number);
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
  await accepts(a, b.id);
  await until(() => texts(b, room).includes('meant for one person'), 'what was typed goes out');
  expect(await numberOf(a, b.id)).toBe(number);
  expect(alarm(a, room)).toBeUndefined();
});

test('[attack 2] [K4] keys swapped at first contact: the safety numbers of both sides differ', async () => {
  const liar = await scene.anotherLiar();
  const [gus, hana] = [await scene.person('Gus', liar), await scene.person('Hana')];
  impersonate(liar, await impostorOf(operator, hana));
  await until(() => gus.state.people.has(hana.id), 'they see each other');
  const [one, other] = [await numberOf(gus, hana.id), await numberOf(hana, gus.id)];
  expect(one).toMatch(/^(\d{5} ?){12}$/);
  expect(one).not.toBe(other);
  expect(trustIn(gus, hana)).toBe('unverified');
});
