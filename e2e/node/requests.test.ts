import type { Engine } from '@sotto/client';
import type { RoomId } from '@sotto/protocol';
import { expect, test } from 'vitest';
import { deliveryOf, noticed, pause, texts, until } from '../attacks/support/story.ts';
import { homesOfEachTest } from '../support/homes.ts';

const { asking, online, members } = homesOfEachTest();

const PASSWORD = 'a good password';
const paula = (place: string) => asking(place).createAccount('Paula', PASSWORD).then(online);
const further = (place: string) => asking(place).signIn('Paula', PASSWORD).then(online);

/** Everything this person was told of without looking for it. */
function told(engine: Engine): string[] {
  const heard: string[] = [];
  engine.events.on((event) => heard.push(event.type === 'message' ? event.body : event.type));
  return heard;
}

const requestOf = (engine: Engine, room: RoomId) => engine.state.requests.find((one) => one.room === room);

async function asked(engine: Engine, room: RoomId) {
  await until(() => requestOf(engine, room) !== undefined, 'the request is there');
  const request = requestOf(engine, room);
  if (!request) throw new Error('the request went away');
  return request;
}

async function meets(a: Engine, b: Engine): Promise<void> {
  await until(() => a.state.people.has(b.id), 'they find each other');
}

test('[attack 48] a first message of a stranger asks: nothing tells of it, nothing is told back, and accepting shows all', async () => {
  const [laptop, mallory] = [await paula('laptop'), await members.join('Mallory')];
  const heard = told(laptop);
  await meets(mallory, laptop);
  const room = await mallory.rooms.openDirect(laptop.id);
  await mallory.messages.send(room, { body: 'hello stranger' });
  await until(() => deliveryOf(mallory, room, 'hello stranger') === 'sent', 'it is sent');
  const request = await asked(laptop, room);
  expect(request).toMatchObject({ kind: 'direct', by: mallory.id, name: 'Mallory', others: 0 });
  await until(() => texts(laptop, room).includes('hello stranger'), 'it was received');
  expect([laptop.state.rooms.size, laptop.state.order, heard, noticed(laptop)]).toEqual([0, [], [], []]);
  expect(await laptop.messages.search('hello')).toEqual([]);
  // Looking at it is no reading, and typing there tells nothing.
  await laptop.messages.markRead(room, 99);
  laptop.messages.setTyping(room, true);
  await pause(700);
  expect(deliveryOf(mallory, room, 'hello stranger')).toBe('sent');
  expect(mallory.state.rooms.get(room)?.typing).toEqual([]);
  const another = `${request.header.startsWith('A') ? 'B' : 'A'}${request.header.slice(1)}`;
  await expect(laptop.rooms.acceptRequest(room, another)).rejects.toMatchObject({
    code: 'not_current',
  });
  await laptop.rooms.acceptRequest(room, request.header);
  expect(laptop.state.requests).toEqual([]);
  expect(laptop.state.rooms.get(room)).toMatchObject({ title: 'Mallory', unread: 1 });
  await until(() => deliveryOf(mallory, room, 'hello stranger') === 'delivered', 'now it was delivered');
  await mallory.messages.send(room, { body: 'and now' });
  await until(() => heard.includes('and now'), 'what follows notifies');
  // Who is known now needs not ask again.
  const group = await mallory.rooms.createGroup({ name: 'Ours', members: [laptop.id] });
  await until(
    () => laptop.state.rooms.get(group)?.title === 'Ours',
    'a group of somebody known is there at once',
  );
});

test('[attack 48] a declined group is left and does not ask again, on no device; the group goes on', async () => {
  const [laptop, mallory, bob] = [
    await paula('laptop'),
    await members.join('Mallory'),
    await members.join('Bob'),
  ];
  const phone = await further('phone');
  await meets(mallory, laptop);
  await meets(mallory, bob);
  const group = { name: 'FREE PRIZES', topic: 'now', members: [laptop.id, bob.id] };
  const room = await mallory.rooms.createGroup(group);
  await asked(laptop, room);
  await until(() => requestOf(laptop, room)?.preview.title === 'FREE PRIZES', 'it would be there to look at');
  const { preview: _shown, ...before } = await asked(laptop, room);
  expect(JSON.stringify(before)).not.toMatch(/PRIZES/); // only who asks to look sees what they chose
  expect(before).toMatchObject({ kind: 'group', name: 'Mallory', others: 1 });
  await asked(phone, room);
  await laptop.rooms.declineRequest(room, { header: before.header, block: false });
  const members2 = () => mallory.state.rooms.get(room)?.members.map(({ name }) => name);
  await until(() => members2()?.length === 2, 'the others go on without Paula');
  await until(() => phone.state.requests.length === 0, 'the other device heard of it');
  await mallory.rooms.addMembers(room, [laptop.id]);
  await until(() => members2()?.length === 3, 'Mallory insists');
  await mallory.messages.send(room, { body: 'come back' });
  await until(() => texts(bob, room).includes('come back'), 'Bob reads');
  await pause(500);
  const tablet = await further('tablet');
  await until(() => tablet.state.caughtUp, 'a new device knows all');
  for (const device of [laptop, phone, tablet]) {
    expect([device.state.requests, device.state.order]).toEqual([[], []]);
  }
});

