import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Engine, Sotto } from '@sotto/client';
import type { RoomId } from '@sotto/protocol';
import { startServer } from '@sotto/server';
import { afterEach, beforeEach } from 'vitest';
import { texts, until } from '../attacks/support/story.ts';
import { gatherMembers, type Members } from './members.ts';
import { type Between, quickSotto } from './quick-sotto.ts';

/** A delivery service on a folder of its own. */
interface Service {
  readonly origin: string;
  /** Where its database rests. */
  readonly data: string;
  /** Ends it; its data stay until the test is over. */
  stop(): Promise<void>;
}

/** What a test about accounts on several devices needs. All of it ends with the test. */
interface Homes {
  /** The service that is there from the beginning. */
  service(): Service;
  /** An empty one beside it. */
  anotherService(): Promise<Service>;
  /** A place where accounts rest, such as one browser profile. @param at its service, else the first */
  place(name: string, at?: Service, between?: Between): Sotto;
  /** A place whose people answer requests by themselves (attack 48); at the others everybody is taken for acquainted. */
  asking(name: string, at?: Service): Sotto;
  /** Waits until it is; it is closed at the end. */
  online(engine: Engine): Promise<Engine>;
  /** Closes every engine that was online so far. */
  everyoneLeaves(): Promise<void>;
  /** Guests of the first service, with a device each. */
  readonly members: Members;
}

/** Called at the top of a file: each of its tests gets a service and homes of its own. */
export function homesOfEachTest(): Homes {
  let folder = '';
  let members: Members;
  let services: Service[] = [];
  let open: Engine[] = [];

  async function anotherService(): Promise<Service> {
    const data = join(folder, `server-${services.length}`);
    const server = await startServer({ port: 0, host: '127.0.0.1', dataDir: data, logLevel: 'error' });
    let stopped = false;
    const stop = async () => {
      if (!stopped) await server.close();
      stopped = true;
    };
    const service = { origin: server.origin, data, stop };
    services.push(service);
    return service;
  }

  function service(): Service {
    const [first] = services;
    if (!first) throw new Error('no test runs');
    return first;
  }

  async function everyoneLeaves(): Promise<void> {
    await Promise.all(open.splice(0).map((engine) => engine.close()));
  }

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sotto-homes-'));
    [services, open] = [[], []];
    await anotherService();
    members = await gatherMembers(() => service().origin, quickSotto);
  });

  afterEach(async () => {
    await everyoneLeaves();
    await members.end();
    for (const each of services) await each.stop();
    await rm(folder, { recursive: true, force: true });
  });

  return {
    service,
    anotherService,
    place(name, at = service(), between) {
      const directory = join(folder, `${name}-${services.indexOf(at)}`);
      return quickSotto({ server: at.origin, directory, ...(between ? { between } : {}) });
    },
    asking(name, at = service()) {
      const directory = join(folder, `${name}-${services.indexOf(at)}`);
      return quickSotto({ server: at.origin, directory, asks: true });
    },
    async online(engine) {
      open.push(engine);
      await until(() => engine.state.connection.status === 'online', 'online', 30_000);
      return engine;
    },
    everyoneLeaves,
    members: {
      join: (name) => members.join(name),
      away: (engine) => members.away(engine),
      end: () => members.end(),
    },
  };
}

/** Loads everything that may be read. */
export async function wholeHistory(engine: Engine, room: RoomId): Promise<string[]> {
  const timeline = engine.timeline(room);
  await until(() => timeline.state.items.length > 0, 'something is there');
  for (let page = 0; page < 50 && timeline.state.hasOlder; page++) await timeline.loadOlder();
  return texts(engine, room);
}
