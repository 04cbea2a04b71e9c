import { type Content, randomBytes, sha256 } from '@sotto/crypto';
import { chainGenesisInput, type MessageId, type RoomId, type Seen } from '@sotto/protocol';
import { expect, test } from 'vitest';
import { bytesOf } from './support/forge.ts';
import { RawMember } from './support/member.ts';
import { oneScene } from './support/one-scene.ts';
import { alarm, refusedRules, texts, until } from './support/story.ts';

const scene = await oneScene();
const { operator } = scene;

test('[M2] [attack 9] what somebody saw before the own start is compared with nothing; at the start, and behind it, it is', async () => {
  const [alice, carol] = [await scene.person('Alice'), await scene.person('Carol')];
  const mallory = await RawMember.register(scene.server.origin, 'Mallory');
  await until(() => alice.state.people.has(mallory.account), 'Alice sees Mallory');
  const room = await alice.rooms.createGroup({ name: 'Group', members: [mallory.account] });
  for (const body of ['one', 'two', 'three']) await alice.messages.send(room, { body });
  await until(() => operator.log(room).length === 4, 'they are in the log');
  await alice.rooms.addMembers(room, [carol.id]);
  await alice.messages.send(room, { body: 'welcome' });
  await until(() => texts(carol, room).includes('welcome'), 'Carol is in, from position 4 on');

  // Slow, and honest: it had seen nothing but what is before Carol's time.
  const socket = await mallory.connect();
  const genesis: Seen = { position: 0, chain: await sha256(chainGenesisInput(room)) };
  const say = (content: Content, seen: Seen) => mallory.seal(room, content, { seen });
  expect((await socket.say(await say({ kind: 'text', body: 'late' }, genesis))).t).toBe('ack');
  socket.close();
  for (const engine of [alice, carol]) {
    await until(() => texts(engine, room).includes('late'), 'it is read');
    expect(refusedRules(engine, room)).toEqual([]);
  }

  // The operator lets pass what its server would refuse. Only who was there knows better.
  await told(room, { position: 2, chain: randomBytes(32) }, 'before her time');
  await until(() => alarm(alice, room)?.kind === 'fork', 'Alice was there');
  await until(() => texts(carol, room).includes('before her time'), 'Carol was not');
  expect(alarm(carol, room)).toBeUndefined();
  await told(room, { position: 4, chain: randomBytes(32) }, 'at her start');
  await until(() => alarm(carol, room)?.kind === 'fork', 'Carol knows where she began');
  expect(texts(carol, room)).not.toContain('at her start');

  async function told(where: RoomId, seen: Seen, body: string): Promise<void> {
    const frame = await say({ kind: 'text', body }, seen);
    const { account, device } = mallory;
    const id = frame.id as MessageId;
    const entry = operator.append(where, { kind: 'message', account, device, id, body: bytesOf(frame.body) });
    scene.liar.say({ t: 'entries', room: where, entries: [entry] });
  }
});