test('[attack 48] a declined group is nowhere on the way out either: the other devices hear of the answer first', async () => {
  const [laptop, mallory] = [await paula('laptop'), await members.join('Mallory')];
  const phone = await further('phone');
  await meets(mallory, laptop);
  const room = await mallory.rooms.createGroup({ name: 'FREE PRIZES', members: [laptop.id] });
  const [request] = [await asked(laptop, room), await asked(phone, room)];
  let shown = 0;
  phone.subscribe(() => {
    if (phone.state.rooms.has(room)) shown += 1;
  });
  await laptop.rooms.declineRequest(room, { header: request.header, block: false });
  await until(() => mallory.state.rooms.get(room)?.members.length === 1, 'Paula is out');
  await until(() => phone.state.requests.length === 0, 'the phone heard of it');
  await pause(1_500);
  expect(shown).toBe(0);
});

test('[attack 48] who is blocked is not heard of on any device, also a new one, until they are unblocked', async () => {
  const [laptop, mallory] = [await paula('laptop'), await members.join('Mallory')];
  const phone = await further('phone');
  await meets(laptop, mallory);
  const shared = await laptop.rooms.createGroup({ name: 'Shared', members: [mallory.id] });
  const direct = await laptop.rooms.openDirect(mallory.id);
  await laptop.messages.send(direct, { body: 'hi' });
  await until(() => texts(mallory, direct).includes('hi'), 'they talk');
  await until(() => phone.state.rooms.has(shared) && phone.state.rooms.has(direct), 'the phone has both');
  await laptop.people.block(mallory.id);
  await until(() => phone.state.blocked.get(mallory.id) === 'Mallory', 'the phone heard of it');
  const heard = [told(laptop), told(phone)];
  await mallory.messages.send(direct, { body: 'angry' });
  await mallory.messages.send(shared, { body: 'angry too' });
  const further1 = await mallory.rooms.createGroup({ name: 'More', members: [laptop.id] });
  await laptop.messages.send(shared, { body: 'never mind' });
  await until(() => texts(phone, shared).includes('never mind'), 'the group goes on');
  await until(() => texts(phone, direct).includes('angry'), 'what they write is kept');
  const tablet = await further('tablet');
  await until(() => tablet.state.rooms.has(shared) && tablet.state.caughtUp, 'a new device knows all');
  await until(() => texts(tablet, shared).includes('angry too'), 'the new device reads');
  for (const device of [laptop, phone, tablet]) {
    expect(device.state.order).toEqual([shared]);
    expect(device.state.requests).toEqual([]);
    expect(device.state.rooms.get(shared)).toMatchObject({ mentions: 0 });
    await until(() => texts(device, shared).includes('angry too'), 'it stands there');
    const { items } = device.timeline(shared).state;
    const angry = items.find((item) => item.type === 'message' && item.body === 'angry too');
    expect(angry).toMatchObject({ blocked: true });
  }
  expect(phone.state.rooms.get(shared)).toMatchObject({ unread: 0 });
  expect(heard).toEqual([[], []]);
  await expect(laptop.rooms.openDirect(mallory.id)).rejects.toMatchObject({ code: 'usage' });
  // A start of the program changes nothing.
  await phone.close();
  const again = await asking('phone').resume(laptop.id).then(online);
  expect([again.state.order, [...again.state.blocked.values()]]).toEqual([[shared], ['Mallory']]);
  await again.people.unblock(mallory.id);
  for (const device of [again, laptop, tablet]) {
    await until(() => device.state.rooms.has(direct), 'the conversation is back everywhere');
    await until(() => texts(device, direct).includes('angry'), 'with all that was said');
    await until(() => device.state.rooms.get(direct)?.unread === 1, 'as something new');
    // They share a group that Paula made, so this needs no asking.
    await until(() => device.state.rooms.has(further1), 'and what they brought her into');
  }
});

test('[attack 48] a verified contact needs not ask; being known ends with the last room in common, if nothing was said since', async () => {
  const [laptop, bob, carol] = [
    await paula('laptop'),
    await members.join('Bob'),
    await members.join('Carol'),
  ];
  await meets(laptop, bob);
  await meets(laptop, carol);
  await meets(carol, laptop);
  await meets(bob, laptop);
  const number = await laptop.people.safetyNumber(bob.id);
  if (!number) throw new Error('Bob has no key');
  await laptop.people.setVerified(bob.id, number.identity, true);
  const direct = await bob.rooms.openDirect(laptop.id);
  await until(() => laptop.state.rooms.has(direct), 'Bob needs not ask');
  const shared = await laptop.rooms.createGroup({ name: 'Shared', members: [carol.id] });
  await until(() => carol.state.rooms.has(shared), 'Carol is in');
  const [seen, unseen] = [
    await carol.rooms.createGroup({ name: 'Seen', members: [laptop.id] }),
    await carol.rooms.createGroup({ name: 'Unseen', members: [laptop.id] }),
  ];
  await until(() => laptop.state.rooms.has(seen) && laptop.state.rooms.has(unseen), 'Carol needs not ask');
  await laptop.messages.markRead(seen, 1);
  await laptop.rooms.leave(shared);
  await laptop.rooms.leave(seen);
  await until(() => requestOf(laptop, unseen) !== undefined, 'what was never looked at asks now');
  expect(laptop.state.rooms.get(seen)).toMatchObject({ title: 'Seen', standing: 'left' }); // to be read as before
  // Who left is asked again.
  await until(() => carol.state.rooms.get(seen)?.members.length === 1, 'Carol is alone there');
  await carol.rooms.addMembers(seen, [laptop.id]);
  await asked(laptop, seen);
});

