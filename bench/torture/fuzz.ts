import { SOCKET_PATH } from '@sotto/protocol';
import { startTalk } from '../floods/talk.ts';
import { connect, type Member } from '../member.ts';
import { type Running, startProcess } from '../processes.ts';
import { maskedFrame, RawSocket } from '../raw-socket.ts';
import { firstOf, makeRoom, Sealer } from '../room.ts';
import type { SendFrame } from '../room-load.ts';
import { nastyBytes, nastyText, type Random } from './nasty.ts';

export interface Fuzzed {
  /** Malformed frames sent by an authenticated member. */
  readonly frames: number;
  /** Connections that broke the WebSocket protocol, or stalled halfway. */
  readonly connections: number;
  readonly refused: number;
  /** Messages of a well-behaved pair meanwhile, and their time from sending to the other's screen, milliseconds. */
  readonly messages: number;
  readonly p99: number;
  /** Bytes by which the server's memory grew. */
  readonly growth: number;
}

const BATCH = 100;
const PING = maskedFrame('{"t":"ping"}');

/** A flood of nonsense against a server on which two others talk. @throws Error where one of them loses a message */
export async function fuzz(frames: number, random: Random): Promise<Fuzzed> {
  const server = await startProcess('server.ts');
  try {
    const pair = await makeRoom(server.origin, 2, 'pair');
    const mallory = await makeRoom(server.origin, 1, 'mallory');
    const sealer = new Sealer(server.origin, mallory);
    const good = await sealer.seal(50);
    await flood(server, firstOf(mallory.members), Math.min(2_000, frames), { random, good });
    const before = server.memory();
    const talk = await startTalk(server.origin, pair);
    const refused = await flood(server, firstOf(mallory.members), frames, { random, good });
    const connections = Math.ceil(frames / 100);
    await breakIn(server.origin, connections, random);
    const { messages, p99 } = await talk.end();
    return { frames, connections, refused, messages, p99, growth: server.memory() - before };
  } finally {
    await server.end();
  }
}

/** Sends in batches and waits for the answer to a ping after each, so that all of it was read. */
async function flood(
  server: Running,
  member: Member,
  frames: number,
  { random, good }: { random: Random; good: readonly SendFrame[] },
): Promise<number> {
  const socket = await connect(server.origin, member);
  let refused = 0;
  let turn = Promise.withResolvers<void>();
  socket.onClose((why) => turn.reject(new Error(why)));
  socket.onFrame((text) => {
    if (text.includes('"t":"refused"')) refused += 1;
    else if (text.includes('"t":"pong"')) turn.resolve();
  });
  for (let sent = 0; sent < frames; sent += BATCH) {
    turn = Promise.withResolvers();
    const texts = Array.from({ length: BATCH }, () => maskedFrame(nastyText(random, good)));
    socket.write(Buffer.concat([...texts, PING]));
    await turn.promise;
  }
  socket.end();
  return refused;
}

/** Connections of strangers that speak no WebSocket, some of which stay and say nothing more. */
async function breakIn(origin: string, count: number, random: Random): Promise<void> {
  const open: RawSocket[] = [];
  for (let index = 0; index < count; index += 1) {
    const socket = await RawSocket.open(origin.replace('http', 'ws') + SOCKET_PATH, () => undefined);
    socket.onClose(() => undefined); // being thrown out is the point
    socket.write(nastyBytes(random));
    open.push(socket);
    if (open.length > 50) open.shift()?.end();
  }
  for (const socket of open) socket.end();
}
