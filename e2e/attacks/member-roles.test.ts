import { createInvite, newProfile, randomId } from '@sotto/crypto';
import type { EpochHeader, MessageId } from '@sotto/protocol';
import { PATHS } from '@sotto/protocol';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { gatherHostile, type Stage, setStage, stillTalk, viewOf } from './support/stage.ts';
import { refusedRules, texts, until } from './support/story.ts';

let stage: Stage;
beforeEach(async () => {
  stage = await setStage();
});
afterEach(() => stage.end());

test('[attack 30, R3] a plain member removes, promotes, demotes, opens the room: refused by the server and by every client', async () => {
  const { alice, bob, mallory, room } = await gatherHostile(stage);
  await alice.rooms.setPolicy(room, { add: 'admin', history: 'joined', profile: 'admin' });
  await until(() => bob.state.rooms.get(room)?.policy.add === 'admin', 'only admins add now');
  const { invite } = await createInvite({
    room,
    profile: newProfile({ name: 'x', topic: '' }),
    expires: Date.now() + 60_000,
  });
  const member = (header: EpochHeader, account: string, role: 'admin' | 'member') =>
    header.members.map((m) => (m.account === account ? { ...m, role } : m));
  const changes: Record<string, (header: EpochHeader) => Partial<EpochHeader>> = {
    'removes Bob': (h) => ({ members: h.members.filter((m) => m.account !== bob.id) }),
    'makes herself admin': (h) => ({ members: member(h, mallory.account, 'admin') }),
    'takes the admin role away': (h) => ({
      members: member(h, alice.id, 'member').map((m) =>
        m.account === mallory.account ? { ...m, role: 'admin' as const } : m,
      ),
    }),
    'opens the policy': () => ({ policy: { add: 'member', history: 'all', profile: 'admin' } }),
    'makes an invite': () => ({ invites: [invite] }),
    'reorders the members': (h) => ({ members: [...h.members].reverse() }),
  };
  const before = viewOf(alice, room);
  for (const [what, change] of Object.entries(changes)) {
    const forged = await mallory.forge(room, change);
    const refused = await mallory.call('POST', PATHS.epochs(room), forged.body);
    expect(refused, what).toMatchObject({ status: 403, json: { code: 'rule_broken' } });
    const { account, device } = mallory;
    await stage.inject(room, {
      kind: 'epoch',
      account,
      device,
      id: randomId<MessageId>(),
      body: forged.header.signed,
    });
  }
  await stillTalk({ alice, bob, room }, 'unmoved');
  for (const person of [alice, bob]) {
    expect(viewOf(person, room)).toEqual(before);
    expect(refusedRules(person, room)).toEqual(Object.keys(changes).map(() => 'R3'));
    expect(
      person.state.notices.some((n) => n.account === mallory.account),
      'told who it was',
    ).toBe(true);
  }
});

test('[attack 30, M4] editing and deleting what others wrote changes nothing anywhere, and is told', async () => {
  const { alice, bob, mallory, room } = await gatherHostile(stage);
  const target = bob.timeline(room).state.items.find((i) => i.type === 'message' && i.body === 'welcome');
  if (target?.type !== 'message' || !target.position) throw new Error('no message to attack');
  const socket = await mallory.connect();
  for (const content of [
    { kind: 'edit', target: target.position, body: 'unwelcome' },
    { kind: 'delete', target: target.position },
  ] as const) {
    // Sealed: the server cannot tell it from a text and takes it.
    expect((await socket.say(await mallory.seal(room, content))).t).toBe('ack');
  }
  await stillTalk({ alice, bob, room }, 'still welcome');
  for (const person of [alice, bob]) {
    expect(texts(person, room)).toContain('welcome');
    expect(texts(person, room)).not.toContain('unwelcome');
    expect(refusedRules(person, room)).toEqual(['M4', 'M4']);
  }
  // An honest engine does not even try.
  await expect(bob.messages.edit(room, target.position, 'mine')).rejects.toMatchObject({ code: 'forbidden' });
  await expect(bob.messages.remove(room, target.position)).rejects.toMatchObject({ code: 'forbidden' });
  await expect(bob.rooms.removeMember(room, alice.id)).rejects.toThrow();
  expect(viewOf(bob, room)).toEqual(viewOf(alice, room));
  socket.close();
});
