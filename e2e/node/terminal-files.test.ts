import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { beforeEach, expect, test } from 'vitest';
import { until } from '../attacks/support/story.ts';
import { acceptRequests, openTerminal, runCli, signUpGuests, startCli } from '../support/terminal.ts';
import { terminalsOfEachTest } from '../support/terminals.ts';

const { server, at, home, open } = terminalsOfEachTest();

beforeEach(async () => {
  await signUpGuests(['Ada', 'Bob'], home);
  await mkdir(at('here'));
  await mkdir(at('there'));
});

type Json = Record<string, unknown>;

async function as(name: string, ...args: string[]): Promise<Json[]> {
  const done = await runCli([...args, '--json', ...home(name)]);
  expect(done.code, `${args.join(' ')}: ${done.err()}`).toBe(0);
  return done.json() as Json[];
}

test('[M6] files go out with a caption and are saved whole, under free names, with their progress', async () => {
  const film = randomBytes(3 * 2 ** 20);
  await writeFile(at('here', 'film.mp4'), film);
  await writeFile(at('here', 'empty.txt'), '');
  const sent = await as(
    'Ada',
    'send',
    'Bob',
    '--file',
    at('here', 'film.mp4'),
    at('here', 'empty.txt'),
    '--text',
    'look',
  );
  expect(sent.at(-1)).toMatchObject({
    body: 'look',
    delivery: 'sent',
    files: [
      { name: 'film.mp4', type: 'video/mp4', size: film.length },
      { name: 'empty.txt', type: 'text/plain', size: 0 },
    ],
  });
  expect(sent.filter(({ type }) => type === 'progress')).toContainEqual(
    expect.objectContaining({ direction: 'up', name: 'film.mp4' }),
  );

  await acceptRequests(home('Bob'));
  const listed = await as('Bob', 'files', 'Ada');
  expect(listed).toMatchObject([{ file: { name: 'film.mp4' } }, { file: { name: 'empty.txt' } }]);
  const position = String(listed[0]?.position);
  const read = await runCli(['read', 'Ada', ...home('Bob')]);
  expect(read.out()).toContain('Ada: [film.mp4, 3.1 MB] [empty.txt, 0 B] look');

  const saved = await as('Bob', 'save', 'Ada', position, '--to', at('there'));
  expect(saved.filter(({ type }) => type === 'saved')).toMatchObject([
    { path: at('there', 'film.mp4') },
    { path: at('there', 'empty.txt') },
  ]);
  expect(saved).toContainEqual(expect.objectContaining({ type: 'progress', direction: 'down' }));
  expect((await readFile(at('there', 'film.mp4'))).equals(film)).toBe(true);
  expect(await readFile(at('there', 'empty.txt'), 'utf8')).toBe('');

  // What is there is never written over, and nothing is left of the writing.
  const again = await runCli(['save', 'Ada', position, 'film.mp4', '--to', at('there'), ...home('Bob')]);
  expect([again.code, again.out(), again.err()]).toEqual([0, `${at('there', 'film (2).mp4')}\n`, '']);
  expect((await readdir(at('there'))).sort()).toEqual(['empty.txt', 'film (2).mp4', 'film.mp4']);
});

test('[attack 31] a hostile name is defused where it is shown and where it is saved', async () => {
  const name = '\u001b]0;owned\u0007..\u202egpj.exe';
  await writeFile(at('here', name), 'not a picture');
  await as('Ada', 'send', 'Bob', '--file', at('here', name));
  await acceptRequests(home('Bob'));
  const shown = [
    await runCli(['files', 'Ada', ...home('Bob')]),
    await runCli(['read', 'Ada', ...home('Bob')]),
    await runCli(['save', 'Ada', '2', '--to', at('there'), ...home('Bob')]),
  ];
  for (const { out, err, code } of shown) {
    expect(code, err()).toBe(0);
    expect(`${out()}${err()}`).toMatch(/gpj\.exe/);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
    expect(`${out()}${err()}`).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
  }
  expect(await readdir(at('there'))).toEqual([']0;owned..gpj.exe']);
});

test('what cannot be sent or saved is said, and nothing is left behind', async () => {
  await as('Ada', 'send', 'Bob', 'no file');
  const missing = await runCli(['send', 'Bob', '--file', at('nowhere.txt'), ...home('Ada')]);
  expect([missing.code, missing.err()]).toEqual([1, expect.stringContaining('cannot be read')]);
  const nothing = await runCli(['save', 'Bob', '2', '--to', at('there'), ...home('Ada')]);
  expect([nothing.code, nothing.err()]).toEqual([2, expect.stringContaining('2 has no files')]);
  await writeFile(at('here', 'note.txt'), 'a note');
  await as('Ada', 'send', 'Bob', '--file', at('here', 'note.txt'));
  const folder = await runCli(['save', 'Bob', '3', '--to', at('missing'), ...home('Ada')]);
  expect([folder.code, folder.err()]).toEqual([1, expect.stringContaining('cannot be written')]);
  expect(await readdir(at('there'))).toEqual([]);
});

test('[E3] a file that was handed over while the server is gone goes out later, from the full screen', async () => {
  await as('Ada', 'send', 'Bob', 'hello');
  await acceptRequests(home('Bob'));
  const note = randomBytes(100_000);
  await writeFile(at('here', 'my note.bin'), note);
  await server().stop();
  const waiting = await runCli(['send', 'Bob', '--file', at('here', 'my note.bin'), ...home('Ada')]);
  expect([waiting.code, waiting.err()]).toEqual([3, expect.stringContaining('not sent yet')]);
  await rm(at('here', 'my note.bin')); // its sealed copy is what goes out
  await server().restart();

  const bob = open(startCli('follow', '--json', ...home('Bob')));
  await until(() => bob.err().includes('following'), 'Bob follows');
  const screen = open(openTerminal(at(), home('Ada')));
  const shows = (text: string) =>
    until(() => screen.text().includes(text), `the screen shows ${text}:\n${screen.text()}`, 30_000);
  await until(() => bob.out().includes('my note.bin'), 'Bob learns of the file', 60_000);
  await shows('● Bob');
  screen.press('\r');
  await shows('you: [my note.bin, 100 kB]  ✓');

  // Sent from the screen, saved by another process of Bob's through the one that follows.
  await writeFile(at('here', 'two words.txt'), 'from the screen');
  screen.press(`/file "${at('here', 'two words.txt')}" --text "have a look"\r`);
  await until(() => bob.out().includes('have a look'), 'Bob learns of the second file', 30_000);
  const files = await as('Bob', 'files', 'Ada');
  for (const { position } of files) await as('Bob', 'save', 'Ada', String(position), '--to', at('there'));
  expect((await readFile(at('there', 'my note.bin'))).equals(note)).toBe(true);
  expect(await readFile(at('there', 'two words.txt'), 'utf8')).toBe('from the screen');
});

test('on a terminal a bar shows how far a file is; elsewhere none does', async () => {
  await writeFile(at('here', 'long.bin'), randomBytes(65_536));
  const terminal = openTerminal(at(), ['send', 'Bob', '--file', at('here', 'long.bin'), ...home('Ada')]);
  const [code] = await once(terminal.child, 'exit');
  expect(code, terminal.written()).toBe(0);
  expect(terminal.written()).toMatch(/long\.bin {2}[█░]{20}/);
  const plain = await runCli(['send', 'Bob', '--file', at('here', 'long.bin'), ...home('Ada')]);
  expect([plain.code, plain.out(), plain.err()]).toEqual([0, '', '']);
});
