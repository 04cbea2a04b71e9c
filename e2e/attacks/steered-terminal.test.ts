import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { acceptRequests, openTerminal, runCli, signUpGuests, startCli } from '../support/terminal.ts';
import { type Scene, setScene, until } from './support/story.ts';

/** Controls of each kind: C0 with escape sequences, DEL, C1 (one sign is a whole introducer), bidi, separators. */
const HOSTILE =
  '\u001b]0;owned\u0007\u001b[2J\u009b31m\u0090\u009d\u007f\u202egnp\u2066\u200f\u061c\u2028end';
/** Nothing of it may be printed; on the full screen Ink's own sequences may. */
const STEERS = /[[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]--[\t\n\r\p{Join_Control}]]/v;
const ESCAPES = /[[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]--[\t\n\p{Join_Control}]]/v;
const OWNED = '\u001b]0;owned';

let scene: Scene;
let folder: string;
const open: { end(): Promise<void> }[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sotto-steered-'));
  scene = await setScene();
  await signUpGuests(['Ada', 'Bob'], home);
});
afterEach(async () => {
  for (const each of open.splice(0)) await each.end();
  await scene.end();
  await rm(folder, { recursive: true, force: true });
});

/** Bob's server lies. */
const home = (name: string) => [
  ...['--server', name === 'Bob' ? scene.liar.origin : scene.server.origin],
  ...['--dir', join(folder, name)],
];

async function as(name: string, ...args: string[]): Promise<string> {
  const done = await runCli([...args, ...home(name)]);
  expect(done.code, `${args.join(' ')}: ${done.err()}`).toBe(0);
  return `${done.out()}${done.err()}`;
}

/** Ada says it in a message, a reaction and the name of a file. (A name with it is refused before it is shown: attack 49.) */
async function attack(): Promise<void> {
  await mkdir(join(folder, 'files'));
  const file = join(folder, 'files', HOSTILE);
  await writeFile(file, 'x');
  await as('Ada', 'send', 'Bob', `text ${HOSTILE}`);
  await as('Ada', 'send', 'Bob', '--file', file);
  const chat = startCli('chat', ...home('Ada'));
  open.push(chat);
  chat.child.stdin?.write('/open Bob\n/react 2 \u009b2J\n');
  await acceptRequests(home('Bob'));
}

test('[attack 31] no text, emoji or file name of others steers the terminal, and --json keeps their value', async () => {
  await attack();
  for (;;) if ((await as('Bob', 'read', 'Ada', '--json')).includes('9b2J')) break;
  for (const args of [
    ['read', 'Ada'],
    ['files', 'Ada'],
    ['search', 'text'],
  ]) {
    const plain = await as('Bob', ...args);
    expect(plain, args.join(' ')).toMatch(/Ada/);
    expect(plain, args.join(' ')).not.toMatch(ESCAPES);
    expect(await as('Bob', ...args, '--json'), args.join(' ')).not.toMatch(ESCAPES);
  }
  const read = await runCli(['read', 'Ada', '--json', ...home('Bob')]);
  expect(read.json()).toContainEqual(expect.objectContaining({ body: `text ${HOSTILE}` }));
});

test('[attack 31] what a server says as it refuses steers no terminal', async () => {
  const refusal = { status: 403, json: { code: 'forbidden', message: `no ${HOSTILE}` } };
  scene.liar.instead = ({ method }) => (method === 'POST' ? refusal : undefined);
  const refused = await runCli(['group', 'make', 'Lab', 'Ada', ...home('Bob')]);
  expect(refused.code).toBe(1);
  expect(refused.err()).toBe('This account may not do that here.\n'); // nothing of the server's words
  expect(refused.err()).not.toMatch(ESCAPES);
  scene.liar.behave();

  // Line by line, without a screen: the connection's end is told as it is.
  const lines = startCli('chat', ...home('Bob'));
  open.push(lines);
  await until(() => lines.out().includes('online'), 'Bob is online');
  scene.liar.say({ t: 'bye', code: 'unknown_device', message: `gone ${HOSTILE}` });
  scene.liar.cut();
  await until(() => lines.out().includes('refused: This device'), 'the end is told');
  expect(lines.out()).not.toContain('gone');
});

test('[attack 31] the full screen shows it without being steered', async () => {
  await attack();
  const screen = openTerminal(folder, ['chat', ...home('Bob')]);
  open.push(screen);
  const listed = () => screen.text().includes('Ada') && screen.text().includes('● online'); // keys are heard from then on
  await until(listed, 'Ada is in the list', 30_000);
  screen.press('\r');
  await until(() => screen.text().includes('Ada: text'), `her message is shown:\n${screen.text()}`, 30_000);
  await until(() => screen.text().includes('1 B]'), `her file is shown:\n${screen.text()}`, 30_000);
  expect(screen.written().replaceAll('\u001b', '')).not.toMatch(STEERS);
  expect(screen.written()).not.toContain(OWNED);
});

test('[attack 31] what ends the program by a fault is printed without its controls', async () => {
  await writeFile(join(folder, 'Bob', 'servers.json'), `${HOSTILE} is no JSON`);
  const broken = await runCli(['rooms', ...home('Bob')]);
  expect(broken.code).not.toBe(0);
  expect(broken.err()).toMatch(/JSON/);
  expect(broken.err()).not.toMatch(ESCAPES);
});
