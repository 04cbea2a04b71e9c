import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, fstatSync, openSync, readdirSync, readSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { nodeExecutable, ROOT } from './node.ts';

/** A delivery service in a process of its own, as `npm start` runs it. */
export interface ServerProcess {
  readonly origin: string;
  readonly port: number;
  /** Where its database rests. */
  readonly data: string;
  /** Everything it wrote to its outputs so far, over all of its lives. */
  output(): string;
  /** Ends it as an operator would (SIGTERM) and waits. */
  stop(): Promise<void>;
  /** Ends it as a power cut would. */
  kill9(): Promise<void>;
  /** Starts it again on the same port and data; stops it before where it still runs. */
  restart(): Promise<void>;
  /** Writes the heap of the running process to a file. @returns its path */
  heapSnapshot(): Promise<string>;
  /** Stops it and removes its data. */
  end(): Promise<void>;
}

export interface ServerOptions {
  /** Environment on top: settings as `docs/operations.md` names them. */
  readonly env?: Readonly<Record<string, string>>;
}

const START_LIMIT = 20_000;

/** Starts a server on a free port of the loopback interface, with a fresh data folder. */
export async function startServerProcess(options: ServerOptions = {}): Promise<ServerProcess> {
  const folder = await mkdtemp(join(tmpdir(), 'sotto-server-'));
  const data = join(folder, 'data');
  let written = '';
  let child: ChildProcess | undefined;
  // The address printed is the one people open: behind a proxy it does not tell the port.
  let port = options.env?.SOTTO_ORIGIN ? await freePort() : 0;

  async function start(): Promise<void> {
    const begin = written.length;
    const started = spawn(
      nodeExecutable(),
      [
        '--disable-warning=ExperimentalWarning',
        '--heapsnapshot-signal=SIGUSR2',
        join(ROOT, 'packages/server/src/main.ts'),
      ],
      {
        cwd: folder, // heap snapshots are written to the working folder
        env: {
          ...process.env,
          SOTTO_PORT: String(port),
          SOTTO_HOST: '127.0.0.1',
          SOTTO_DATA: data,
          ...options.env,
        },
        stdio: ['ignore', 'pipe', 'pipe'],
      },
    );
    child = started;
    const collect = (chunk: Buffer) => {
      written += chunk.toString('utf8');
    };
    started.stdout.on('data', collect);
    started.stderr.on('data', collect);
    const end = Date.now() + START_LIMIT;
    for (;;) {
      port ||= Number(/http:\/\/localhost:(\d+)/.exec(written.slice(begin))?.[1] ?? 0);
      if (port > 0 && (await answers(port))) return;
      if (started.exitCode !== null || started.signalCode !== null || Date.now() > end) {
        started.kill('SIGKILL');
        throw new Error(`the server did not start:\n${written.slice(begin)}`);
      }
      await pause(20);
    }
  }

  async function endBy(signal: NodeJS.Signals): Promise<void> {
    const ending = child;
    child = undefined;
    if (!ending || ending.exitCode !== null || ending.signalCode !== null) return;
    const exited = once(ending, 'exit');
    ending.kill(signal);
    await exited;
  }

  const server: ServerProcess = {
    get origin() {
      return `http://127.0.0.1:${port}`;
    },
    get port() {
      return port;
    },
    data,
    output: () => written,
    stop: () => endBy('SIGTERM'),
    kill9: () => endBy('SIGKILL'),
    async restart() {
      await endBy('SIGTERM');
      await start();
    },
    async heapSnapshot() {
      const before = new Set(readdirSync(folder));
      const exited = child ? once(child, 'exit') : Promise.resolve();
      if (!child) throw new Error('the server does not run');
      child.kill('SIGUSR2');
      const name = await appearing(folder, before, exited);
      return join(folder, name);
    },
    async end() {
      await endBy('SIGTERM');
      await rm(folder, { recursive: true, force: true });
    },
  };
  try {
    await start();
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
  return server;
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, 'close');
  return port;
}

async function answers(port: number): Promise<boolean> {
  try {
    return (await fetch(`http://127.0.0.1:${port}/api/info`)).ok;
  } catch (error) {
    if (error instanceof TypeError) return false; // not listening yet
    throw error;
  }
}

async function appearing(
  folder: string,
  before: ReadonlySet<string>,
  exited: Promise<unknown>,
): Promise<string> {
  let gone = false;
  void exited.then(() => {
    gone = true;
  });
  for (let waited = 0; waited < 60_000; waited += 50) {
    const name = readdirSync(folder).find((file) => file.endsWith('.heapsnapshot') && !before.has(file));
    if (name && isWhole(join(folder, name))) return name;
    if (gone) break;
    await pause(50);
  }
  throw new Error('the server wrote no heap snapshot');
}

/** A snapshot is one JSON object: it is whole once its last brace is there. */
function isWhole(path: string): boolean {
  const file = openSync(path, 'r');
  try {
    const { size } = fstatSync(file);
    const last = Buffer.alloc(Math.min(size, 16));
    readSync(file, last, 0, last.length, size - last.length);
    return last.toString('utf8').trimEnd().endsWith(']}');
  } finally {
    closeSync(file);
  }
}
