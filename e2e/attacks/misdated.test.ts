import { PATHS, type RoomId } from '@sotto/protocol';
import { expect, test } from 'vitest';
import { joins } from '../support/trust.ts';
import { forgedHeader } from './support/forge.ts';
import { RawMember } from './support/member.ts';
import { oneScene } from './support/one-scene.ts';
import { alarm, gather, noticed, refusedRules, texts, until } from './support/story.ts';

const DAY = 86_400_000;

const scene = await oneScene();
const { operator } = scene;

test('[attack 40] [R1] a member’s header dated far off is refused by the server, and by everyone where the server lies', async () => {
  const [alice, bob] = [await scene.person('Alice'), await scene.person('Bob')];
  const mallory = await RawMember.register(scene.server.origin, 'Mallory');
  await until(() => alice.state.people.has(mallory.account), 'Alice sees Mallory');
  const room = await alice.rooms.createGroup({ name: 'Group', members: [bob.id, mallory.account] });
  await alice.messages.send(room, { body: 'welcome' });
  await until(() => texts(bob, room).includes('welcome'), 'Bob reads');

  for (const off of [-400 * DAY, -DAY, DAY, 400 * DAY]) {
    const { body } = await mallory.forge(room, () => ({ at: Date.now() + off }));
    const { status, json } = await mallory.call('POST', PATHS.epochs(room), body);
    expect({ status, code: json.code }).toEqual({ status: 409, code: 'misdated' });
  }
  // Now the operator is her friend: the log has it, at the server's own time.
  const { header } = await mallory.forge(room, () => ({ at: Date.now() + 400 * DAY }));
  const entry = operator.append(room, await forgedHeader(header.header, mallory));
  scene.liar.say({ t: 'entries', room, entries: [entry] });
  for (const engine of [alice, bob]) {
    await until(() => refusedRules(engine, room).length > 0, 'it is refused');
    expect(refusedRules(engine, room)).toEqual(['R1']);
    expect(noticed(engine).join()).toContain('dated far from when it came');
    expect(engine.state.rooms.get(room)?.epoch).toBe(1);
    expect(alarm(engine, room)).toBeUndefined();
  }
  await bob.messages.send(room, { body: 'on we go' });
  await until(() => texts(alice, room).includes('on we go'), 'the conversation goes on');
  await alice.rooms.rekey(room); // the next honest header has the same number
  expect(alice.state.rooms.get(room)?.epoch).toBe(2);
});

test('[attack 40] [R7] a link whose header is dated far from when it came leads nowhere', async () => {
  const { liar } = scene;
  const [ann, ben] = [await scene.person('Ann'), await scene.person('Ben')];
  const room = await gather(ann, [], 'Shown');
  const link = await ann.rooms.createInvite(room, Date.now() + DAY);
  const showing = (off: number) => {
    liar.answer = ({ path, json }) => {
      if (!path.includes('/invites/')) return undefined;
      const { headers } = json as { headers: { time: number }[] };
      return { headers: headers.map((one) => ({ ...one, time: one.time + off })) };
    };
  };
  for (const off of [DAY, -DAY]) {
    showing(off);
    await expect(ben.rooms.previewInvite(link)).rejects.toMatchObject({ rule: 'R1' });
  }
  liar.behave();
  await joins(ben, link);
});

test('[attack 40] [R1] a server that finds every date wrong is asked twice, and believed in nothing', async () => {
  const { liar } = scene;
  const ann = await scene.person('Anna');
  const room = await gather(ann, [], 'Alone');
  const posted: unknown[] = [];
  liar.instead = ({ method, path, json }) => {
    if (method !== 'POST' || path !== PATHS.epochs(room as RoomId)) return undefined;
    posted.push(json);
    return { status: 409, json: { code: 'misdated', message: 'No.', time: 1_000 + posted.length } };
  };
  await expect(ann.rooms.rekey(room)).rejects.toMatchObject({ code: 'misdated' });
  expect(posted).toHaveLength(2);
  liar.behave();
  await ann.rooms.rekey(room); // and nothing of it stays
  expect(ann.state.rooms.get(room)?.epoch).toBe(2);
});
