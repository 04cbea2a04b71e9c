import type { IncomingMessage, Server } from 'node:http';

/** Milliseconds for a whole body. */
const BODY = 30_000;

/**
 * Attack 37: a body that is not here in time ends its connection. Node's own limit would also end uploads, which may take
 * hours and are held to a pace instead (`files/traffic.ts`).
 */
export function limitBodies(server: Server, milliseconds: number = BODY): void {
  server.on('request', (incoming: IncomingMessage) => {
    if (incoming.method === 'PATCH' || !hasBody(incoming)) return;
    const timer = setTimeout(() => incoming.socket.destroy(), milliseconds);
    timer.unref();
    incoming.once('close', () => clearTimeout(timer));
  });
}

const hasBody = ({ headers }: IncomingMessage) =>
  headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
