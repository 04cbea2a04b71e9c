import { expect, test } from 'vitest';
import { issueCode } from '../../packages/server/src/accounts/reset.ts';
import { makeResetCode } from '../../packages/server/src/operations/reset-code.ts';
import { openSqliteStore } from '../../packages/server/src/store/sqlite/index.ts';
import { acquaintedSotto } from '../support/acquainted.ts';
import { looksAt, numberOf, verifies } from '../support/trust.ts';
import { oneScene } from './support/one-scene.ts';
import { alarm, converse, deliveryOf, noticed, pause, refusedRules, texts, until } from './support/story.ts';

const PASSWORD = 'nothing to do with it';
const DAY = 24 * 3_600_000;

const scene = await oneScene();
let homes = 0;

/** Somebody in front of the sign-in page who says they are this person. */
const claim = (name: string, code: string) => {
  homes += 1;
  const home = acquaintedSotto({ server: scene.liar.origin, directory: `${scene.data}-home-${homes}` });
  return { home, engine: home.reset({ name, code, password: PASSWORD }) };
};

test('[attack 3] [attack 37] a wrong, foreign, expired or used code does nothing, and is answered like an unknown name', async () => {
  const [ann, ben] = [await scene.person('Ann'), await scene.person('Ben')];
  const room = await converse(ann, ben);
  const { code: foreign } = await makeResetCode({ dataDir: scene.data }, 'Ben');
  const { code: expired } = await makeResetCode({ dataDir: scene.data }, 'Ann', Date.now() - DAY - 1);
  const { code: replaced } = await makeResetCode({ dataDir: scene.data }, 'Ann');
  const { code } = await makeResetCode({ dataDir: scene.data }, 'Ann');
  for (const wrong of [foreign, expired, replaced, '0000-0000-0000-0000-0000', 'x']) {
    const { home, engine } = claim('Ann', wrong);
    await expect(engine).rejects.toMatchObject({ code: 'bad_code' });
    expect(await home.profiles()).toEqual([]);
  }
  await expect(claim('Nobody', code).engine).rejects.toMatchObject({ code: 'bad_code' });
  await ann.messages.send(room, { body: 'still me' });
  await until(() => texts(ben, room).includes('still me'), 'nothing happened to her');
  expect(ben.state.people.get(ann.id)?.trust).toBe('unverified');

  const again = await claim('Ann', code).engine;
  await again.close();
  await expect(claim('Ann', code).engine).rejects.toMatchObject({ code: 'bad_code' });
});

test('[attack 3] [K4] what an operator takes over by a code of their own, every contact sees, and it reads nothing', async () => {
  const [cid, dora, eva] = [await scene.person('Cid'), await scene.person('Dora'), await scene.person('Eva')];
  const room = await converse(cid, dora);
  const other = await converse(cid, eva);
  await verifies(dora, cid.id);
  const number = await numberOf(dora, cid.id);
  const store = await openSqliteStore(scene.data);
  const code = await issueCode(store, cid.id, Date.now());
  await store.close();
  const impostor = await claim('Cid', code).engine;
  await until(() => impostor.state.connection.status === 'online', 'the impostor is online');

  for (const [contact, shared] of [
    [dora, room],
    [eva, other],
  ] as const) {
    await until(() => contact.state.people.get(cid.id)?.trust === 'changed', 'each is warned');
    expect(alarm(contact, shared)).toMatchObject({
      kind: 'identity-changed',
      rule: 'K4',
      account: cid.id,
    });
    expect(refusedRules(contact, shared)).toContain('K4');
    expect(noticed(contact).join()).toContain('another identity key');
  }
  await dora.messages.send(room, { body: 'for Cid alone' });
  await pause(600);
  expect(deliveryOf(dora, room, 'for Cid alone')).toBe('waiting');
  // The key that was compared is still the one that is known.
  expect((await looksAt(dora, cid.id)).replaces).toBe(number);
  // Nothing of the past, no way into the rooms by itself, and nothing of it erases what the person holds.
  expect([...impostor.state.rooms.keys()]).toEqual([]);
  await expect(impostor.rooms.openDirect(dora.id)).rejects.toMatchObject({ code: 'forbidden' });
  await until(() => cid.state.connection.status === 'refused', 'the person is shut out');
  expect(texts(cid, room)).toEqual(['hello', 'hello back']);
  await impostor.close();
});
