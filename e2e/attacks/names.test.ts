import { ClientError, type Engine } from '@sotto/client';
import { createDeviceList } from '@sotto/crypto';
import { type AccountId, PATHS, toBase64Url } from '@sotto/protocol';
import { expect, test } from 'vitest';
import type { LyingServer } from './support/lying-server.ts';
import { oneScene } from './support/one-scene.ts';
import { registerPuppet } from './support/puppet.ts';
import { converse, gather, texts, until } from './support/story.ts';

const scene = await oneScene();

interface Named {
  account: AccountId;
  name: string;
}

/** The server calls people by other names, wherever it names anybody. */
function rename(liar: LyingServer, names: ReadonlyMap<AccountId, string>): void {
  const lie = (people: readonly Named[]) =>
    people.map((person) => ({ ...person, name: names.get(person.account) ?? person.name }));
  liar.answer = ({ path, status, json }) =>
    path === PATHS.people && status === 200
      ? { people: lie((json as { people: Named[] }).people) }
      : undefined;
  liar.frame = (frame) =>
    frame.t === 'people' ? [{ ...frame, people: lie(frame.people as Named[]) }] : undefined;
}

/** The person as the user clicks on them. */
function shown(engine: Engine, name: string) {
  const person = [...engine.state.people.values()].find((known) => known.name === name);
  if (!person) throw new Error(`nobody is shown as ${name}`);
  return person;
}

async function refusalOf(work: Promise<unknown>): Promise<ClientError> {
  const error = await work.then(
    () => undefined,
    (cause: unknown) => cause,
  );
  if (!(error instanceof ClientError)) throw new Error('expected a refusal');
  return error;
}

test('[attack 49] [K3] two contacts whose names the server swaps keep them, and who is meant is who reads', async () => {
  const liar = await scene.anotherLiar();
  const ann = await scene.person('Ann', liar);
  const [ben, cat] = [await scene.person('Ben'), await scene.person('Cat')];
  const withBen = await converse(ann, ben);
  const withCat = await converse(ann, cat);
  for (const name of ['Ben', 'Cat']) {
    const { account, identity } = shown(ann, name);
    if (identity) await ann.people.setVerified(account, identity, true);
  }
  rename(
    liar,
    new Map([
      [ben.id, 'Cat'],
      [cat.id, 'Ben'],
    ]),
  );
  liar.cut();
  await until(() => shown(ann, 'Ben').claimed === 'Cat', 'the lie is told');
  expect(shown(ann, 'Cat')).toMatchObject({ account: cat.id, claimed: 'Ben', trust: 'verified' });
  expect(ann.state.rooms.get(withBen)?.title).toBe('Ben');
  expect(ann.state.rooms.get(withCat)?.title).toBe('Cat');
  expect(await ann.rooms.openDirect(shown(ann, 'Ben'))).toBe(withBen);
  const room = await ann.rooms.createGroup({ name: 'Two', members: [shown(ann, 'Ben')] });
  await ann.messages.send(room, { body: 'for Ben only' });
  await until(() => texts(ben, room).includes('for Ben only'), 'Ben reads');
  expect(cat.state.rooms.has(room)).toBe(false);
});

test('[attack 49] nothing is sent to somebody whom only the server calls by the name that was clicked', async () => {
  const liar = await scene.anotherLiar();
  const dan = await scene.person('Dan', liar);
  const [eva, mallory] = [await scene.person('Eva'), await scene.person('Mallory')];
  rename(
    liar,
    new Map([
      [eva.id, 'Somebody'],
      [mallory.id, 'Eva'],
    ]),
  );
  liar.cut();
  await until(
    () => [...dan.state.people.values()].some((one) => one.account === mallory.id && one.name === 'Eva'),
    'the lie is told',
  );
  const clicked = shown(dan, 'Eva');
  const rooms = dan.state.order.length;
  for (const work of [
    () => dan.rooms.openDirect(clicked),
    () => dan.rooms.createGroup({ name: 'Plans', members: [clicked] }),
  ]) {
    expect(await refusalOf(work())).toMatchObject({
      code: 'name_differs',
      names: { account: mallory.id, shown: 'Eva', name: 'Mallory' },
    });
  }
  expect(dan.state.order).toHaveLength(rooms);
  expect(mallory.state.rooms.size).toBe(0);
  // Who goes on does so with the name in sight.
  expect(shown(dan, 'Mallory')).toMatchObject({ account: mallory.id, claimed: 'Eva' });
  await dan.rooms.openDirect(shown(dan, 'Mallory'));
});

test('[attack 49] [K3] a list whose name the server changed is no list of that account', async () => {
  const liar = await scene.anotherLiar();
  const fay = await scene.person('Fay', liar);
  const gus = await scene.person('Gus');
  liar.answer = ({ path, status, json }) => {
    if (path !== PATHS.keys || status !== 200) return undefined;
    const { accounts } = json as { accounts: { account: AccountId; lists: string[] }[] };
    return {
      accounts: accounts.map((entry) => ({
        ...entry,
        // "Gus" and "Gut" in the deterministic CBOR of the payload, in base64url.
        lists: entry.account === gus.id ? entry.lists.map(renamed) : entry.lists,
      })),
    };
  };
  await until(() => fay.state.people.has(gus.id), 'she sees him');
  await expect(fay.rooms.openDirect(gus.id)).rejects.toMatchObject({ code: 'not_found' });
  expect(fay.state.notices.map((notice) => notice.kind === 'alarm' && notice.alarm)).toContain('bad-message');
  expect(gus.state.rooms.size).toBe(0);
});

