import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '../support/fixtures.ts';
import { acceptRequests, runCli, startCli } from '../support/terminal.ts';

test('a browser and a terminal hold a conversation', async ({ person, server }) => {
  const folder = await mkdtemp(join(tmpdir(), 'sotto-terminal-'));
  const home = ['--server', server.origin, '--dir', folder];
  try {
    const made = await runCli(['signup', '--guest', '--name', 'Terry', ...home]);
    expect(made.code, made.err()).toBe(0);
    const alice = await person('Alice');
    const terry = startCli('follow', '--json', ...home);
    try {
      await expect.poll(terry.err).toContain('following');
      await alice.openDirect('Terry');
      await acceptRequests(home);
      await alice.send('hello from a page');
      await expect
        .poll(terry.json)
        .toContainEqual(
          expect.objectContaining({ type: 'message', name: 'Alice', own: false, body: 'hello from a page' }),
        );
      const sent = await runCli(['send', 'Alice', 'hello from a terminal', '--json', ...home]);
      expect(sent.code, sent.err()).toBe(0);
      await alice.reads('hello from a terminal');
      await alice.send('and once more');
      await expect.poll(terry.json).toContainEqual(expect.objectContaining({ body: 'and once more' }));
    } finally {
      await terry.end();
    }
    // Once nobody follows any more, a command reads by itself what rests here and what came.
    const read = await runCli(['read', 'Alice', '--json', ...home]);
    const bodies = read.json().flatMap((line) => {
      const { type, body } = line as { type: string; body: string };
      return type === 'message' ? [body] : [];
    });
    expect(bodies).toEqual(['hello from a page', 'hello from a terminal', 'and once more']);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
