import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runCli, signUpGuests } from '../support/terminal.ts';
import { terminalsOfEachTest } from '../support/terminals.ts';

const { server, at } = terminalsOfEachTest();

/** Everybody in one folder, as on one machine. */
const home = () => ['--server', server().origin, '--dir', at('home')];

async function as(name: string, args: readonly string[], input = ''): Promise<string> {
  const done = await runCli([...args, '--name', name, ...home()], input);
  expect(done.code, done.err()).toBe(0);
  return done.out();
}

/** Names and contents of everything in the folder, by path. */
async function everythingKept(): Promise<Record<string, string>> {
  const entries = await readdir(at('home'), { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return Object.fromEntries(
    await Promise.all(files.map(async (path) => [path, await readFile(path, 'latin1')])),
  );
}

const placesOf = (kept: Record<string, string>, what: string) =>
  Object.entries(kept)
    .filter((entry) => entry.join('\n').includes(what))
    .map(([path]) => path);

test('[attack 34] signing out leaves nothing of the account in the folder, and the others their own', async () => {
  await signUpGuests(['Adalbert'], home);
  await signUpGuests(['Bob'], home);
  const accounts = (await as('Adalbert', ['accounts', '--json'])).trim();
  const { account } = JSON.parse(accounts) as { account: string };
  const chart = at('chart.bin');
  await writeFile(chart, Buffer.alloc(200_000, 7));
  await as('Adalbert', ['send', 'Bob', '--file', chart]);
  await as('Adalbert', ['send', 'Bob', 'the lighthouse keeper sings']);
  expect(placesOf(await everythingKept(), account).length).toBeGreaterThan(2);

  await as('Adalbert', ['signout'], 'Adalbert\n');
  const kept = await everythingKept();
  for (const trace of [account, 'Adalbert', 'lighthouse']) expect(placesOf(kept, trace), trace).toEqual([]);
  expect(JSON.parse(await as('Bob', ['accounts', '--json']))).toMatchObject({ name: 'Bob' });
});