test('[attack 48] [K5] what a guest decided goes with them into their first vault', async () => {
  const guest = await asking('laptop').createGuest('Gus').then(online);
  const [mallory, bob] = [await members.join('Mallory'), await members.join('Bob')];
  for (const one of [mallory, bob]) {
    await meets(one, guest);
    await meets(guest, one);
  }
  await guest.people.block(mallory.id);
  const room = await bob.rooms.openDirect(guest.id);
  await guest.rooms.acceptRequest(room, (await asked(guest, room)).header);
  await guest.account.setPassword(PASSWORD);
  const phone = await asking('phone').signIn('Gus', PASSWORD).then(online);
  await until(() => phone.state.rooms.has(room), 'the accepted conversation is one');
  await mallory.rooms.openDirect(guest.id);
  await pause(700);
  for (const device of [guest, phone]) {
    expect([...device.state.blocked.values()]).toEqual(['Mallory']);
    expect([device.state.requests, device.state.order]).toEqual([[], [room]]);
  }
});

test('[attack 48] [K5] what a device decided while it was away and what the others decided meanwhile hold on all of them', async () => {
  const [laptop, mallory, trent] = [
    await paula('laptop'),
    await members.join('Mallory'),
    await members.join('Trent'),
  ];
  for (const one of [mallory, trent]) await meets(laptop, one);
  const phone = await further('phone');
  const group = await laptop.rooms.createGroup({ name: 'All', members: [mallory.id, trent.id] });
  await until(() => phone.state.rooms.has(group), 'the phone has the group');
  await phone.close();
  await laptop.people.block(mallory.id);
  for (const one of [mallory, trent]) {
    await until(() => one.state.rooms.has(group), 'they have the group');
    await one.messages.send(group, { body: `by ${one.state.self.name}` });
  }
  await until(() => texts(laptop, group).length === 2, 'both wrote');
  await pause(500); // the vault has it
  const back = await asking('phone').resume(laptop.id);
  const heard = told(back);
  await back.people.block(trent.id); // on the ground of an older vault
  await online(back);
  for (const device of [laptop, back]) {
    await until(() => device.state.blocked.size === 2, 'both are blocked');
    await until(() => texts(device, group).length === 2, 'what they wrote is kept');
    await until(() => device.state.rooms.get(group)?.unread === 0, 'and calls for nobody');
    expect(await device.messages.search('by')).toEqual([]);
    const { items } = device.timeline(group).state;
    const folded = items.flatMap((item) => (item.type === 'message' ? [item.blocked] : []));
    expect(folded).toEqual([true, true]);
  }
  expect(heard.filter((body) => body.includes('Mallory'))).toEqual([]);
});

test('[attack 48] a further device knows whom one blocked and what one accepted, with what was said with them', async () => {
  const [laptop, mallory, bob] = [
    await paula('laptop'),
    await members.join('Mallory'),
    await members.join('Bob'),
  ];
  for (const one of [mallory, bob]) {
    await meets(one, laptop);
    await meets(laptop, one);
  }
  const theirs = await bob.rooms.openDirect(laptop.id);
  await laptop.rooms.acceptRequest(theirs, (await asked(laptop, theirs)).header);
  const direct = await laptop.rooms.openDirect(mallory.id);
  await laptop.messages.send(direct, { body: 'hi' });
  await until(() => texts(mallory, direct).includes('hi'), 'they talk');
  await mallory.messages.send(direct, { body: 'you fool' });
  await until(() => texts(laptop, direct).includes('you fool'), 'it came');
  await laptop.people.block(mallory.id);
  const phone = await further('phone');
  await until(() => phone.state.rooms.has(theirs) && phone.state.caughtUp, 'what was accepted is open');
  expect([phone.state.order, phone.state.requests]).toEqual([[theirs], []]);
  expect([...phone.state.blocked]).toEqual([[mallory.id, 'Mallory']]);
  await phone.people.unblock(mallory.id);
  await until(() => phone.state.rooms.has(direct), 'the conversation is back');
  await until(() => texts(phone, direct).length === 2, 'and what was said is read');
  expect(texts(phone, direct)).toEqual(['hi', 'you fool']);
});
