import { expect, test } from 'vitest';
import { converse, texts, until } from '../attacks/support/story.ts';
import { homesOfEachTest } from '../support/homes.ts';
import { numberOf, signsOff } from '../support/trust.ts';

const KNOWN = 'known to a stranger';
const THEIRS = 'set by the stranger';
const MINE = 'mine again, really';

const { place, online, members } = homesOfEachTest();

/** Paula talks with Bob; a stranger signs in with her password and changes it. */
async function robbed() {
  const bob = await members.join('Bob');
  const laptop = await online(await place('laptop').createAccount('Paula', KNOWN));
  const room = await converse(laptop, bob);
  const phrase = await laptop.account.createRecoveryPhrase(KNOWN);
  const den = place('den');
  const stranger = await online(await den.signIn('Paula', KNOWN));
  await until(() => texts(stranger, room).includes('hello back'), 'the stranger reads');
  return { bob, laptop, room, phrase, den, stranger };
}

test('[K3] [K5] a stranger changed the password first: a device that was signed in takes the account back', async () => {
  const { bob, laptop, room, phrase, den, stranger } = await robbed();
  const number = await numberOf(bob, laptop.id);
  await stranger.account.setPassword(THEIRS);
  await until(() => laptop.state.self.vault === 'locked', 'the laptop is locked out of the vault');
  const epoch = laptop.state.rooms.get(room)?.epoch ?? 0;

  await laptop.account.takeBack(MINE);
  expect(laptop.state.self).toMatchObject({ vault: 'open', recoverable: false });
  expect((await laptop.devices.list()).map(({ current }) => current)).toEqual([true]);
  expect(laptop.state.rooms.get(room)?.epoch).toBeGreaterThan(epoch);
  await until(() => stranger.state.connection.status === 'refused', 'the stranger is shut out');
  expect(await den.profiles()).toEqual([]);
  for (const password of [KNOWN, THEIRS]) {
    await expect(den.signIn('Paula', password)).rejects.toMatchObject({ code: 'bad_login' });
  }
  // Whoever had the vault open knows what the phrase unlocks.
  await expect(den.recover({ name: 'Paula', phrase, password: THEIRS })).rejects.toMatchObject({
    code: 'bad_login',
  });

  await bob.messages.send(room, { body: 'after the stranger' });
  const phone = await online(await place('phone').signIn('Paula', MINE));
  await until(() => texts(phone, room).includes('after the stranger'), 'a new device reads what is new');
  expect(texts(phone, room)).toEqual(['hello', 'hello back', 'after the stranger']);
  expect(phone.state.notices.filter(({ kind }) => kind === 'alarm')).toEqual([]);
  expect(await numberOf(bob, laptop.id)).toBe(number);
  expect(bob.state.people.get(laptop.id)?.trust).toBe('unverified');
});

test('[K5] the same after a restart of the device, which has only what it kept', async () => {
  const { laptop, room, stranger } = await robbed();
  const { id: account } = laptop;
  await laptop.close();
  await stranger.account.setPassword(THEIRS);
  const again = await online(await place('laptop').resume(account));
  await until(() => again.state.self.vault === 'locked', 'locked');
  await expect(again.account.setPassword(MINE)).rejects.toMatchObject({ code: 'usage' });
  await again.account.takeBack(MINE);
  const phrase = await again.account.createRecoveryPhrase(MINE);
  expect(again.state.self).toMatchObject({ vault: 'open', recoverable: true });
  const phone = await online(await place('phone').recover({ name: 'Paula', phrase, password: KNOWN }));
  await until(() => texts(phone, room).includes('hello back'), 'all of the history is there');
});

test('[attack 18] a device that is not in the list takes nothing back, and a guest has nothing to take', async () => {
  const { laptop, stranger, bob } = await robbed();
  await signsOff(laptop, stranger.state.self.device);
  await until(() => stranger.state.connection.status === 'refused', 'the stranger is shut out');
  await expect(stranger.account.takeBack(THEIRS)).rejects.toThrow();
  await expect(bob.account.takeBack(THEIRS)).rejects.toMatchObject({ code: 'usage' });
  await expect(laptop.account.takeBack('short')).rejects.toMatchObject({ code: 'weak_password' });
  await online(await place('phone').signIn('Paula', KNOWN));
});
