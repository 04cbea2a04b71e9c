import { ClientError } from '@sotto/client';
import { PATHS, type RoomId } from '@sotto/protocol';
import { expect, test } from 'vitest';
import { converse, gather, texts, until } from '../attacks/support/story.ts';
import { homesOfEachTest, wholeHistory } from '../support/homes.ts';
import { numberOf, signsOff, verifies } from '../support/trust.ts';

const PASSWORD = 'correct horse battery';

const { place, online, members, service } = homesOfEachTest();

test('[M5] a second device reads all history while nobody else is online', async () => {
  const bob = await members.join('Bob');
  const laptop = await online(await place('laptop').createAccount('Paula', PASSWORD));
  const room = await converse(laptop, bob);
  const said = ['hello', 'hello back'];
  for (let epoch = 0; epoch < 4; epoch++) {
    for (let i = 0; i < 90; i++) {
      said.push(`${epoch}/${i}`);
      await laptop.messages.send(room, { body: `${epoch}/${i}` });
    }
    await until(
      () => texts(laptop, room).length === said.length && texts(bob, room).length === said.length,
      'sent',
    );
    await laptop.rooms.rekey(room);
  }
  await verifies(bob, laptop.id);
  await verifies(laptop, bob.id);
  await laptop.messages.markRead(room, 1_000);
  const number = await numberOf(laptop, bob.id);
  await laptop.close();
  await members.away(bob);

  const phone = await online(await place('phone').signIn('Paula', PASSWORD));
  await until(() => phone.state.rooms.has(room), 'the conversation is there');
  await until(() => texts(phone, room).includes('3/89'), 'the newest messages are readable');
  expect(phone.timeline(room).state.hasOlder).toBe(true);
  expect(await wholeHistory(phone, room)).toEqual(said);
  expect(await numberOf(phone, bob.id)).toBe(number);
  await until(() => phone.state.people.get(bob.id)?.trust === 'verified', 'the verification follows');
  expect(phone.state.rooms.get(room)?.unread).toBe(0);
});

test('a new device shows all conversations by name before it has read them all, and reads first what is opened', async () => {
  const bob = await members.join('Bob');
  const laptop = await online(await place('laptop').createAccount('Paula', PASSWORD));
  await until(() => laptop.state.people.has(bob.id), 'Paula sees Bob');
  const names = Array.from({ length: 14 }, (_, index) => `Club ${index + 1}`);
  const rooms: RoomId[] = [];
  for (const name of names) {
    const room = await laptop.rooms.createGroup({ name, members: [bob.id] });
    await laptop.messages.send(room, { body: `welcome to ${name}` });
    rooms.push(room);
  }
  await until(
    () => rooms.every((room) => bob.state.rooms.get(room)?.last?.preview?.startsWith('welcome')),
    'all of it is sent',
  );
  await laptop.close();
  await members.away(bob);

  const later = rooms.slice(0, 6); // the eight newest are read first, and of the others four at a time
  const asked = new Set<RoomId>();
  const named = Promise.withResolvers<void>();
  const phone = await place('phone', service(), (transport) => ({
    ...transport,
    async request(request) {
      const room = later.find((each) => request.path.startsWith(`${PATHS.log(each)}?after=`));
      if (room) {
        asked.add(room);
        await named.promise;
      }
      return transport.request(request);
    },
  })).signIn('Paula', PASSWORD);
  await online(phone);
  const titles = () => [...phone.state.rooms.values()].map(({ title }) => title).sort();
  await until(() => titles().join() === [...names].sort().join(), 'all are there by name');
  const reading = () => rooms.filter((room) => phone.state.rooms.get(room)?.reading);
  await until(() => reading().length === later.length && asked.size === 4, 'the newest are read');
  expect(reading()).toEqual(later);

  const [waiting] = later.filter((room) => !asked.has(room));
  if (!waiting) throw new Error('all of them are under way');
  const timeline = phone.timeline(waiting);
  timeline.subscribe(() => {
    // As the page does where nothing fills the screen yet.
    if (timeline.state.hasOlder && !timeline.state.loadingOlder) void timeline.loadOlder();
  });
  await until(() => asked.has(waiting), 'what is opened does not wait for its turn');
  expect(timeline.state).toMatchObject({ items: [], hasOlder: true, loadingOlder: true });
  named.resolve();
  await until(() => reading().length === 0, 'all of it is read');
  await until(() => !timeline.state.hasOlder && !timeline.state.loadingOlder, 'and shown to its beginning');
  for (const [index, room] of rooms.entries()) {
    await until(
      () => texts(phone, room).includes(`welcome to ${names[index]}`),
      `${names[index]} is readable`,
    );
  }
});

