import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export type ServerFile =
  | 'server.ts'
  | 'baseline-server.ts'
  | 'socket-io-server.ts'
  | 'torture/planted.ts'
  | 'floods/server.ts';

export interface ProcessOptions {
  /** Data folder that outlives the process; else one of its own that goes with it. */
  readonly folder?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly more?: readonly string[];
}

export interface Running {
  readonly origin: string;
  readonly folder: string;
  readonly pid: number;
  /** Resident memory in bytes. */
  memory(): number;
  /** Processor seconds used so far. */
  cpu(): number;
  end(): Promise<void>;
  /** SIGKILL; its folder stays. */
  kill(): Promise<void>;
}

/** Ticks per second of /proc; fixed in the kernel's interface. */
const TICKS = 100;

/**
 * Starts a server under test as a process of its own. With SOTTO_BENCH_PROFILE=FOLDER the real server leaves a processor
 * profile there. @throws Error where it ends before it listens
 */
export async function startProcess(file: ServerFile, options: ProcessOptions = {}): Promise<Running> {
  const folder = options.folder ?? (await mkdtemp(join(tmpdir(), 'sotto-bench-')));
  const profile = file === 'server.ts' ? process.env.SOTTO_BENCH_PROFILE : undefined;
  const flags = ['--disable-warning=ExperimentalWarning', '--expose-gc'];
  if (profile) flags.push('--cpu-prof', `--cpu-prof-dir=${profile}`);
  const child = spawn(
    process.execPath,
    [...flags, join(import.meta.dirname, file), folder, ...(options.more ?? [])],
    {
      env: { ...process.env, ...options.env },
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  return watchServer(child, file, options.folder ? { folder } : { folder, remove: true });
}

export interface Watch {
  readonly origin: string;
  /** Its data; removed at the end with `remove`. */
  readonly folder: string;
  readonly remove?: boolean;
}

/** For a server whose first line is its address. @throws Error where it ends before it says it */
export async function watchServer(
  child: ChildProcess,
  name: string,
  place: Omit<Watch, 'origin'> = { folder: '' },
): Promise<Running> {
  if (!child.stdout) throw new Error(`${name}: its output is not piped`);
  const line = await Promise.race([once(child.stdout, 'data'), once(child, 'exit').then(() => undefined)]);
  if (!line) throw new Error(`${name} ended before it listened`);
  return watchProcess(child, { ...place, origin: String(line[0]).trim() });
}

/** A started process as the bench looks at it. */
export function watchProcess(child: ChildProcess, { origin, folder, remove }: Watch): Running {
  const { pid } = child;
  if (pid === undefined) throw new Error(`nothing started for ${origin}`);
  const ended = () => child.exitCode !== null || child.signalCode !== null;
  const exited = ended() ? Promise.resolve() : once(child, 'exit');
  return {
    origin,
    folder,
    pid,
    memory: () =>
      Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) * 1_024,
    cpu() {
      const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
      return (Number(fields[11]) + Number(fields[12])) / TICKS;
    },
    async end() {
      child.kill();
      const late = setTimeout(() => child.kill('SIGKILL'), 10_000);
      await exited;
      clearTimeout(late);
      if (remove) await rm(folder, { recursive: true, force: true });
    },
    async kill() {
      child.kill('SIGKILL');
      if (!ended()) await exited;
    },
  };
}
