import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Engine, Sotto } from '@sotto/client';
import { createNodeSotto } from '@sotto/client/node';
import type { RoomId } from '@sotto/protocol';
import { type RunningServer, startServer } from '@sotto/server';
import { acquainted } from '../../support/acquainted.ts';
import { type LyingServer, startLyingServer } from './lying-server.ts';
import { copyDatabase, Operator } from './operator.ts';

/** A scene: an honest delivery service, a liar in front of it, and people who know only the liar. */
export interface Scene {
  readonly server: RunningServer;
  /** The honest service's folder. */
  readonly data: string;
  readonly liar: LyingServer;
  /** Who runs the honest service and edits its database. */
  readonly operator: Operator;
  /** A person with a device of their own, connected through the liar, or through one of their own. */
  person(name: string, through?: LyingServer): Promise<Engine>;
  /** Where this person's device keeps its store. */
  folderOf(engine: Engine): string;
  /** The program ends on this person's device; `back` starts it again. */
  away(engine: Engine): Promise<void>;
  back(engine: Engine): Promise<Engine>;
  /** Another liar before the same service, for lies told to some only. */
  anotherLiar(): Promise<LyingServer>;
  /** Another honest service, on a copy of the data as they are now: a restored backup, or a fork. */
  copy(): Promise<RunningServer>;
  end(): Promise<void>;
}

/** Sets a scene on free ports and fresh folders; `end` takes it all down again. */
export async function setScene(): Promise<Scene> {
  const folder = await mkdtemp(join(tmpdir(), 'sotto-attack-'));
  const data = join(folder, 'server');
  const origins: string[] = [];
  const services: RunningServer[] = [];
  const liars: LyingServer[] = [];
  const engines: Engine[] = [];
  let operator: Operator | undefined;
  const homes = new Map<Engine, { readonly directory: string; readonly server: string }>();
  const homeOf = (engine: Engine) => {
    const home = homes.get(engine);
    if (!home) throw new Error('not a person of this scene');
    return home;
  };
  const enter = async (home: ReturnType<typeof homeOf>, open: (sotto: Sotto) => Promise<Engine>) => {
    const engine = acquainted(await open(createNodeSotto(home)));
    engines.push(engine);
    homes.set(engine, home);
    await until(() => engine.state.connection.status === 'online', `${engine.state.self.name} is online`);
    return engine;
  };
  const start = async (dataDir: string) => {
    const service = await startServer({ port: 0, host: '127.0.0.1', dataDir, origins });
    services.push(service);
    return service;
  };
  const anotherLiar = async () => {
    const liar = await startLyingServer(() => {
      const [honest] = services;
      if (!honest) throw new Error('the honest server is not up yet');
      return honest.origin;
    });
    origins.push(liar.origin);
    liars.push(liar);
    return liar;
  };
  const liar = await anotherLiar();
  const server = await start(data);
  return {
    server,
    data,
    liar,
    get operator() {
      operator ??= new Operator(data);
      return operator;
    },
    anotherLiar,
    person(name, through = liar) {
      const home = { server: through.origin, directory: join(folder, `device-${engines.length + 1}`) };
      return enter(home, (sotto) => sotto.createGuest(name));
    },
    folderOf: (engine) => homeOf(engine).directory,
    away: (engine) => engine.close(),
    back: (engine) => enter(homeOf(engine), (sotto) => sotto.resume(engine.id)),
    async copy() {
      const copied = join(folder, `copy-${services.length}`);
      copyDatabase(data, copied);
      return start(copied);
    },
    async end() {
      operator?.close();
      for (const engine of engines) await engine.close();
      for (const each of liars) await each.close();
      for (const service of services) await service.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Waits until the condition holds. @throws Error naming `what` after the limit */
export async function until(condition: () => boolean, what: string, limit = 60_000): Promise<void> {
  const end = Date.now() + limit;
  while (!condition()) {
    if (Date.now() > end) throw new Error(`waited ${limit} ms in vain until ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 15));
  }
}

/** The texts a person reads in a room, oldest first. */
export function texts(engine: Engine, room: RoomId): string[] {
  return engine
    .timeline(room)
    .state.items.flatMap((item) => (item.type === 'message' && item.kind !== 'deleted' ? [item.body] : []));
}

/** What the conversation's lock tells the person, or undefined where all is well. */
export function alarm(engine: Engine, room: RoomId) {
  const security = engine.state.rooms.get(room)?.security;
  return security?.state === 'attention' ? security.alarm : undefined;
}

/** Lines in the conversation that tell of refused entries and alarms, by rule. */
export function refusedRules(engine: Engine, room: RoomId): string[] {
  return engine.timeline(room).state.items.flatMap((item) => {
    if (item.type !== 'system') return [];
    return item.event.type === 'refused-entry' || item.event.type === 'alarm' ? [item.event.alarm.rule] : [];
  });
}

/** Waits until both sides are members of one direct room and can read each other. */
export async function converse(a: Engine, b: Engine): Promise<RoomId> {
  await until(() => a.state.people.has(b.id), 'they find each other');
  const room = await a.rooms.openDirect(b.id);
  await a.messages.send(room, { body: 'hello' });
  await until(() => texts(b, room).includes('hello'), 'the first message arrives');
  await b.messages.send(room, { body: 'hello back' });
  await until(() => texts(a, room).includes('hello back'), 'the answer arrives');
  return room;
}

/** Opens a group and waits until everyone reads its first message. */
export async function gather(owner: Engine, others: readonly Engine[], name = 'Group'): Promise<RoomId> {
  for (const other of others) {
    await until(() => owner.state.people.has(other.id), 'the owner sees everyone');
  }
  const room = await owner.rooms.createGroup({ name, members: others.map((other) => other.id) });
  await owner.messages.send(room, { body: 'welcome' });
  for (const other of others) await until(() => texts(other, room).includes('welcome'), 'everyone reads');
  return room;
}

/** What the person is told beside the conversations, as `rule: detail`. */
export const noticed = (engine: Engine): string[] => engine.state.notices.map((notice) => notice.detail);

/** How the person's own text stands: its delivery state, or undefined where it is not there. */
export function deliveryOf(engine: Engine, room: RoomId, body: string) {
  const items = engine.timeline(room).state.items;
  const item = items.find((line) => line.type === 'message' && line.own && line.body === body);
  return item?.type === 'message' ? item.delivery?.state : undefined;
}

/** A span in which something that must not happen would have happened. */
export const pause = (milliseconds: number) =>
  new Promise<void>((resolve) => setTimeout(resolve, milliseconds));