test('[M5] once a guest has a password, all keys are in the account, though the device breaks in that moment', async () => {
  const bob = await members.join('Bob');
  let broken = false;
  const tablet = place('tablet', service(), (transport) => ({
    ...transport,
    request: (request) =>
      broken ? Promise.reject(new ClientError('unreachable')) : transport.request(request),
  }));
  const guest = await online(await tablet.createGuest('Paula'));
  const room = await converse(guest, bob);
  await guest.rooms.rekey(room);
  await members.away(bob);
  await guest.account.setPassword(PASSWORD);
  broken = true;

  const phone = await online(await place('phone').signIn('Paula', PASSWORD));
  await until(() => phone.state.caughtUp && phone.state.rooms.has(room), 'it caught up');
  expect(await wholeHistory(phone, room)).toEqual(['hello', 'hello back']);
});

test('both devices receive everything live, and read receipts agree', async () => {
  const bob = await members.join('Bob');
  const laptop = await online(await place('laptop').createAccount('Paula', PASSWORD));
  const room = await converse(laptop, bob);
  const phone = await online(await place('phone').signIn('Paula', PASSWORD));
  await until(() => texts(phone, room).includes('hello back'), 'the history is there');
  await bob.messages.send(room, { body: 'to both' });
  await until(
    () => texts(phone, room).includes('to both') && texts(laptop, room).includes('to both'),
    'both read',
  );
  expect(laptop.state.rooms.get(room)?.unread).toBeGreaterThan(0);
  const last = phone.timeline(room).state.items.at(-1);
  await phone.messages.markRead(room, last && 'position' in last ? (last.position ?? 0) : 0);
  await until(() => laptop.state.rooms.get(room)?.unread === 0, 'the laptop knows it was read');
  const devices = await phone.devices.list();
  expect(devices.map((d) => [d.kind, d.current])).toEqual(
    expect.arrayContaining([
      ['terminal', false],
      ['terminal', true],
    ]),
  );
});

test('[attack 34] [attack 39] a device removed with the key it was shown with reads nothing more and erases itself; every room has new keys', async () => {
  const bob = await members.join('Bob');
  const laptop = await online(await place('laptop').createAccount('Paula', PASSWORD));
  const room = await converse(laptop, bob);
  const group = await gather(laptop, [bob], 'Both');
  const lost = place('phone');
  const phone = await online(await lost.signIn('Paula', PASSWORD));
  await until(() => texts(phone, room).includes('hello back'), 'the phone reads');
  const device = phone.state.self.device;
  const epochs = [room, group].map((id) => laptop.state.rooms.get(id)?.epoch ?? 0);
  const another = { device, signing: laptop.state.self.identity };
  await expect(laptop.devices.remove([another])).rejects.toMatchObject({ code: 'not_current' });
  expect(await laptop.devices.list()).toHaveLength(2);
  await signsOff(laptop, device);
  const after = [room, group].map((id) => laptop.state.rooms.get(id)?.epoch ?? 0);
  expect(after.every((epoch, i) => epoch > (epochs[i] ?? 0))).toBe(true);
  await bob.messages.send(room, { body: 'after the loss' });
  await until(() => texts(laptop, room).includes('after the loss'), 'the laptop reads on');
  await until(() => phone.state.connection.status === 'refused', 'the phone is told');
  expect(texts(phone, room)).not.toContain('after the loss');
  await until(() => phone.state.rooms.size === 0, 'the phone forgets');
  expect(await lost.profiles()).toEqual([]);
  expect((await laptop.devices.list()).map((d) => d.device)).not.toContain(device);
});

