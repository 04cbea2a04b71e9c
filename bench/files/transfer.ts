import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MIB } from './block.ts';

export interface TransferFigures {
  readonly mebibytes: number;
  /** Largest resident memory of each process, in bytes. */
  readonly memory: { readonly server: number; readonly sender: number; readonly receiver: number };
  /** Bytes a second of each step. */
  readonly rates: {
    readonly seal: number;
    readonly upload: number;
    readonly download: number;
    readonly read: number;
  };
}

/** Node collects what a stream leaves behind later the larger this is: 16 MiB by itself cost some 20 MiB more. */
const YOUNG = '--max-semi-space-size=2';
const FLAGS = ['--disable-warning=ExperimentalWarning'];

/**
 * One file from engine to engine through the server, each in a process of its own: made as a stream, sealed, uploaded,
 * downloaded, verified, read. @throws Error where a process ends early or a byte is another
 */
export async function measureTransfer(
  mebibytes: number,
  execPath = process.execPath,
): Promise<TransferFigures> {
  const folder = await mkdtemp(join(tmpdir(), 'sotto-transfer-'));
  const children: ChildProcess[] = [];
  const start = (file: string, args: string[], more: object = {}) => {
    const child = fork(file, args, { execPath, execArgv: FLAGS, ...more });
    children.push(child);
    return child;
  };
  try {
    const root = join(import.meta.dirname, '../..');
    const env = {
      ...process.env,
      SOTTO_PORT: '0',
      SOTTO_HOST: '127.0.0.1',
      SOTTO_DATA: join(folder, 'server'),
      SOTTO_LOG: 'error',
    };
    const server = start(join(root, 'packages/server/src/main.ts'), [], { env, silent: true });
    const origin = await addressOf(server);
    const person = (name: string, ...task: string[]) =>
      start(join(import.meta.dirname, 'person.ts'), [origin, join(folder, name), ...task], {
        execArgv: [...FLAGS, YOUNG],
      });
    for (const name of ['receiver', 'sender']) await once(person(name, 'join', name), 'exit');
    const receiver = listen(person('receiver', 'receive', String(mebibytes)));
    await receiver.at('online');
    const sender = listen(person('sender', 'send', String(mebibytes)));
    const [sealing, sealed, sent] = [
      await sender.at('sealing'),
      await sender.at('sealed'),
      await sender.at('sent'),
    ];
    const [opening, opened, read] = [
      await receiver.at('opening'),
      await receiver.at('opened'),
      await receiver.at('read'),
    ];
    const rate = (from: number, to: number) => (mebibytes * MIB * 1_000) / (to - from);
    return {
      mebibytes,
      memory: { server: peakOf(server), sender: peakOf(sender.child), receiver: peakOf(receiver.child) },
      rates: {
        seal: rate(sealing, sealed),
        upload: rate(sealed, sent),
        download: rate(opening, opened),
        read: rate(opened, read),
      },
    };
  } finally {
    for (const child of children) {
      const ended = child.exitCode === null && child.signalCode === null ? once(child, 'exit') : undefined;
      child.kill('SIGKILL');
      await ended;
    }
    await rm(folder, { recursive: true, force: true });
  }
}

/** The most memory a process ever had resident. */
function peakOf({ pid }: ChildProcess): number {
  return Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) * 1_024;
}

async function addressOf(server: ChildProcess): Promise<string> {
  let written = '';
  for await (const part of server.stdout ?? []) {
    written += String(part);
    const port = /http:\/\/localhost:(\d+)/.exec(written)?.[1];
    if (port) return `http://127.0.0.1:${port}`;
  }
  throw new Error(`the server did not start: ${written}`);
}

/** Hears what a person tells, in whatever order it is asked for. */
function listen(child: ChildProcess): { child: ChildProcess; at(event: string): Promise<number> } {
  const heard = new Map<string, PromiseWithResolvers<number>>();
  const expected = (event: string) => {
    const known = heard.get(event) ?? Promise.withResolvers<number>();
    heard.set(event, known);
    return known;
  };
  child.on('message', (message) => {
    const { event, at } = message as { event: string; at: number };
    expected(event).resolve(at);
  });
  child.once('exit', (code) => {
    const early = new Error(`a person ended early with ${code}`);
    for (const waiting of heard.values()) waiting.reject(early);
  });
  return { child, at: (event) => expected(event).promise };
}
