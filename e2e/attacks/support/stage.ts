import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Engine } from '@sotto/client';
import { chainNext, sha256 } from '@sotto/crypto';
import {
  type AccountId,
  type Bytes,
  type DeviceId,
  type EntryKind,
  headerEntryId,
  type MessageId,
  type RoomId,
} from '@sotto/protocol';
import { type Rates, type RunningServer, type ServerOptions, startServer } from '@sotto/server';
import type { Clock } from '../../../packages/client/src/seams/index.ts';
import { acquainted } from '../../support/acquainted.ts';
import { quickSotto } from '../../support/quick-sotto.ts';
import { RawMember } from './member.ts';
import { texts, until } from './story.ts';

/** An honest server, honest people with engines, and hostile members without. */
export interface Stage {
  readonly server: RunningServer;
  /** The server's folder: what a colluding operator can change. */
  readonly data: string;
  /** Somebody who takes everybody for acquainted. */
  person(name: string, clock?: Clock): Promise<Engine>;
  /** Somebody who answers requests by themselves (attack 48). */
  asked(name: string): Promise<Engine>;
  hostile(name: string): Promise<RawMember>;
  /** Where the engine of this person keeps its store. */
  folderOf(engine: Engine): string;
  /** Writes an entry into a room's log past every check, as a colluding server could; it is chained as any other. */
  inject(room: RoomId, entry: Injected): Promise<number>;
  /** The room's log as it rests in the server's database: what a colluding server can give away. */
  log(room: RoomId): Stored[];
  end(): Promise<void>;
}

export type Stored = Injected & { readonly position: number };

export interface Injected {
  readonly kind: EntryKind;
  readonly account: AccountId;
  readonly device: DeviceId;
  readonly id: MessageId;
  readonly body: Bytes;
}

/** Sets the stage on a free port and in fresh folders; `end` takes all of it down again. */
export async function setStage(rates: Partial<Rates> = {}, more: ServerOptions = {}): Promise<Stage> {
  const folder = await mkdtemp(join(tmpdir(), 'sotto-member-'));
  const dataDir = join(folder, 'server');
  const server = await startServer({ port: 0, host: '127.0.0.1', dataDir, rates, ...more });
  const engines = new Map<Engine, string>();
  async function arrive(name: string, clock?: Clock): Promise<Engine> {
    const directory = join(folder, `device-${engines.size + 1}`);
    const own = clock === undefined ? {} : { clock };
    const engine = await quickSotto({ server: server.origin, directory, asks: true, ...own }).createGuest(
      name,
    );
    engines.set(engine, directory);
    await until(() => engine.state.connection.status === 'online', `${name} is online`);
    return engine;
  }
  return {
    server,
    data: dataDir,
    person: async (name, clock) => acquainted(await arrive(name, clock)),
    asked: (name) => arrive(name),
    hostile: (name) => RawMember.register(server.origin, name),
    folderOf(engine) {
      const directory = engines.get(engine);
      if (!directory) throw new Error('not a person of this stage');
      return directory;
    },
    inject: (room, entry) => injectInto(join(dataDir, 'sotto.sqlite'), room, entry),
    log: (room) => readLog(join(dataDir, 'sotto.sqlite'), room),
    async end() {
      for (const engine of engines.keys()) await engine.close();
      await server.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function injectInto(file: string, room: RoomId, entry: Injected): Promise<number> {
  const db = new DatabaseSync(file);
  try {
    const head = db.prepare('SELECT head AS position, chain FROM rooms WHERE room = ?').get(room);
    if (!head) throw new Error('there is no such room');
    const position = Number(head.position) + 1;
    const time = Date.now();
    const { kind, account, device, body } = entry;
    // A colluding server sees to what is its own to see to.
    const id = kind === 'epoch' ? headerEntryId(await sha256(body)) : entry.id;
    const before = new Uint8Array(head.chain as Uint8Array);
    const chain = await chainNext(before, { position, time, kind, account, device, id, body });
    db.exec('BEGIN IMMEDIATE');
    db.prepare(
      'INSERT INTO log (room, position, time, kind, account, device, id, body, chain) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)',
    ).run(room, position, time, kind, account, device, id, body, chain);
    db.prepare('UPDATE rooms SET head = ?, chain = ? WHERE room = ?').run(position, chain, room);
    db.exec('COMMIT');
    return position;
  } finally {
    db.close();
  }
}

function readLog(file: string, room: RoomId): Stored[] {
  const db = new DatabaseSync(file, { readOnly: true });
  try {
    const sql = 'SELECT position, kind, account, device, id, body FROM log WHERE room = ? ORDER BY position';
    return db
      .prepare(sql)
      .all(room)
      .map((row) => ({
        ...(row as unknown as Stored),
        body: new Uint8Array(row.body as Uint8Array),
      }));
  } finally {
    db.close();
  }
}

/** Alice (who made the group) and Bob with engines, Mallory without; all three are members. */
export interface HostileGroup {
  readonly alice: Engine;
  readonly bob: Engine;
  readonly mallory: RawMember;
  readonly room: RoomId;
}

/** @param clock Bob’s, where it is not that of this machine */
export async function gatherHostile(stage: Stage, clock?: Clock): Promise<HostileGroup> {
  const [alice, bob, mallory] = await Promise.all([
    stage.person('Alice'),
    stage.person('Bob', clock),
    stage.hostile('Mallory'),
  ]);
  for (const other of [bob, mallory]) {
    await until(() => alice.state.people.has(other.id), 'Alice sees everyone');
  }
  const room = await alice.rooms.createGroup({ name: 'Group', members: [bob.id, mallory.account] });
  await alice.messages.send(room, { body: 'welcome' });
  await until(() => texts(bob, room).includes('welcome'), 'Bob reads');
  return { alice, bob, mallory, room };
}

/** Alice and Bob can still talk to each other in this room, both ways. */
export async function stillTalk(
  { alice, bob, room }: Omit<HostileGroup, 'mallory'>,
  mark: string,
): Promise<void> {
  await alice.messages.send(room, { body: `${mark} from Alice` });
  await until(() => texts(bob, room).includes(`${mark} from Alice`), `Bob reads Alice (${mark})`, 20_000);
  await bob.messages.send(room, { body: `${mark} from Bob` });
  await until(() => texts(alice, room).includes(`${mark} from Bob`), `Alice reads Bob (${mark})`, 20_000);
}

/** What an engine shows of a room, for comparison between people. */
export function viewOf(engine: Engine, room: RoomId) {
  const seen = engine.state.rooms.get(room);
  return {
    epoch: seen?.epoch,
    title: seen?.title,
    members: seen?.members.map(({ account, role }) => ({ account, role })),
    policy: seen?.policy,
  };
}
