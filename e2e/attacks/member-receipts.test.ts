import {
  type DeviceReceipt,
  MessageEnvelopeCodec,
  MessageHeaderCodec,
  PATHS,
  splitSigned,
} from '@sotto/protocol';
import { expect, test } from 'vitest';
import { bytesOf } from './support/forge.ts';
import { RawMember } from './support/member.ts';
import { oneScene } from './support/one-scene.ts';
import { deliveryOf, gather, until } from './support/story.ts';

const epochOf = (body: string): number =>
  MessageHeaderCodec.decode(MessageEnvelopeCodec.decode(splitSigned(bytesOf(body)).payload).header).epoch;

const scene = await oneScene();

test('[attack 5, R5] receipts and signals of an epoch that is over change nothing, however well they are signed', async () => {
  const alice = await scene.person('Alice');
  const [mallory, nora] = await Promise.all(
    ['Mallory', 'Nora'].map((name) => RawMember.register(scene.server.origin, name)),
  );
  if (!mallory || !nora) throw new Error('two registered');
  for (const { account } of [mallory, nora])
    await until(() => alice.state.people.has(account), 'Alice sees them');
  const room = await alice.rooms.createGroup({ name: 'Group', members: [mallory.account, nora.account] });
  await alice.messages.send(room, { body: 'read me' });
  await until(() => deliveryOf(alice, room, 'read me') === 'sent', 'it is in the log');
  const markOf = async (who: RawMember, read: number, counter: number): Promise<DeviceReceipt> => {
    const { body } = await who.seal(
      room,
      { kind: 'receipt', delivered: read, read },
      { kind: 'receipt', counter },
    );
    return { account: who.account, device: who.device, body };
  };
  const typingOf = async (who: RawMember): Promise<DeviceReceipt> => {
    const { body } = await who.seal(room, { kind: 'typing', on: true }, { kind: 'signal' });
    return { account: who.account, device: who.device, body };
  };
  const [old, oldTyping] = [await markOf(mallory, 50, 1_000), await typingOf(mallory)];
  await alice.rooms.rekey(room);
  await until(() => alice.state.rooms.get(room)?.epoch === 2, 'the epoch is over');

  // The server itself takes neither.
  const socket = await mallory.connect();
  for (const [t, { body }] of [
    ['receipt', old],
    ['signal', oldTyping],
  ] as const) {
    socket.send({ t, room, epoch: 1, body });
    expect(await socket.take('refused')).toMatchObject({ re: t, code: 'stale_epoch', epoch: 2 });
  }
  socket.close();

  // A server that passes them on gets no further; what is of now, with a smaller counter, counts.
  scene.liar.say({ t: 'receipts', room, receipts: [old] });
  scene.liar.say({ t: 'signal', room, ...oldTyping });
  scene.liar.say({ t: 'receipts', room, receipts: [await markOf(nora, 2, 1)] });
  scene.liar.say({ t: 'signal', room, ...(await typingOf(nora)) });
  await until(() => alice.state.rooms.get(room)?.typing.includes(nora.account) ?? false, 'Nora types');
  expect(alice.state.rooms.get(room)?.typing).toEqual([nora.account]);
  await until(() => deliveryOf(alice, room, 'read me') === 'read', 'Nora has read');
  const message = alice.timeline(room).state.items.find((item) => item.type === 'message');
  expect(message?.type === 'message' && message.delivery).toEqual({
    state: 'read',
    by: [nora.account],
    of: 2,
  });
  scene.liar.say({ t: 'receipts', room, receipts: [await markOf(mallory, 2, 2)] });
  await until(() => {
    const item = alice.timeline(room).state.items.find((each) => each.type === 'message');
    return item?.type === 'message' && item.delivery?.state === 'read' && item.delivery.by.length === 2;
  }, 'Mallory’s receipt of now counts');
});

test('[R5] after a new epoch everybody tells their receipts anew, whoever made it, so that who comes then knows them', async () => {
  const [ann, ben] = [await scene.person('Ann'), await scene.person('Ben')];
  const eve = await RawMember.register(scene.server.origin, 'Eve');
  await until(() => ann.state.people.has(eve.account), 'Ann sees Eve');
  const room = await gather(ann, [ben]);
  await ann.rooms.addMembers(room, [eve.account]);
  const epochs = async () => {
    const { json } = await eve.call('GET', PATHS.receipts(room));
    return json.receipts.map(({ body }: DeviceReceipt) => epochOf(body)).sort();
  };
  await expect.poll(epochs, { timeout: 15_000 }).toEqual([2, 2]);
  await ann.rooms.rekey(room);
  await expect.poll(epochs, { timeout: 15_000 }).toEqual([3, 3]);
});
