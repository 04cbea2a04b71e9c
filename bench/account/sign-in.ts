/** Signing in on a new device with a long past, and opening it again. */
import { execFile } from 'node:child_process';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { groupRoomId, newProfile, openArchived } from '@sotto/crypto';
import { fromBase64Url, headerHash, PATHS, type RoomId } from '@sotto/protocol';
import { get, register } from '../member.ts';
import { startProcess } from '../processes.ts';
import { exchangeKeys } from '../room.ts';
import type { DeviceFigures } from './device.ts';
import { type Headers, makePast, type PastShape } from './past.ts';
import { type Person, registerPerson } from './person.ts';

type ArchivePage = {
  entries: readonly { room: RoomId; header: string; body: string }[];
  next: number | null;
};

const PASSWORD = 'a good password';

export interface History {
  readonly shape: PastShape;
  readonly signIn: DeviceFigures;
  readonly resume: DeviceFigures;
  /** Milliseconds to fetch, open and check the archived secrets, per 1,000 epochs (M5). */
  readonly archive: number;
  /** Bytes of the server's database. */
  readonly server: number;
}

export async function measureHistory(shape: PastShape, progress: (line: string) => void): Promise<History> {
  const folder = await mkdtemp(join(tmpdir(), 'sotto-past-'));
  const data = join(folder, 'server');
  const server = await startProcess('server.ts', { folder: data });
  let archive = 0;
  try {
    const other = await register(server.origin, 'Bob', await exchangeKeys());
    const groups = await Promise.all(
      Array.from({ length: shape.rooms }, async (_, index) => {
        const profile = newProfile({ name: `Room ${index + 1}`, topic: '' });
        return { room: await groupRoomId(other.account, profile), profile };
      }),
    );
    const rooms = groups.map(({ room }) => room);
    const self = await registerPerson(server.origin, { name: 'Paula', password: PASSWORD, rooms });
    const total = shape.rooms * shape.epochs * shape.messages;
    progress(`making ${total} messages in ${shape.rooms} rooms`);
    const headers = await makePast(server.origin, { self, other, groups }, shape, (done) => {
      if (done % 50 === 0) progress(`  ${done} rooms`);
    });
    archive = await restoreArchive(server.origin, self, headers);
  } finally {
    await server.end();
  }
  // The limits are those of a real server from here on.
  const real = await startProcess('server.ts', { folder: data, more: ['all', 'limits'] });
  try {
    const directory = join(folder, 'device');
    const run = (mode: string) =>
      device([mode, real.origin, directory, 'Paula', PASSWORD, String(shape.rooms)], progress);
    progress('signing in on a new device');
    const signIn = await run('sign-in');
    progress('opening it again');
    const resume = await run('resume');
    return { shape, signIn, resume, archive, server: (await stat(join(data, 'sotto.sqlite'))).size };
  } finally {
    await real.end();
    await rm(folder, { recursive: true, force: true });
  }
}

async function restoreArchive(origin: string, self: Person, headers: Headers): Promise<number> {
  const start = performance.now();
  let opened = 0;
  for (let after = 0; ; ) {
    const page = await get<ArchivePage>(origin, `${PATHS.archive}?after=${after}`, self);
    const open = async ({ room, header: name, body }: ArchivePage['entries'][number]) => {
      const header = headers.get(room)?.find(({ hash }) => headerHash(hash) === name);
      const sealed = fromBase64Url(body);
      if (!header || !sealed) throw new Error('an entry of no room');
      await openArchived(sealed, self.archive, { account: self.account, header });
    };
    // One room's after the other's, as the engine takes them.
    for (let from = 0; from < page.entries.length; from += 16) {
      await Promise.all(page.entries.slice(from, from + 16).map(open));
    }
    opened += page.entries.length;
    if (page.next === null) break;
    after = page.next;
  }
  return ((performance.now() - start) / opened) * 1_000;
}

async function device(args: string[], progress: (line: string) => void): Promise<DeviceFigures> {
  const profile = process.env.SOTTO_BENCH_PROFILE;
  const flags = ['--disable-warning=ExperimentalWarning'];
  if (profile) flags.push('--cpu-prof', `--cpu-prof-dir=${profile}`);
  const { stdout, stderr } = await promisify(execFile)(
    process.execPath,
    [...flags, join(import.meta.dirname, 'device.ts'), ...args],
    { maxBuffer: 2 ** 24 },
  );
  if (stderr) progress(stderr);
  return JSON.parse(stdout) as DeviceFigures;
}
