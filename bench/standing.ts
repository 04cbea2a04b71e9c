/** What connections cost when nothing is said, and what it takes to come back. */
import { type LogPage, PATHS } from '@sotto/protocol';
import { closedLoop } from './closed-loop.ts';
import { DIALECTS } from './fan-out.ts';
import { connect, get, type Member, register } from './member.ts';
import { startProcess } from './processes.ts';
import { RawSocket } from './raw-socket.ts';
import { exchangeKeys, firstOf, makeRoom, Sealer } from './room.ts';

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

export interface Idle {
  readonly connections: number;
  /** Bytes of resident memory per authenticated connection, and of a plain `ws` server per connection. */
  readonly sotto: number;
  readonly plain: number;
}

/** Files besides sockets that one process may need. */
const OTHER_FILES = 500;

/** How many connections this system lets a process hold: Node has raised its soft limit to the hard one. */
function withinLimits(connections: number): number {
  const report = process.report.getReport() as {
    userLimits?: { open_files?: { soft: number | 'unlimited' } };
  };
  const files = report.userLimits?.open_files?.soft;
  return typeof files === 'number' ? Math.min(connections, files - OTHER_FILES) : connections;
}

/**
 * Opens many authenticated connections, a hundred of each device, and looks at the server's memory. Fewer than asked for
 * where the system's limit of open files is lower; the figures say how many.
 */
export async function measureIdle(wanted: number): Promise<Idle> {
  const connections = withinLimits(wanted);
  const server = await startProcess('server.ts', { more: ['rooms'] });
  const baseline = await startProcess('baseline-server.ts');
  try {
    const members = await accounts(server.origin, Math.ceil(connections / 100));
    const open = async (count: number) =>
      inParts(count, (index) => connect(server.origin, firstOf(members.slice(index % members.length))));
    const sotto = await perConnection(server, connections, open);
    const plainUrl = `${baseline.origin.replace('http', 'ws')}/?room=x`;
    const plain = await perConnection(baseline, connections, (count) =>
      inParts(count, () => RawSocket.open(plainUrl, () => undefined)),
    );
    return { connections, sotto, plain };
  } finally {
    await server.end();
    await baseline.end();
  }
}

async function accounts(origin: string, count: number): Promise<Member[]> {
  const key = await exchangeKeys();
  return Promise.all(Array.from({ length: count }, (_, index) => register(origin, `idle ${index + 1}`, key)));
}

/** The second half is measured: what the first half made the process set up is not per connection. */
async function perConnection(
  server: { memory(): number },
  connections: number,
  open: (count: number) => Promise<RawSocket[]>,
): Promise<number> {
  const half = Math.floor(connections / 2);
  const first = await open(half);
  await pause(1_500);
  const before = server.memory();
  const second = await open(connections - half);
  await pause(1_500);
  const bytes = (server.memory() - before) / (connections - half);
  for (const socket of [...first, ...second]) socket.end();
  return bytes;
}

async function inParts(count: number, open: (index: number) => Promise<RawSocket>): Promise<RawSocket[]> {
  const sockets: RawSocket[] = [];
  while (sockets.length < count) {
    const start = sockets.length;
    const part = Math.min(100, count - start);
    sockets.push(...(await Promise.all(Array.from({ length: part }, (_, index) => open(start + index)))));
  }
  return sockets;
}

export interface CatchUp {
  readonly messages: number;
  /** Messages per second of one member that reads the pages it missed. */
  readonly perSecond: number;
}

/** One member was away while many messages were sent, and reads them page by page. */
export async function measureCatchUp(messages: number): Promise<CatchUp> {
  const server = await startProcess('server.ts');
  try {
    const room = await makeRoom(server.origin, 2);
    const author = firstOf(room.members);
    const sealer = new Sealer(server.origin, room);
    const sockets = {
      room: room.room,
      sockets: [await connect(server.origin, author)],
      dialect: DIALECTS.sotto,
    };
    await closedLoop([{ sockets, frames: await sealer.seal(messages) }], 256);
    const away = firstOf(room.members.slice(1));
    const start = performance.now();
    let read = 0;
    for (;;) {
      const path = `${PATHS.log(room.room)}?after=${read}&limit=500`;
      const { entries, head } = await get<LogPage>(server.origin, path, away);
      for (const { position } of entries) {
        if (position !== read + 1) throw new Error(`out of order: ${position} after ${read}`);
        read = position;
      }
      if (read === head) break;
    }
    const seconds = (performance.now() - start) / 1_000;
    firstOf(sockets.sockets).end();
    return { messages, perSecond: read / seconds };
  } finally {
    await server.end();
  }
}

export interface Storm {
  readonly clients: number;
  /** Seconds until all were back, each with its challenge signed and answered. */
  readonly seconds: number;
}

/** All clients lose their connection at once and come back at once. */
export async function measureStorm(clients: number): Promise<Storm> {
  const server = await startProcess('server.ts');
  try {
    const members = await accounts(server.origin, Math.ceil(clients / 4));
    const all = Array.from({ length: clients }, (_, index) => firstOf(members.slice(index % members.length)));
    const first = await inParts(clients, (index) => connect(server.origin, firstOf(all.slice(index))));
    for (const socket of first) socket.end();
    const start = performance.now();
    const again = await Promise.all(all.map((member) => connect(server.origin, member)));
    const seconds = (performance.now() - start) / 1_000;
    for (const socket of again) socket.end();
    return { clients, seconds };
  } finally {
    await server.end();
  }
}
