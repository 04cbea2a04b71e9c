/**
 * Deliveries per second: the real server (encrypted, durable before acknowledged) against servers that store nothing, by
 * the same load in the same run, in turns.
 */
import { closedLoop, type Throughput } from './closed-loop.ts';
import { median } from './figures.ts';
import { startEjabberd } from './peers/ejabberd.ts';
import { startFlask } from './peers/flask.ts';
import { type Absent, isAbsent, type Peer } from './peers/peer.ts';
import { asStanzas, roomName, XMPP, XmppSocket } from './peers/xmpp.ts';
import { type Running, startProcess } from './processes.ts';
import { maskedFrame, RawSocket } from './raw-socket.ts';
import { type BenchRoom, connectAll, makeRoom, Sealer } from './room.ts';
import type { Dialect, LoadSocket, RoomSockets, SendFrame } from './room-load.ts';

export type System = 'sotto' | 'ws loop' | 'Socket.IO' | Peer;
export const SYSTEMS: readonly System[] = ['sotto', 'ws loop', 'Socket.IO'];

const START: Record<Exclude<System, 'sotto'>, () => Promise<Running | Absent>> = {
  'ws loop': () => startProcess('baseline-server.ts'),
  'Socket.IO': () => startProcess('socket-io-server.ts'),
  'Flask-SocketIO': startFlask,
  ejabberd: () => startEjabberd({ archive: false }),
  'ejabberd, archive': () => startEjabberd({ archive: true }),
};

const dialect = (start: string): Dialect => ({
  entries: Buffer.from(`${start}entries"`),
  ack: Buffer.from(`${start}ack"`),
  position: Buffer.from('"position":'),
});
export const DIALECTS: Record<System, Dialect> = {
  sotto: dialect('{"t":"'),
  'ws loop': dialect('{"t":"'),
  'Socket.IO': dialect('42["'),
  'Flask-SocketIO': dialect('42["'),
  ejabberd: XMPP,
  'ejabberd, archive': XMPP,
};

export interface Shape {
  readonly rooms: number;
  readonly members: number;
}

/** One system with rooms of connected members, ready for load. */
export interface Stage {
  readonly system: System;
  readonly running: Running;
  readonly rooms: readonly { readonly room: RoomSockets; readonly sealer: Sealer }[];
  /** The frame as this system wants it. */
  prepare(frame: SendFrame): SendFrame;
  end(): Promise<void>;
}

/** Stages all systems alike. The rooms and frames of the real server serve the others too. */
export async function stageAll(
  { rooms, members }: Shape,
  systems = SYSTEMS,
  missing: (system: System, why: string) => void = () => undefined,
): Promise<Stage[]> {
  const running = await startProcess('server.ts');
  const { origin } = running;
  const made: { room: BenchRoom; sealer: Sealer }[] = [];
  for (let index = 0; index < rooms; index += 1) {
    const room = await makeRoom(origin, members, `room ${index + 1} member`);
    made.push({ room, sealer: new Sealer(origin, room) });
  }
  const stages: Stage[] = [];
  for (const system of systems) {
    const server = system === 'sotto' ? running : await START[system]();
    if (isAbsent(server)) {
      missing(system, server.absent);
      continue;
    }
    const staged: Stage['rooms'][number][] = [];
    for (const { room, sealer } of made) {
      const sockets =
        system === 'sotto'
          ? await connectAll(origin, room.members)
          : await plain(server.origin, room, system);
      staged.push({ room: { room: room.room, sockets, dialect: DIALECTS[system] }, sealer });
    }
    stages.push({
      system,
      running: server,
      rooms: staged,
      prepare: preparing(system),
      async end() {
        for (const { room } of staged) for (const socket of room.sockets) socket.end();
        await server.end();
      },
    });
  }
  return stages;
}

function preparing(system: System): Stage['prepare'] {
  if (DIALECTS[system] === XMPP) return asStanzas();
  return system === 'Socket.IO' || system === 'Flask-SocketIO' ? asEvent : (frame) => frame;
}

async function plain(origin: string, room: BenchRoom, system: System): Promise<LoadSocket[]> {
  if (DIALECTS[system] === XMPP) {
    const join = (index: number) => XmppSocket.join(origin, roomName(room.room), `member-${index}`);
    const sockets: LoadSocket[] = [];
    for (const index of room.members.keys()) sockets.push(await join(index));
    return sockets;
  }
  const base = origin.replace('http', 'ws');
  if (system === 'ws loop') {
    return Promise.all(room.members.map(() => RawSocket.open(`${base}/?room=${room.room}`, () => undefined)));
  }
  const url = `${base}/socket.io/?EIO=4&transport=websocket&room=${room.room}`;
  return Promise.all(room.members.map(() => openSocketIo(url)));
}

/** Engine.IO's opening, then the default namespace. Its pings (every 25 s) outlast no measurement. */
async function openSocketIo(url: string): Promise<RawSocket> {
  const joined = Promise.withResolvers<void>();
  const socket = await RawSocket.open(url, (text) => {
    if (text.toString('latin1', 0, 2) === '40') joined.resolve();
  });
  socket.write(maskedFrame('40'));
  await joined.promise;
  return socket;
}

const asEvent = ({ id, text }: SendFrame): SendFrame => ({
  id,
  text,
  frame: maskedFrame(`42["send",${text}]`),
});

export interface Closed extends Throughput {
  /** Of one core, 0 to 1 and beyond. */
  readonly serverCpu: number;
  readonly loadCpu: number;
}

export interface ClosedFigures {
  readonly rooms: number;
  readonly members: number;
  readonly window: number;
  readonly systems: Record<string, Closed>;
}

/** Runs all stages in turns; medians of the rounds. */
export async function measureClosed(
  stages: readonly Stage[],
  options: { window: number; warmUp: number; rounds: number; messages: Readonly<Record<System, number>> },
): Promise<ClosedFigures> {
  const { window, warmUp, rounds, messages } = options;
  const runs = new Map<System, Closed[]>(stages.map(({ system }) => [system, []]));
  for (let round = 0; round < warmUp + rounds; round += 1) {
    for (const stage of stages) {
      const run = await once(stage, messages[stage.system], window);
      if (round >= warmUp) runs.get(stage.system)?.push(run);
    }
  }
  const systems: Record<string, Closed> = {};
  for (const [system, all] of runs) {
    const pick = (key: keyof Closed) => median(all.map((run) => run[key]));
    systems[system] = {
      deliveriesPerSecond: pick('deliveriesPerSecond'),
      p50: pick('p50'),
      p99: pick('p99'),
      serverCpu: pick('serverCpu'),
      loadCpu: pick('loadCpu'),
    };
  }
  const [first] = stages;
  return {
    rooms: first?.rooms.length ?? 0,
    members: first?.rooms[0]?.room.sockets.length ?? 0,
    window,
    systems,
  };
}

async function once(stage: Stage, messages: number, window: number): Promise<Closed> {
  const rooms: { sockets: RoomSockets; frames: SendFrame[] }[] = [];
  for (const { room, sealer } of stage.rooms) {
    const frames = await sealer.seal(messages);
    rooms.push({ sockets: room, frames: frames.map(stage.prepare) });
  }
  const [before, cpu, start] = [stage.running.cpu(), process.cpuUsage(), performance.now()];
  const measured = await closedLoop(rooms, window);
  const seconds = (performance.now() - start) / 1_000;
  const { user, system } = process.cpuUsage(cpu);
  return {
    ...measured,
    serverCpu: (stage.running.cpu() - before) / seconds,
    loadCpu: (user + system) / 1e6 / seconds,
  };
}
