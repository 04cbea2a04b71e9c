import type { HeaderMember } from '@sotto/protocol';
import { describe, expect, it } from 'vitest';
import {
  extendDeviceList,
  generateSigningKey,
  type ListLookup,
  restartDeviceList,
  verifyHeader,
} from '../../src/index.ts';
import { NOW, type Person } from '../support/person.ts';
import { setup, type TestRoom } from '../support/room.ts';

/** What the next header says happened, where Bob's list moved on. */
async function told(room: TestRoom, alice: Person, members: HeaderMember[], lists: ListLookup = room.lists) {
  const { header } = await room.epoch(alice, { members });
  const { events } = await verifyHeader(header.signed, {
    previous: room.header,
    room: room.room,
    author: alice.author(),
    lists,
    departed: new Set(),
    time: null,
  });
  return events;
}

async function start() {
  const { room, people } = await setup('alice', 'bob');
  const [alice, bob] = people;
  await bob.addDevice();
  await bob.addDevice();
  await room.takeEpoch(alice, { members: [alice.member('admin'), bob.member()] });
  const devices = (list: number) => ({ type: 'devices', account: bob.account, list });
  const named = { type: 'named', account: bob.account, before: 'bob', name: 'robert' };
  const now = (role: 'admin' | 'member' = 'member') => [alice.member('admin'), bob.member(role)];
  return { room, alice, bob, devices, named, now };
}

describe('[K3] [attack 49] a list that moved on, between two headers', () => {
  it('tells of the name alone where no device came or went', async () => {
    const { room, alice, bob, named, now } = await start();
    await bob.changeList({ name: 'robert' });
    expect(await told(room, alice, now())).toEqual([named]);
  });

  it('tells of the devices alone where the name stayed', async () => {
    const { room, alice, bob, devices, now } = await start();
    await bob.addDevice();
    expect(await told(room, alice, now())).toEqual([devices(4)]);
  });

  it('tells of both: a device more, one less, and one in the place of another', async () => {
    const { room, alice, bob, devices, named, now } = await start();
    const [, , third] = bob.devices.splice(0);
    if (!third) throw new Error('three devices');
    await bob.changeList({ name: 'robert', remove: [third] });
    expect(await told(room, alice, now())).toEqual([devices(4), named]);
    await bob.changeList({ add: [third] });
    expect(await told(room, alice, now())).toEqual([named]);
    await bob.changeList({ remove: [third], add: [await bob.makeDevice()] });
    expect(await told(room, alice, now())).toEqual([devices(6), named]);
    await bob.changeList({ add: [third] });
    expect(await told(room, alice, now())).toEqual([devices(7), named]);
  });

  it('tells of the name once, whatever else became of its person', async () => {
    const { room, alice, bob, named, now } = await start();
    await bob.changeList({ name: 'robert' });
    const events = await told(room, alice, now('admin'));
    expect(events).toContainEqual({ type: 'role', account: bob.account, role: 'admin' });
    expect(events.filter(({ type }) => type === 'named')).toEqual([named]);
    expect(events).toHaveLength(2);
  });

  it('[K4] tells of another identity also where its name is another, and its device the same', async () => {
    const { room, people } = await setup('alice', 'bob');
    const [alice, bob] = people;
    const identity = await generateSigningKey({ extractable: false });
    const { device, signing } = bob.main;
    const first = { account: bob.account, identity, at: NOW + 9, device, signing: signing.publicKey };
    const restarted = await restartDeviceList(bob.newest.signed, first);
    bob.lists.push(restarted, await extendDeviceList(restarted, identity, { at: NOW + 10, name: 'robert' }));
    expect(await told(room, alice, [alice.member('admin'), bob.member()])).toEqual([
      { type: 'identity', account: bob.account },
      { type: 'named', account: bob.account, before: 'bob', name: 'robert' },
    ]);
  });

  it('tells of the devices where the older list is not here any more', async () => {
    const { room, alice, bob, devices, now } = await start();
    await bob.changeList({ name: 'robert' });
    const newest: ListLookup = async (account, version) =>
      account === bob.account && version === 3 ? undefined : room.lists(account, version);
    expect(await told(room, alice, now(), newest)).toEqual([devices(4)]);
  });
});
