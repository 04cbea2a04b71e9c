import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { StringDecoder } from 'node:string_decoder';
import { nodeExecutable, ROOT } from './node.ts';
import { ScreenBuffer } from './screen-buffer.ts';

const COMMAND = ['--disable-warning=ExperimentalWarning', join(ROOT, 'packages/cli/src/main.ts')];

/** The terminal client as a program runs it, with its outputs. */
export interface Cli {
  readonly child: ChildProcess;
  out(): string;
  err(): string;
  /** Everything printed with `--json`, so far. */
  json(): unknown[];
  end(): Promise<void>;
}

export function startCli(...args: string[]): Cli {
  const child = spawn(nodeExecutable(), [...COMMAND, ...args]);
  let [out, err] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    out += chunk;
  });
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    err += chunk;
  });
  return {
    child,
    out: () => out,
    err: () => err,
    json: () =>
      out
        .split('\n')
        .slice(0, -1) // behind the last line end stands what has not come whole
        .map((line): unknown => JSON.parse(line)),
    end: () => ended(child),
  };
}

/** Runs one command to its end. @param input what comes on its standard input */
export async function runCli(args: readonly string[], input = ''): Promise<Cli & { code: number | null }> {
  const cli = startCli(...args);
  cli.child.stdin?.end(input);
  await once(cli.child, 'close');
  return { ...cli, code: cli.child.exitCode };
}

/** Signs people up at the same time. @param home where each of them has their account, as options */
export async function signUpGuests(
  names: readonly string[],
  home: (name: string) => readonly string[],
): Promise<void> {
  const made = await Promise.all(
    names.map((name) => runCli(['signup', '--guest', '--name', name, ...home(name)])),
  );
  for (const { code, err } of made) if (code !== 0) throw new Error(`no account was made: ${err()}`);
}

/** Says yes to whoever asks, as soon as somebody does (attack 48). @param home where the account rests, as options */
export async function acceptRequests(home: readonly string[]): Promise<void> {
  for (let tries = 0; tries < 30; tries += 1) {
    const asked = await runCli(['requests', '--json', ...home]);
    const numbers = asked.json().map((line) => (line as { number: string }).number);
    for (const number of numbers) {
      const accepted = await runCli(['accept', number, ...home]);
      if (accepted.code !== 0) throw new Error(accepted.err());
    }
    if (numbers.length > 0) return;
  }
  throw new Error('nobody asked');
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill();
  await exited;
}

/** Somebody in front of a terminal with a screen. */
export interface ScreenTerminal {
  readonly child: ChildProcess;
  /** What is on the screen now. */
  text(): string;
  /** Everything that was ever written to it. */
  written(): string;
  press(keys: string): void;
  resize(rows: number, columns: number): void;
  end(): Promise<void>;
}

/**
 * The terminal client in a pseudo-terminal. It comes from `script`, which is part of Debian's essential `bsdutils`
 * and of every other system with util-linux.
 * @param folder where a note of the terminal's device may be written
 */
export function openTerminal(
  folder: string,
  args: readonly string[],
  size = { rows: 24, columns: 100 },
): ScreenTerminal {
  const device = join(folder, `tty-${args.join('-').replace(/\W+/g, '-').slice(-40)}`);
  const program = [nodeExecutable(), ...COMMAND, ...args].map(quoted).join(' ');
  const line = `tty > ${quoted(device)}; stty rows ${size.rows} cols ${size.columns}; exec ${program}`;
  const child = spawn('script', ['-q', '-e', '-f', '-c', line, '/dev/null'], {
    env: { ...process.env, SHELL: '/bin/sh', TERM: 'xterm-256color' },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  child.on('error', (error) => {
    throw new Error('script is missing: it belongs to util-linux (Debian: bsdutils)', { cause: error });
  });
  const screen = new ScreenBuffer(size.rows, size.columns);
  const decoder = new StringDecoder('utf8');
  let written = '';
  child.stdout.on('data', (chunk: Buffer) => {
    const text = decoder.write(chunk);
    written += text;
    screen.write(text);
  });
  return {
    child,
    text: () => screen.text,
    written: () => written,
    press: (keys) => void child.stdin.write(keys),
    resize(rows, columns) {
      if (!existsSync(device)) throw new Error('the terminal has not started yet');
      screen.resize(rows, columns);
      const tty = readFileSync(device, 'utf8').trim();
      // The kernel tells the program in front by SIGWINCH.
      execFileSync('stty', ['-F', tty, 'rows', String(rows), 'cols', String(columns)]);
    },
    async end() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      // As a person ends it: `script` takes seconds to end what it runs.
      const exited = once(child, 'exit');
      child.stdin.write('\u0003');
      const patience = AbortSignal.timeout(5_000);
      await Promise.race([exited, once(patience, 'abort')]);
      await ended(child);
    },
  };
}

const quoted = (word: string) => `'${word.replaceAll("'", "'\\''")}'`;
