import { PassThrough } from 'node:stream';
import { expect, test, vi } from 'vitest';
import { UsageError } from '../src/commands/usage-error.ts';
import { Asker } from '../src/session/ask.ts';
import { texts } from './support/texts.ts';

const said = (error: UsageError) => error.say(texts);

/** A terminal that notes what it showed and whether typing was shown. */
function terminal() {
  const input = Object.assign(new PassThrough(), { isTTY: true as const, setRawMode: vi.fn() });
  const output = new PassThrough();
  let shown = '';
  output.on('data', (chunk: Buffer) => {
    shown += chunk.toString();
  });
  // What a terminal in raw mode never does by itself; a readline interface would.
  const asker = new Asker(texts, input as unknown as NodeJS.ReadStream, output);
  return { input, asker, shown: () => shown };
}

/** A pipe. */
function pipe(text: string): Asker {
  const input = Object.assign(new PassThrough(), { isTTY: false as const });
  input.end(text);
  return new Asker(texts, input as unknown as NodeJS.ReadStream, new PassThrough());
}

test('a password is read without being shown, with what was erased taken back', async () => {
  const { input, asker, shown } = terminal();
  const answer = asker.askSecret('Password');
  for (const chunk of ['se', 'cx', '\u007f', 'ret\r']) input.write(chunk);
  expect(await answer).toBe('secret');
  expect(shown()).toBe('Password: \n');
  expect(input.setRawMode.mock.calls).toEqual([[true], [false]]);
});

test('Ctrl-C gives up and leaves the terminal as it was', async () => {
  const { input, asker } = terminal();
  const answer = asker.askSecret('Password');
  input.write('half\u0003');
  await expect(answer).rejects.toThrow(UsageError);
  expect(input.setRawMode).toHaveBeenLastCalledWith(false);
});

test('a new password is asked twice of a person, and two different ones are refused', async () => {
  const { input, asker, shown } = terminal();
  const answer = asker.askNewSecret('New password');
  input.write('one\r');
  await vi.waitFor(() => expect(shown()).toContain('Once more'));
  input.write('two\r');
  await expect(answer.catch(said)).resolves.toContain('differ');
});

test('where standard input is no terminal, answers are its lines', async () => {
  const asker = pipe('Ada\nsecret words\n');
  expect(await asker.ask('Name')).toBe('Ada');
  expect(await asker.askNewSecret('Password')).toBe('secret words');
  await expect(asker.askSecret('More').catch(said)).resolves.toContain('More: expected a line');
});
