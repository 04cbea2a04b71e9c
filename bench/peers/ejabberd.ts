import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Running, watchProcess } from '../processes.ts';
import type { Absent } from './peer.ts';

/** Debian's launcher: it says where the program's own libraries are. */
const LAUNCHER = '/usr/sbin/ejabberdctl';
const SQLITE = '/usr/lib/erlang/lib';
const START_LIMIT = 30_000;

/**
 * A private ejabberd with its own configuration, data and port on loopback, without Erlang's port mapper; never the
 * system's service. Everything that would slow it down on purpose is off. `archive`: every message of a room in SQLite.
 */
export async function startEjabberd({ archive }: { archive: boolean }): Promise<Running | Absent> {
  const libraries = existsSync(LAUNCHER)
    ? /^ERL_LIBS='(.+)'$/m.exec(readFileSync(LAUNCHER, 'utf8'))?.[1]
    : undefined;
  if (!libraries) return { absent: 'needs the package ejabberd' };
  if (archive && !(await hasSqlite())) return { absent: 'needs the package erlang-p1-sqlite3' };
  const folder = await mkdtemp(join(tmpdir(), 'sotto-bench-ejabberd-'));
  const port = await freePort();
  await mkdir(join(folder, 'spool'));
  const config = join(folder, 'ejabberd.yml');
  await writeFile(config, configuration({ folder, port, archive }));
  const child = spawn('erl', ['-noinput', '-mnesia', 'dir', `"${folder}/spool"`, '-s', 'ejabberd'], {
    cwd: folder,
    env: {
      ...process.env,
      HOME: folder,
      ERL_LIBS: libraries,
      ERL_CRASH_DUMP: '/dev/null',
      EJABBERD_CONFIG_PATH: config,
      EJABBERD_LOG_PATH: join(folder, 'ejabberd.log'),
    },
    stdio: 'ignore',
  });
  const running = watchProcess(child, { origin: `xmpp://127.0.0.1:${port}`, folder });
  try {
    await answers(port, once(child, 'exit'));
  } catch (error) {
    await running.kill();
    throw error;
  }
  return {
    ...running,
    async end() {
      await running.kill(); // nothing of it is wanted any more, and its graceful end takes seconds
      await rm(folder, { recursive: true, force: true });
    },
  };
}

const hasSqlite = async () =>
  existsSync(SQLITE) && (await readdir(SQLITE)).some((name) => name.startsWith('p1_sqlite3-'));

function configuration({
  folder,
  port,
  archive,
}: {
  folder: string;
  port: number;
  archive: boolean;
}): string {
  const archiving = `
  mod_mam:
    db_type: sql
    default: always`;
  return `hosts: [localhost]
loglevel: error
listen:
  -
    port: ${port}
    ip: "127.0.0.1"
    module: ejabberd_c2s
    max_stanza_size: 65536
    shaper: none
    access: all
auth_method: [anonymous]
anonymous_protocol: sasl_anon
allow_multiple_connections: true
sql_type: sqlite
sql_database: "${folder}/archive.sqlite"
modules:
  mod_muc:
    host: conference.localhost
    access: all
    access_create: all
    access_mam: all
    max_users: 500
    min_message_interval: 0
    min_presence_interval: 0
    history_size: 0
    room_shaper: none
    default_room_options:
      mam: ${archive}${archive ? archiving : ''}
`;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  if (address === null || typeof address === 'string') throw new Error('no port on loopback');
  return address.port;
}

/** Resolves once something listens. @throws Error where the process ends before, or takes too long */
async function answers(port: number, exited: Promise<unknown>): Promise<void> {
  let ended = false;
  void exited.then(() => {
    ended = true;
  });
  for (const end = Date.now() + START_LIMIT; !ended && Date.now() < end; ) {
    const socket = connect({ host: '127.0.0.1', port });
    const connected = await new Promise<boolean>((resolve) => {
      socket.once('connect', () => resolve(true));
      socket.once('error', () => resolve(false));
    });
    socket.destroy();
    if (connected) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error('ejabberd did not start');
}
