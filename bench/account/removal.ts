/** A device is lost: from the command to the last room that has keys it does not get (attack 34). */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Engine } from '@sotto/client';
import { createNodeSotto } from '@sotto/client/node';
import type { AccountId } from '@sotto/protocol';
import { register } from '../member.ts';
import { startProcess } from '../processes.ts';
import { exchangeKeys } from '../room.ts';

export interface Removal {
  readonly rooms: number;
  readonly members: number;
  /** Milliseconds until the server refuses the device. */
  readonly signedOff: number;
  /** Milliseconds until the last room has new keys. */
  readonly rekeyed: number;
  /** Processor milliseconds of the remover's process and of the server meanwhile. */
  readonly client: number;
  readonly server: number;
  /** How many requests, and milliseconds waited for their answers, by what was asked. */
  readonly waits: Readonly<Record<string, { readonly count: number; readonly ms: number }>>;
}

const PASSWORD = 'a good password';

export async function measureRemoval(
  { rooms, members }: { rooms: number; members: number },
  progress: (line: string) => void,
): Promise<Removal> {
  const folder = await mkdtemp(join(tmpdir(), 'sotto-removal-'));
  const server = await startProcess('server.ts');
  const engines: Engine[] = [];
  const place = (device: string) =>
    createNodeSotto({ server: server.origin, directory: join(folder, device) });
  try {
    const keys = await exchangeKeys();
    const others: AccountId[] = [];
    for (let index = 1; index < members; index += 1) {
      others.push((await register(server.origin, `Member ${index}`, keys)).account);
    }
    const laptop = await place('laptop').createAccount('Paula', PASSWORD);
    engines.push(laptop);
    await until(() => laptop.state.caughtUp && laptop.state.people.size >= others.length, 60);
    progress(`founding ${rooms} rooms of ${members}`);
    for (let index = 0; index < rooms; index += 1) {
      await laptop.rooms.createGroup({ name: `Room ${index + 1}`, members: others });
    }
    const phone = await place('phone').signIn('Paula', PASSWORD);
    engines.push(phone);
    const { device } = phone.state.self;
    const epochs = (least: number) => [...laptop.state.rooms.values()].every(({ epoch }) => epoch >= least);
    await until(() => phone.state.rooms.size === rooms && epochs(2), 120);
    progress('removing a device');
    await new Promise((resolve) => setTimeout(resolve, 3_000)); // receipts and archive of before are through
    const before = new Map([...laptop.state.rooms].map(([room, { epoch }]) => [room, epoch]));
    const meter = meterRequests();
    const usage = process.cpuUsage();
    const serverBefore = server.cpu();
    const lost = (await laptop.devices.list()).filter((known) => known.device === device);
    const start = performance.now();
    let signedOff = 0;
    const stop = phone.subscribe(() => {
      if (phone.state.connection.status === 'refused') signedOff ||= performance.now() - start;
    });
    await laptop.devices.remove(lost);
    const rekeyed = performance.now() - start;
    const { user, system } = process.cpuUsage(usage);
    const waits = meter();
    await until(() => signedOff > 0, 30);
    stop();
    for (const [room, epoch] of before) {
      if ((laptop.state.rooms.get(room)?.epoch ?? 0) <= epoch) throw new Error('a room was not re-keyed');
    }
    const client = (user + system) / 1_000;
    return {
      rooms,
      members,
      signedOff,
      rekeyed,
      client,
      server: (server.cpu() - serverBefore) * 1_000,
      waits,
    };
  } finally {
    for (const engine of engines) await engine.close();
    await server.end();
    await rm(folder, { recursive: true, force: true });
  }
}

/** Times every request of this process by method and kind of path. @returns what it found, and stops */
function meterRequests(): () => Removal['waits'] {
  const own = globalThis.fetch;
  const waits: Record<string, { count: number; ms: number }> = {};
  globalThis.fetch = async (input, init) => {
    const start = performance.now();
    try {
      return await own(input, init);
    } finally {
      const { pathname } = new URL(input instanceof Request ? input.url : input);
      const kind = pathname.replace(/\/[A-Za-z0-9_-]{22}(?=\/|$)/g, '').replace('/api/', '');
      const name = `${init?.method ?? 'GET'} ${kind}`;
      const { count, ms } = waits[name] ?? { count: 0, ms: 0 };
      waits[name] = { count: count + 1, ms: ms + performance.now() - start };
    }
  };
  return () => {
    globalThis.fetch = own;
    return waits;
  };
}

async function until(holds: () => boolean, seconds: number): Promise<void> {
  const end = performance.now() + seconds * 1_000;
  while (!holds()) {
    if (performance.now() > end) throw new Error(`waited ${seconds} s in vain`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
