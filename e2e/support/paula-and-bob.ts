import type { Person } from './page.ts';

export const PASSWORD = 'correct horse battery';
export const OTHER_PASSWORD = 'another good password';

/** Paula has an account and has talked with Bob, who is a guest. */
export async function paulaAndBob(
  person: (name: string) => Promise<Person>,
  visitor: () => Promise<Person>,
): Promise<[paula: Person, bob: Person]> {
  const [bob, paula] = await Promise.all([person('Bob'), visitor()]);
  await paula.createAccount('Paula', PASSWORD);
  await paula.openDirect('Bob');
  await paula.send('hello Bob');
  await bob.openConversation('Paula');
  await bob.reads('hello Bob');
  await bob.send('hello back');
  await paula.reads('hello back');
  return [paula, bob];
}

/** Somebody who knows Paula's password signs in as her and reads on. */
export async function signsInAsPaula(visitor: () => Promise<Person>): Promise<Person> {
  const stranger = await visitor();
  await stranger.signIn('Paula', PASSWORD);
  await stranger.openConversation('Bob');
  await stranger.reads('hello back');
  return stranger;
}
