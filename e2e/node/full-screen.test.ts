import { once } from 'node:events';
import { expect, test } from 'vitest';
import { until } from '../attacks/support/story.ts';
import {
  acceptRequests,
  openTerminal,
  runCli,
  type ScreenTerminal,
  signUpGuests,
  startCli,
} from '../support/terminal.ts';
import { terminalsOfEachTest } from '../support/terminals.ts';

const KEYS = { enter: '\r', escape: '\u001b', help: '\u0007', quit: '\u0003', down: '\u001b[B' };
const PASSWORD = 'correct horse battery';

const { server, at, home, open } = terminalsOfEachTest();

function atScreen(name: string, ...args: string[]): ScreenTerminal {
  return open(openTerminal(at(), [...args, ...home(name)]));
}

const shows = (terminal: ScreenTerminal, text: string) =>
  until(() => terminal.text().includes(text), `the screen shows "${text}":\n${terminal.text()}`, 30_000);

async function type(terminal: ScreenTerminal, text: string): Promise<void> {
  terminal.press(text);
  await shows(terminal, text);
  terminal.press(KEYS.enter);
}

test('two people talk on the full screen, resize it, read the help and quit', async () => {
  await signUpGuests(['Alice', 'Bob'], home);
  const alice = atScreen('Alice');
  const bob = atScreen('Bob');
  await shows(alice, '● online');
  await shows(alice, '● Bob');
  await shows(bob, '● Alice');
  alice.press(KEYS.enter);
  await shows(alice, 'Write to Bob');
  await type(alice, 'hello on the whole screen');
  await shows(alice, 'you: hello on the whole screen');

  await shows(bob, '1 request: /requests');
  await acceptRequests(home('Bob'));
  await shows(bob, 'Alice   '); // the conversation takes the person's place in the list
  await until(() => /Alice +1/.test(bob.text()), `Bob sees one unread message:\n${bob.text()}`);
  bob.press(KEYS.enter);
  await shows(bob, 'Alice: hello on the whole screen');
  await shows(alice, 'hello on the whole screen  ✓✓ read');
  expect(bob.text()).not.toMatch(/Alice +1/);
  bob.press('and');
  await shows(alice, 'Bob is typing');
  await type(bob, ' back');
  await shows(alice, 'Bob: and back');

  alice.resize(14, 50);
  await until(
    () => !alice.text().includes('Conversations') && alice.text().includes('Bob: and back'),
    `a narrow window shows the conversation alone:\n${alice.text()}`,
  );
  alice.resize(24, 100);
  await shows(alice, 'Conversations');
  alice.press(KEYS.help);
  await shows(alice, 'next and previous conversation');
  alice.press(KEYS.escape);
  await shows(alice, 'Bob: and back');

  // Another process of the same person works through the one that has the account.
  const sent = await runCli(['send', 'Bob', 'beside the screen', '--json', ...home('Alice')]);
  expect(sent.err()).toBe('');
  expect(sent.json()).toMatchObject([{ body: 'beside the screen', own: true }]);
  await shows(alice, 'you: beside the screen');
  await shows(bob, 'Alice: beside the screen');

  const exited = once(alice.child, 'exit');
  alice.press(KEYS.quit);
  expect((await exited)[0]).toBe(0);
  expect(alice.written()).toContain('\u001b[?1049l'); // the terminal is as it was
});

test('[E5] the screen says that the connection is gone, keeps what is written, and sends it later', async () => {
  await signUpGuests(['Alice', 'Bob'], home);
  const bob = open(startCli('follow', '--json', '--name', 'Bob', ...home('Bob')));
  await until(() => bob.err().includes('following'), 'Bob follows');
  const alice = atScreen('Alice');
  await shows(alice, '● Bob');
  alice.press(KEYS.enter);
  await shows(alice, 'Write to Bob');
  await type(alice, 'first');
  await acceptRequests(home('Bob'));
  await type(alice, 'before');
  await until(() => bob.out().includes('before'), 'Bob reads');
  await server().stop();
  await shows(alice, '○ offline');
  await type(alice, 'meanwhile');
  await shows(alice, 'you: meanwhile  …');
  await server().restart();
  await shows(alice, '● online');
  await until(() => bob.out().includes('meanwhile'), 'Bob reads what was written offline', 60_000);
  await shows(alice, 'you: meanwhile  ✓');
  const bodies = bob.json().map((line) => (line as { body: string }).body);
  expect(bodies).toEqual(['before', 'meanwhile']);
});

test('[K5] a password is asked without being shown; a second terminal signs in with it and reads', async () => {
  const paula = atScreen('desk', 'signup', '--name', 'Paula');
  await shows(paula, 'Password, at least 8 characters:');
  paula.press(`${PASSWORD}\r`);
  await shows(paula, 'Once more:');
  const exited = once(paula.child, 'exit');
  paula.press(`${PASSWORD}\r`);
  expect((await exited)[0], paula.text()).toBe(0);
  expect(paula.written()).not.toContain(PASSWORD.slice(0, 7));

  await signUpGuests(['Bob'], home);
  const said = await runCli(['send', 'Bob', 'from the desk', ...home('desk')]);
  expect(said.code, said.err()).toBe(0);
  const signed = await runCli(['signin', '--name', 'Paula', ...home('laptop')], `${PASSWORD}\n`);
  expect(signed.code, signed.err()).toBe(0);
  const history = await runCli(['read', 'Bob', '--json', ...home('laptop')]);
  expect(history.json()).toContainEqual(expect.objectContaining({ body: 'from the desk', own: true }));
  const devices = await runCli(['devices', '--json', ...home('laptop')]);
  expect(devices.json()).toHaveLength(2);
  const phrase = await runCli(['phrase', ...home('laptop')], `${PASSWORD}\n`);
  expect(phrase.out().trim().split(' ')).toHaveLength(24);
  const recovered = await runCli(
    ['recover', '--name', 'Paula', ...home('found')],
    `${phrase.out().trim()}\nanother long one\n`,
  );
  expect(recovered.code, recovered.err()).toBe(0);
  const again = await runCli(['read', 'Bob', '--json', ...home('found')]);
  expect(again.json()).toContainEqual(expect.objectContaining({ body: 'from the desk', own: true }));
});
