import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach } from 'vitest';
import { type ServerProcess, startServerProcess } from './server.ts';

/** What a test about people at terminals needs. All of it ends with the test. */
interface Terminals {
  server(): ServerProcess;
  /** A path in the folder of this test. */
  at(...names: string[]): string;
  /** Where somebody has their account, as options of a command. */
  home(name: string): string[];
  /** A program that runs on: ended before the server is. */
  open<T extends { end(): Promise<void> }>(program: T): T;
}

/** Called at the top of a file: each of its tests gets a server and a folder with homes of its own. */
export function terminalsOfEachTest(): Terminals {
  let running: ServerProcess | undefined;
  let folder = '';
  const programs: { end(): Promise<void> }[] = [];

  function server(): ServerProcess {
    if (!running) throw new Error('no test runs');
    return running;
  }

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sotto-terminals-'));
    running = await startServerProcess();
  });

  afterEach(async () => {
    for (const program of programs.splice(0)) await program.end();
    await running?.end();
    await rm(folder, { recursive: true, force: true });
  });

  const at = (...names: string[]) => join(folder, ...names);
  return {
    server,
    at,
    home: (name) => ['--server', server().origin, '--dir', at(name)],
    open(program) {
      programs.push(program);
      return program;
    },
  };
}