function renamed(list: string): string {
  const bytes = Buffer.from(list, 'base64url');
  const at = bytes.indexOf('Gus');
  if (at < 0) throw new Error('the list has another name');
  bytes.write('Gut', at);
  return bytes.toString('base64url');
}

test('[K3] [attack 49] who takes another name is announced where people talk with them, in groups too', async () => {
  const [hal, ida] = [await scene.person('Hal'), await scene.person('Ida')];
  const room = await converse(hal, ida);
  const group = await gather(hal, [ida]);
  await ida.account.rename('Ida Marie');
  expect(ida.state.self.name).toBe('Ida Marie');
  await until(() => hal.state.people.get(ida.id)?.name === 'Ida Marie', 'he hears of it');
  for (const each of [room, group]) {
    const lines = () =>
      hal.timeline(each).state.items.flatMap((item) => (item.type === 'system' ? [item.event] : []));
    await until(() => lines().some(({ type }) => type === 'named'), 'it stands in the conversation');
    expect(lines().filter(({ type }) => type === 'named')).toEqual([
      { type: 'named', account: ida.id, before: 'Ida', name: 'Ida Marie' },
    ]);
    expect(lines().some(({ type }) => type === 'devices')).toBe(false);
  }
  expect(hal.state.rooms.get(room)).toMatchObject({ title: 'Ida Marie', last: { event: { type: 'named' } } });
  expect(hal.state.people.get(ida.id)).toMatchObject({ claimed: null });
  // Somebody else's name is not to be had, however it is written.
  for (const name of ['Hal', 'HAL']) {
    await expect(ida.account.rename(name)).rejects.toMatchObject({ code: 'name_taken' });
  }
  await expect(ida.account.rename('HaI')).rejects.toMatchObject({ code: 'name_confusable' });
  await expect(ida.account.rename('ｈａｌ')).rejects.toMatchObject({ code: 'bad_name' });
});

test('[attack 49] a stranger who imitates a name is refused by the server, and marked where the server lies', async () => {
  const liar = await scene.anotherLiar();
  const jan = await scene.person('Jan', liar);
  const alice = await scene.person('Alice');
  await expect(scene.person('AIice')).rejects.toMatchObject({ code: 'name_confusable' });
  await expect(scene.person('Аlice')).rejects.toMatchObject({
    code: 'bad_name',
    flaw: { rule: 'script', character: 'l' },
  });
  await converse(jan, alice);
  // The server lets one in all the same.
  const puppet = await registerPuppet(scene.server.origin, 'Somebody Else');
  const { account, identity, device, signing } = puppet;
  const devices = [{ device, signing: signing.publicKey }];
  const list = await createDeviceList({ identity, at: Date.now(), name: 'AIice', devices });
  rename(liar, new Map([[account, 'AIice']]));
  const people = liar.answer;
  liar.answer = (answer) => {
    if (answer.path !== PATHS.keys || answer.status !== 200) return people?.(answer);
    const { accounts } = answer.json as { accounts: { account: AccountId; lists: string[] }[] };
    const lists = [toBase64Url(list.signed)];
    return { accounts: accounts.map((entry) => (entry.account === account ? { ...entry, lists } : entry)) };
  };
  liar.cut();
  await until(() => jan.state.people.get(account)?.looksLike === alice.id, 'the likeness is told');
  expect(jan.state.people.get(alice.id)?.looksLike).toBeNull();
  await jan.people.safetyNumber(account);
  expect(shown(jan, 'AIice')).toMatchObject({ account, claimed: null, looksLike: alice.id });
  expect(shown(jan, 'Alice').looksLike).toBeNull(); // who was known first stays who they are
});

test('[attack 49] [attack 47] a list with a name that none may have shuts nobody out, and the name is not shown', async () => {
  const liar = await scene.anotherLiar();
  const kim = await scene.person('Kim', liar);
  const puppet = await registerPuppet(scene.server.origin, 'Lou');
  const { account, identity, device, signing } = puppet;
  const devices = [{ device, signing: signing.publicKey }];
  const name = 'Kim\u202e\u200b';
  const list = await createDeviceList({ identity, at: Date.now(), name, devices });
  liar.answer = ({ path, status, json }) => {
    if (path !== PATHS.keys || status !== 200) return undefined;
    const { accounts } = json as { accounts: { account: AccountId; lists: string[] }[] };
    const lists = [toBase64Url(list.signed)];
    return { accounts: accounts.map((entry) => (entry.account === account ? { ...entry, lists } : entry)) };
  };
  await until(() => kim.state.people.has(account), 'she sees the other');
  await kim.people.safetyNumber(account);
  expect(kim.state.people.get(account)).toMatchObject({ name: `?${account.slice(0, 6)}`, claimed: 'Lou' });
});

test('[attack 49] what a group is called hides nothing: it is refused where it is given', async () => {
  const [mia, noa] = [await scene.person('Mia'), await scene.person('Noa')];
  await until(() => mia.state.people.has(noa.id), 'they find each other');
  for (const name of ['Team\u202e', 'Te\u200bam']) {
    await expect(mia.rooms.createGroup({ name, members: [noa.id] })).rejects.toMatchObject({
      code: 'bad_title',
      flaw: { rule: 'character' },
    });
  }
  const room = await mia.rooms.createGroup({ name: 'Team', members: [noa.id] });
  await expect(mia.rooms.rename(room, { name: 'Team', topic: 'a\u2066b' })).rejects.toMatchObject({
    code: 'bad_title',
    flaw: { character: '\u2066' },
  });
});
