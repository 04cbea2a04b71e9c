import type { Sotto } from '@sotto/client';
import { expect, test } from 'vitest';
import { homesOfEachTest } from '../support/homes.ts';
import { operate } from '../support/operate.ts';

/** As one keyboard types them and as another does: the same passwords (RFC 8265, OpaqueString). */
const COMPOSED = 'pässwörd auf Straße';
const DECOMPOSED = `${COMPOSED.normalize('NFD').replace(' ', '\u00a0')}`;
const NEXT = ['Çok gizli şifre', 'Çok gizli şifre'.normalize('NFD')] as const;

const { service, place, online } = homesOfEachTest();

const signedIn = async (home: Sotto, password: string) => {
  const engine = await online(await home.signIn('Paula', password));
  await engine.close();
};

test('[K5] [attack 18] a password is one, however it is typed: made, signed in with, asked for and changed', async () => {
  const laptop = await online(await place('laptop').createAccount('Paula', COMPOSED));
  const phone = await online(await place('phone').signIn('Paula', DECOMPOSED));
  expect(phone.id).toBe(laptop.id);
  await laptop.account.createRecoveryPhrase(DECOMPOSED); // which asks for it again
  await laptop.account.setPassword(NEXT[0]);
  await expect(place('other').signIn('Paula', COMPOSED)).rejects.toMatchObject({ code: 'bad_login' });
  await phone.account.unlockVault(NEXT[1]);
  expect(phone.state.self.vault).toBe('open');
  await signedIn(place('third'), NEXT[1]);
  await laptop.account.takeBack(DECOMPOSED);
  await signedIn(place('fourth'), COMPOSED);
});

test('[K5] the same on every way back: phrase, operator’s code, a guest who becomes an account', async () => {
  const laptop = await online(await place('laptop').createGuest('Paula'));
  await laptop.account.setPassword(COMPOSED);
  const phrase = await laptop.account.createRecoveryPhrase(DECOMPOSED);
  await online(await place('cleared').recover({ name: 'Paula', phrase, password: NEXT[1] }));
  await signedIn(place('third'), NEXT[0]);
  const said = operate(service().data, 'reset-code', 'Paula');
  const code = /[0-9A-Z]{4}(-[0-9A-Z]{4}){4}/.exec(said)?.[0] ?? '';
  await online(await place('anew').reset({ name: 'Paula', code, password: DECOMPOSED }));
  await signedIn(place('fourth'), COMPOSED);
});

test('a password with a character that none may have is refused by that character, on the device', async () => {
  const home = place('laptop');
  for (const go of [
    () => home.createAccount('Paula', 'tabs\tare no password'),
    () => home.signIn('Paula', 'tabs\tare no password'),
  ]) {
    await expect(go()).rejects.toMatchObject({
      code: 'bad_password',
      flaw: { rule: 'character', character: '\t' },
    });
  }
  expect(await home.profiles()).toEqual([]);
});
