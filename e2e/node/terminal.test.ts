import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { until } from '../attacks/support/story.ts';
import { nodeExecutable, ROOT } from '../support/node.ts';
import { type ServerProcess, startServerProcess } from '../support/server.ts';

/** Somebody at a terminal. */
interface Terminal {
  readonly child: ChildProcess;
  output(): string;
  type(line: string): void;
}

let server: ServerProcess;
let folder: string;
const terminals: Terminal[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sotto-terminal-'));
  server = await startServerProcess();
});
afterEach(async () => {
  for (const { child } of terminals.splice(0)) {
    if (child.exitCode === null && child.kill()) await once(child, 'exit');
  }
  await server.end();
  await rm(folder, { recursive: true, force: true });
});

function start(...args: string[]): Terminal {
  const main = join(ROOT, 'packages/cli/src/main.ts');
  const child = spawn(nodeExecutable(), ['--disable-warning=ExperimentalWarning', main, ...args]);
  let written = '';
  const collect = (chunk: Buffer) => {
    written += chunk.toString('utf8');
  };
  child.stdout.on('data', collect);
  child.stderr.on('data', collect);
  const terminal = {
    child,
    output: () => written,
    type: (line: string) => void child.stdin.write(`${line}\n`),
  };
  terminals.push(terminal);
  return terminal;
}

const person = (name: string) =>
  start('--server', server.origin, '--name', name, '--dir', join(folder, name));
const shows = (terminal: Terminal, text: string) =>
  until(() => terminal.output().includes(text), `the terminal shows "${text}": ${terminal.output()}`);

test('two people talk in two terminals, and the second start opens the same account', async () => {
  const alice = person('Alice');
  const bob = person('Bob');
  await shows(alice, 'online');
  await shows(bob, 'online');
  await until(() => {
    alice.type('/people');
    return alice.output().includes('● Bob');
  }, 'Alice sees Bob');
  alice.type('/open Bob');
  alice.type('hello from a terminal');
  await shows(alice, 'you: hello from a terminal');
  await until(() => {
    bob.type('/requests');
    return bob.output().includes('Alice would like to write to you');
  }, 'Bob is asked');
  expect(bob.output()).not.toContain('hello from a terminal');
  bob.type('/open Alice');
  const [, number = ''] = /(\w{10}) {2}Alice would like/.exec(bob.output()) ?? [];
  await shows(bob, `accept ${number} takes it`);
  bob.type(`/accept ${number}`);
  bob.type('/open Alice');
  await shows(bob, 'Alice: hello from a terminal');
  bob.type('and back');
  await shows(alice, 'Bob: and back');
  alice.type('/quit');
  await once(alice.child, 'exit');
  expect(alice.child.exitCode).toBe(0);

  const again = person('Alice');
  await shows(again, 'online');
  expect(again.output()).not.toContain('making keys');
  again.type('/open Bob');
  await shows(again, 'you: hello from a terminal');
  await shows(again, 'Bob: and back');
});

test('what cannot be is said in a sentence', async () => {
  const nobody = start('--server', 'http://127.0.0.1:1', '--name', 'Alice', '--dir', join(folder, 'nobody'));
  await once(nobody.child, 'close');
  expect(nobody.output()).toMatch(/The server d(oes|id) not answer/);
  expect(nobody.child.exitCode).toBe(1);
  const nameless = start('--server', server.origin);
  await once(nameless.child, 'close');
  expect(nameless.output()).toContain('--name: expected your name');
  expect(nameless.child.exitCode).toBe(2);
});
