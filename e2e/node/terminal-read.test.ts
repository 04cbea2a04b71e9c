import { afterEach, beforeEach, expect, test } from 'vitest';
import { deliveryOf, until } from '../attacks/support/story.ts';
import { gatherMembers, type Members } from '../support/members.ts';
import { acceptRequests, runCli, signUpGuests } from '../support/terminal.ts';
import { terminalsOfEachTest } from '../support/terminals.ts';

const { server, home } = terminalsOfEachTest();
let members: Members;

beforeEach(async () => {
  members = await gatherMembers(() => server().origin);
});
afterEach(() => members.end());

test('whoever reads by one command has read: the other sees it, and not where it only peeked', async () => {
  await signUpGuests(['Bob'], home);
  const alice = await members.join('Alice');
  const named = () => [...alice.state.people.values()].find(({ name }) => name === 'Bob');
  await until(() => named() !== undefined, 'Alice sees Bob');
  const bob = named();
  if (!bob) throw new Error('Bob is not there');
  const room = await alice.rooms.openDirect(bob.account);
  await alice.messages.send(room, { body: 'hello' });
  await until(() => deliveryOf(alice, room, 'hello') === 'sent', 'it is sent');
  await acceptRequests(home('Bob'));
  const read = async (...options: string[]) => {
    const done = await runCli(['read', 'Alice', ...options, ...home('Bob')]);
    expect(done.code, done.err()).toBe(0);
    expect(done.out()).toContain('hello');
  };
  await read('--peek');
  expect(deliveryOf(alice, room, 'hello')).not.toBe('read');
  await read();
  await until(() => deliveryOf(alice, room, 'hello') === 'read', 'Alice sees that Bob has read it');
}, 60_000);