test('a guest sets a password, keeps everything, and signs in elsewhere', async () => {
  const bob = await members.join('Bob');
  const guest = await online(await place('laptop').createGuest('Gus'));
  const room = await converse(guest, bob);
  const number = await numberOf(guest, bob.id);
  expect(guest.state.self).toMatchObject({ kind: 'guest', vault: 'none' });
  await expect(guest.account.setPassword('short')).rejects.toMatchObject({ code: 'weak_password' });
  await guest.account.setPassword(PASSWORD);
  await until(() => guest.state.self.kind === 'password' && guest.state.self.vault === 'open', 'an account');
  await guest.close();
  await members.away(bob);
  const phone = await online(await place('phone').signIn('Gus', PASSWORD));
  await until(() => texts(phone, room).includes('hello back'), 'the history is there');
  expect(await numberOf(phone, bob.id)).toBe(number);
});

test('[K5] a changed password: the old one is refused, other devices open the vault with the new one', async () => {
  const laptop = await online(await place('laptop').createAccount('Paula', PASSWORD));
  const phone = await online(await place('phone').signIn('Paula', PASSWORD));
  await phone.account.setPassword('another good password');
  await until(() => laptop.state.self.vault === 'locked', 'the laptop is told');
  await expect(place('tablet').signIn('Paula', PASSWORD)).rejects.toMatchObject({ code: 'bad_login' });
  await expect(laptop.account.unlockVault(PASSWORD)).rejects.toMatchObject({ code: 'bad_login' });
  await laptop.account.unlockVault('another good password');
  await until(() => laptop.state.self.vault === 'open', 'the laptop is in step again');
  await online(await place('tablet').signIn('Paula', 'another good password'));
});

test('[K5] a forgotten password: the recovery phrase signs in and sets a new one', async () => {
  const bob = await members.join('Bob');
  const laptop = await online(await place('laptop').createAccount('Paula', PASSWORD));
  const room = await converse(laptop, bob);
  await expect(laptop.account.createRecoveryPhrase('wrong password')).rejects.toMatchObject({
    code: 'bad_login',
  });
  const phrase = await laptop.account.createRecoveryPhrase(PASSWORD);
  expect(phrase.split(' ')).toHaveLength(24);
  await until(() => laptop.state.self.recoverable, 'the account says so');
  await laptop.close();
  const wrong = phrase.split(' ').reverse().join(' ');
  const elsewhere = place('phone');
  const again = { name: 'Paula', phrase, password: 'a third good password' };
  await expect(elsewhere.recover({ ...again, phrase: wrong })).rejects.toMatchObject({ code: 'bad_phrase' });
  await expect(elsewhere.recover({ ...again, name: 'Bob' })).rejects.toMatchObject({ code: 'bad_login' });
  const phone = await online(await elsewhere.recover(again));
  await until(() => texts(phone, room).includes('hello back'), 'all history is readable');
  await online(await place('tablet').signIn('Paula', 'a third good password'));
  await expect(place('desk').signIn('Paula', PASSWORD)).rejects.toMatchObject({ code: 'bad_login' });
  const later = await place('watch').recover({ ...again, password: 'a fourth good password' });
  await online(later); // the phrase still stands after the password changed
});

test('an export holds everything readable, in readable files, and no keys', async () => {
  const { strFromU8, unzipSync } = await import('fflate');
  const bob = await members.join('Bob');
  const laptop = await online(await place('laptop').createAccount('Paula', PASSWORD));
  const room = await converse(laptop, bob);
  await laptop.rooms.createGroup({ name: 'A/B: plans', members: [bob.id] });
  const files = unzipSync(await laptop.account.export());
  const names = Object.keys(files);
  expect(names).toContain('account.json');
  expect(names.some((name) => name.endsWith('A_B_ plans/messages.json'))).toBe(true);
  const text = (end: string) =>
    strFromU8(files[names.find((name) => name.endsWith(end)) ?? ''] ?? new Uint8Array());
  expect(text('Bob/messages.txt')).toMatch(/Paula: hello\n.*Bob: hello back\n/s);
  expect(JSON.parse(text('Bob/messages.json'))).toMatchObject({ room, kind: 'direct' });
  const all = names.map((name) => strFromU8(files[name] ?? new Uint8Array())).join('\n');
  expect(all).not.toMatch(/seed|private|secret/i);
});
