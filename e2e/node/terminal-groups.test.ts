import { expect, test } from 'vitest';
import { until } from '../attacks/support/story.ts';
import { acceptRequests, openTerminal, runCli, signUpGuests, startCli } from '../support/terminal.ts';
import { terminalsOfEachTest } from '../support/terminals.ts';

const { server, at, home, open } = terminalsOfEachTest();

const arrive = (...names: string[]) => signUpGuests(names, home);

/** Runs a command as somebody to its good end. @returns the values it printed */
async function as(name: string, args: string[], input = ''): Promise<Record<string, unknown>[]> {
  const done = await runCli([...args, '--json', ...home(name)], input);
  expect(done.code, `${args.join(' ')}: ${done.err()}`).toBe(0);
  return done.json() as Record<string, unknown>[];
}

/** Runs a command that is to fail. @returns what was said */
async function refused(name: string, args: string[], input = ''): Promise<string> {
  const done = await runCli([...args, ...home(name)], input);
  expect(done.code, done.out()).not.toBe(0);
  return done.err();
}

const namesOf = (members: Record<string, unknown>[]) => members.map(({ name }) => name).sort();

test('[R3] [R7] a group is made, filled, renamed, joined by a link, handed on and left, all by plain commands', async () => {
  await arrive('Ada', 'Bob', 'Cy');
  expect(await as('Ada', ['group', 'make', 'Lab', 'Bob', '--topic', 'Rats'])).toMatchObject([
    { kind: 'group', title: 'Lab', topic: 'Rats', role: 'admin' },
  ]);
  await acceptRequests(home('Bob'));
  expect(namesOf(await as('Bob', ['members', 'Lab']))).toEqual(['Ada', 'Bob']);

  // Attack 30: what the role does not allow is refused.
  expect(await refused('Bob', ['group', 'remove', 'Lab', 'Ada'])).not.toBe('');

  const [made] = await as('Ada', ['invite', 'make', 'Lab', '--days', '1']);
  const link = String(made?.link);
  expect(link.startsWith(`${server().origin}/#/join/`)).toBe(true);
  expect(await as('Cy', ['invite', 'show'], `${link}\n`)).toMatchObject([
    { name: 'Lab', members: [{ name: 'Ada' }, { name: 'Bob' }] },
  ]);
  expect(await as('Cy', ['invite', 'join'], `${link}\n`)).toMatchObject([
    { title: 'Lab', standing: 'member', role: 'member' },
  ]);
  expect(namesOf(await as('Ada', ['members', 'Lab']))).toEqual(['Ada', 'Bob', 'Cy']);

  await as('Ada', ['invite', 'revoke', 'Lab']);
  expect(await refused('Bob', ['invite', 'show'], `${link}\n`)).toContain('not open any more'); // attack 38

  expect(await as('Ada', ['group', 'rename', 'Lab', 'Big', 'lab'])).toMatchObject([
    { title: 'Big lab', topic: 'Rats' },
  ]);
  expect(await as('Ada', ['group', 'rules', 'Big lab', '--add', 'member'])).toMatchObject([
    { rules: { add: 'member', history: 'joined' } },
  ]);
  await as('Ada', ['group', 'role', 'Big lab', 'Bob', 'admin']);
  await as('Bob', ['group', 'remove', 'Big lab', 'Cy']);
  expect(await as('Cy', ['rooms'])).toMatchObject([{ standing: 'removed' }]);
  await as('Bob', ['group', 'add', 'Big lab', 'Cy']);
  await acceptRequests(home('Cy'));
  await as('Ada', ['group', 'leave', 'Big lab']);
  await as('Cy', ['send', 'Big lab', 'without Ada']);
  expect(namesOf(await as('Cy', ['members', 'Big lab']))).toEqual(['Bob', 'Cy']);
  expect(await as('Ada', ['rooms'])).toMatchObject([{ standing: 'left' }]);
});

test('[K4] two people compare safety numbers in two terminals; other digits verify nobody', async () => {
  await arrive('Ada', 'Bob');
  await as('Ada', ['send', 'Bob', 'hello']);
  const [ada] = await as('Ada', ['safety', 'Bob']);
  const [bob] = await as('Bob', ['safety', 'Ada']);
  expect(ada?.number).toBe(bob?.number);
  const digits = String(bob?.number);
  const other = digits.replace(/\d/, (digit) => String((Number(digit) + 1) % 10));
  expect(await refused('Ada', ['verify', 'Bob'], `${other}\n`)).toContain('not the same digits');
  expect(await as('Ada', ['people'])).toMatchObject([{ name: 'Bob', trust: 'unverified' }]);
  await as('Ada', ['verify', 'Bob'], `${digits}\n`);
  expect(await as('Ada', ['people'])).toMatchObject([{ name: 'Bob', trust: 'verified' }]);
  await as('Ada', ['unverify', 'Bob']);
  await as('Ada', ['verify', 'Bob', ...digits.split(' ')]);
  expect(await as('Ada', ['rooms'])).toMatchObject([{ security: 'verified' }]);
  expect(await refused('Ada', ['accept-key', 'Bob'], `${digits}\n`)).toContain('did not change');
});

test('on the full screen a group is made and its link brings somebody in, who is then removed', async () => {
  await arrive('Ada', 'Bob');
  const screen = open(openTerminal(at(), home('Ada')));
  const shows = (text: string | RegExp) =>
    until(
      () => (typeof text === 'string' ? screen.text().includes(text) : text.test(screen.text())),
      `the screen shows ${text}:\n${screen.text()}`,
      30_000,
    );
  await shows('○ Bob');
  await shows('● online'); // keys are heard from then on
  screen.press('/group Lab');
  await shows('Command: /group Lab');
  screen.press('\r');
  await shows('Write to Lab');
  screen.press('/invite 1\r');
  await shows('Whoever holds this link');
  const link = /http\S+#\/join\/\S+/.exec(screen.text())?.[0] ?? '';
  const bob = open(startCli('follow', '--json', ...home('Bob')));
  await until(() => bob.err().includes('following'), 'Bob follows');
  // Through the process that has the account.
  await as('Bob', ['invite', 'join'], `${link}\n`);
  screen.press('\u001b');
  await shows('Bob came in by an invite link');
  screen.press('/remove Bob\r');
  await shows('removed Bob');
  await shows('ended 1 invite link'); // attack 45
  screen.press('only for me\r');
  await shows('only for me  ✓');
  expect(namesOf(await as('Ada', ['members', 'Lab']))).toEqual(['Ada']);
  screen.press('/leave\r');
  await shows('/leave now does it');
});
