import { readdir, readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { runCli, signUpGuests } from '../support/terminal.ts';
import { terminalsOfEachTest } from '../support/terminals.ts';

const { server, at } = terminalsOfEachTest();

const there = () => ['--server', server().origin, '--dir', at()];

test('[attack 34] a passphrase locks what rests here; signing out erases it', async () => {
  for (const name of ['Ada', 'Bob']) await signUpGuests([name], there);
  const sent = await runCli(['send', 'Bob', 'canary-4711', '--name', 'Ada', ...there()]);
  expect(sent.code, sent.err()).toBe(0);
  for (const file of await readdir(at())) {
    const bytes = file.endsWith('.desk') ? Buffer.alloc(0) : await readFile(at(file));
    expect(bytes.includes('canary-4711'), file).toBe(false);
  }
  const locked = await runCli(['passphrase', ...there()], 'open sesame\n');
  expect(locked.code, locked.err()).toBe(0);

  const wrong = await runCli(['read', 'Bob', '--name', 'Ada', ...there()], 'open barley\n');
  expect(wrong.code).toBe(1);
  expect(wrong.err()).toContain('passphrase of the keys on this device is wrong');
  const right = await runCli(['read', 'Bob', '--name', 'Ada', ...there()], 'open sesame\n');
  expect(right.out()).toContain('you: canary-4711');

  const kept = await runCli(['signout', '--name', 'Ada', ...there()], 'open sesame\nno\n');
  expect(kept.code).toBe(2);
  const gone = await runCli(['signout', '--name', 'Ada', ...there()], 'open sesame\nAda\n');
  expect(gone.code, gone.err()).toBe(0);
  const left = await runCli(['accounts', '--json', ...there()]);
  expect(left.json()).toEqual([expect.objectContaining({ name: 'Bob', server: server().origin })]);
  expect((await readdir(at())).filter((file) => file.endsWith('.account.sqlite'))).toHaveLength(1);
});

test('what cannot be done is said, with a code for programs', async () => {
  const nobody = await runCli(['rooms', ...there()]);
  expect([nobody.code, nobody.err()]).toEqual([2, expect.stringContaining('signup comes first')]);
  await runCli(['signup', '--guest', '--name', 'Ada', ...there()]);
  const stranger = await runCli(['send', 'Nobody', 'hello', ...there()]);
  expect([stranger.code, stranger.err()]).toEqual([2, expect.stringContaining('Nobody and no group')]);
  const taken = await runCli(['signup', '--guest', '--name', 'Ada', ...there()]);
  expect(taken.code).toBe(1);
  await runCli(['signup', '--guest', '--name', 'Bob', ...there()]);
  await runCli(['send', 'Bob', 'hello', '--name', 'Ada', ...there()]);
  await server().stop();
  const offline = await runCli(['send', 'Bob', 'later', '--name', 'Ada', ...there()]);
  expect([offline.code, offline.err()]).toEqual([3, expect.stringContaining('not sent yet')]);
});
