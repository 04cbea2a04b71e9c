import { beforeEach, expect, test } from 'vitest';
import { runCli, signUpGuests } from '../support/terminal.ts';
import { terminalsOfEachTest } from '../support/terminals.ts';

const { home } = terminalsOfEachTest();

beforeEach(() => signUpGuests(['Ada', 'Bob', 'Mallory'], home));

/** Runs a command as somebody to its good end. @returns the values it printed */
async function as(name: string, ...args: string[]): Promise<Record<string, unknown>[]> {
  const done = await runCli([...args, '--json', ...home(name)]);
  expect(done.code, `${args.join(' ')}: ${done.err()}`).toBe(0);
  return done.json() as Record<string, unknown>[];
}

/** Runs a command that is to fail. @returns what was said */
async function refused(name: string, ...args: string[]): Promise<string> {
  const done = await runCli([...args, ...home(name)]);
  expect(done.code, done.out()).not.toBe(0);
  return done.err();
}

const shown = async (name: string, ...args: string[]) => (await runCli([...args, ...home(name)])).out();

test('[attack 48] requests are looked at, declined and blocked by plain commands, until that is taken back', async () => {
  await as('Mallory', 'send', 'Ada', 'hello stranger');
  await as('Mallory', 'group', 'make', 'FREE PRIZES', 'Ada', 'Bob');
  const asked = await as('Ada', 'requests');
  expect(asked).toMatchObject([
    { kind: 'group', name: 'Mallory', others: 1, looksLike: null },
    { kind: 'direct', name: 'Mallory', others: 0 },
  ]);
  const [group, direct] = asked.map(({ number }) => String(number));
  if (!group || !direct) throw new Error('nobody asked');
  // Nothing the stranger chose shows before it is asked for, and looking accepts nothing.
  const list = await shown('Ada', 'requests');
  expect(list).toContain('Mallory brought you into a group with 1 other');
  expect(list).not.toMatch(/PRIZES|hello/);
  expect(await refused('Ada', 'read', 'Mallory')).toContain(`accept ${direct} takes it`);
  expect(await shown('Ada', 'requests', direct)).toContain('hello stranger');
  expect(await shown('Ada', 'requests', group)).toContain('They call it: FREE PRIZES');
  expect(await as('Ada', 'rooms')).toEqual([]);

  await as('Ada', 'decline', group);
  expect(await as('Ada', 'requests')).toMatchObject([{ number: direct }]);
  expect(await refused('Ada', 'decline', group)).toContain('no such request');
  await as('Mallory', 'send', 'FREE PRIZES', 'anybody?'); // under an epoch without Ada
  expect((await as('Mallory', 'members', 'FREE PRIZES')).map(({ name }) => name)).not.toContain('Ada');

  await as('Ada', 'decline', direct, '--block');
  expect(await as('Ada', 'blocked')).toMatchObject([{ name: 'Mallory' }]);
  await as('Mallory', 'send', 'Ada', 'answer me');
  await as('Mallory', 'group', 'make', 'MORE PRIZES', 'Ada');
  expect([await as('Ada', 'requests'), await as('Ada', 'rooms')]).toEqual([[], []]);
  expect(await refused('Ada', 'send', 'Mallory', 'no')).toContain('You blocked this person');
  expect(await refused('Ada', 'unblock', 'Bob')).toContain('nobody of those you blocked');

  await as('Ada', 'unblock', 'Mallory');
  expect(await as('Ada', 'blocked')).toEqual([]);
  expect(await as('Ada', 'requests')).toMatchObject([{ kind: 'group' }]); // what was declined does not ask again
  await as('Ada', 'send', 'Mallory', 'well then');
  expect((await as('Ada', 'read', 'Mallory')).map(({ body }) => body)).toEqual(
    expect.arrayContaining(['hello stranger', 'answer me', 'well then']),
  );
  await as('Ada', 'block', 'Mallory');
  expect(await as('Ada', 'rooms')).toEqual([]);
});
