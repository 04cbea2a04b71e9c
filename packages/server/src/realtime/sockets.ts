import { randomBytes } from 'node:crypto';
import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { CLOSE, LIMITS, SOCKET_PATH } from '@sotto/protocol';
import { type RawData, type WebSocket, WebSocketServer } from 'ws';
import { addressOf } from '../limits/address.ts';
import { asRefused, Refused } from '../refusal.ts';
import type { Service } from '../service.ts';
import { authenticate, RemovedDevice, welcome } from './authenticate.ts';
import { Connection } from './connection.ts';
import { Hub } from './hub.ts';
import { BYTES_BEFORE_AUTH, Newcomers } from './newcomers.ts';
import { receive } from './receive.ts';

const AUTH_TIME = 10_000;
/** Attack 51: each piece of a frame costs more than its byte. Clients send frames whole; a network cuts them into few. */
const FRAGMENTS = 16;
const CHUNKS = 4_096;
const HEARTBEAT = 30_000;
/** Time for connections to say goodbye when the server closes. */
const FAREWELL = 1_000;

export interface Sockets {
  /** Says goodbye to everyone and resolves when all are gone. */
  close(): Promise<void>;
}

/** The live side (D6): takes upgrades of the HTTP server under SOCKET_PATH. */
export function openSockets(
  service: Service,
  server: Server,
  times: { auth?: number; heartbeat?: number } = {},
): Sockets {
  const hub = new Hub(service.bus, (entries) => service.metrics.delivered(entries));
  const connections = new Set<Connection>();
  service.metrics.gauge('sotto_connections', 'Open connections.', () => connections.size);
  const perAddress = new Map<string, number>();
  const newcomers = new Newcomers(service.config.rates.newcomers);
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: LIMITS.frame, // attack 29: refused by its length, before it is read
    maxFragments: FRAGMENTS,
    maxBufferedChunks: CHUNKS,
    perMessageDeflate: false, // and a frame that comes compressed all the same is refused
    autoPong: false, // `Connection` answers, within the buffer limit
    clientTracking: false,
  });

  server.on('upgrade', (request: IncomingMessage, stream: Duplex, head: Buffer) => {
    stream.on('error', () => stream.destroy()); // the peer went away; `ws` reports the same as a close
    const address = addressOf(request, service.config.trustProxy);
    const [path] = (request.url ?? '').split('?');
    if (path !== SOCKET_PATH) refuseUpgrade(stream, '404 Not Found');
    else if (service.closing()) refuseUpgrade(stream, '503 Service Unavailable');
    else if (
      (perAddress.get(address) ?? 0) >= service.config.rates.sockets ||
      !newcomers.admits(address) ||
      service.limiter.take('requests', address) > 0
    ) {
      refuseUpgrade(stream, '429 Too Many Requests'); // attack 37: too many at once, or one after another
    } else {
      sockets.handleUpgrade(request, stream, head, (ws) => accept(ws, stream, request, address));
    }
  });

  function accept(ws: WebSocket, stream: Duplex, request: IncomingMessage, address: string): void {
    const connection = new Connection(ws, stream, address);
    connections.add(connection);
    newcomers.add(connection);
    listenForAuth(connection, stream);
    perAddress.set(address, (perAddress.get(address) ?? 0) + 1);
    ws.on('error', () => connection.terminate()); // protocol errors: `ws` has sent the close code already
    ws.on('ping', (data: Buffer) => connection.pong(data));
    ws.on('pong', () => {
      connection.alive = true;
    });
    ws.on('close', () => {
      if (connection.slow) service.metrics.cutOff();
      forget(connection);
    });
    const { origin } = request.headers;
    if (origin !== undefined && !service.origins.accepts(origin)) {
      connection.bye('wrong_origin', CLOSE.unauthenticated);
      return;
    }
    challenge(ws, connection);
  }

  /** Attack 51: whatever the bytes are, of who has not said who they are there are few. */
  function listenForAuth(connection: Connection, stream: Duplex): void {
    let bytes = 0;
    stream.on('data', function count(chunk: Buffer) {
      bytes += chunk.length;
      if (connection.device) stream.off('data', count);
      else if (bytes > BYTES_BEFORE_AUTH) connection.terminate();
    });
  }

  function challenge(ws: WebSocket, connection: Connection): void {
    const nonce = randomBytes(32);
    const late = () => connection.bye('unauthenticated', CLOSE.unauthenticated);
    const timer = setTimeout(late, times.auth ?? AUTH_TIME);
    ws.once('close', () => clearTimeout(timer));
    let answered = false;
    ws.on('message', (data: RawData, binary: boolean) => {
      if (connection.closed) return; // attack 34: nothing more is taken from a device that was removed
      if (connection.device && !binary) {
        receive(service, connection, connection.device, data.toString());
      } else if (answered || binary) {
        connection.bye('malformed', CLOSE.unauthenticated); // spoke before it was ready, or not in text
      } else {
        answered = true; // attack 36: one challenge, one answer
        enter(connection, nonce, data.toString())
          .catch((error: unknown) => turnAway(connection, error))
          .finally(() => clearTimeout(timer));
      }
    });
    connection.challenge({ t: 'challenge', nonce: nonce.toString('base64url'), time: service.now() });
  }

  async function enter(connection: Connection, nonce: Buffer, text: string): Promise<void> {
    const device = await authenticate(service, nonce, text);
    if (connection.gone) return;
    connection.device = device;
    newcomers.leave(connection);
    await welcome(service, hub, connection, device);
  }

  function turnAway(connection: Connection, error: unknown): void {
    const refused = asRefused(error) ?? new Refused('internal');
    if (refused.code === 'internal') service.log.error({ err: error }, 'a connection failed');
    if (refused instanceof RemovedDevice) connection.removed(refused.list);
    else connection.bye(refused.code, CLOSE.unauthenticated, refused.message);
  }

  function forget(connection: Connection): void {
    connection.gone = true;
    connections.delete(connection);
    newcomers.leave(connection);
    const left = (perAddress.get(connection.address) ?? 1) - 1;
    if (left > 0) perAddress.set(connection.address, left);
    else perAddress.delete(connection.address);
    hub.remove(connection);
    if (!connection.counted || !connection.device) return;
    const { account, device } = connection.device;
    const gone = service.presence.disconnected(account, device);
    if (!service.presence.hasDevice(account, device)) {
      service.lastSeen.note(account, device, service.now());
      service.desk.left({ account, device });
    }
    gone.catch((error: unknown) => {
      service.log.error({ err: error }, 'the time of a disconnect was not kept');
    });
  }

  const heartbeat = setInterval(() => {
    for (const connection of connections) {
      if (connection.alive) connection.ping();
      else connection.terminate();
    }
  }, times.heartbeat ?? HEARTBEAT);
  heartbeat.unref();

  return {
    async close() {
      clearInterval(heartbeat);
      for (const connection of connections) connection.bye('busy', 1001);
      const end = Date.now() + FAREWELL;
      while (connections.size > 0 && Date.now() < end)
        await new Promise((resolve) => setTimeout(resolve, 10));
      for (const connection of connections) connection.terminate();
      while (connections.size > 0) await new Promise((resolve) => setImmediate(resolve));
      hub.close();
      sockets.close();
    },
  };
}

function refuseUpgrade(stream: Duplex, status: string): void {
  stream.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}
