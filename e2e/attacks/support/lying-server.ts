import { createServer, request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type RawData, WebSocket, WebSocketServer } from 'ws';

/** A JSON answer on its way to a client. */
export interface Answer {
  readonly method: string;
  /** Path with query. */
  readonly path: string;
  readonly status: number;
  readonly json: unknown;
}

type Json = Record<string, unknown>;

/**
 * A server that lies: it stands between clients and an honest delivery service and changes what passes.
 * Everything it does is what a hostile operator could do. Lies are set and lifted while it runs.
 */
export interface LyingServer {
  readonly origin: string;
  readonly port: number;
  /** Replaces the JSON of an answer; undefined leaves it. */
  answer: ((answer: Answer) => unknown) | undefined;
  /** Replaces one frame to a client by any number of frames; undefined leaves it. */
  frame: ((frame: Json) => readonly Json[] | undefined) | undefined;
  /** Sees, and may hold back (false) or replace, what clients send. */
  heard: ((frame: Json) => boolean | Json) | undefined;
  /** Answers a request itself, so that the honest server never hears of it; undefined passes it on. */
  instead:
    | ((request: {
        method: string;
        path: string;
        json: unknown;
      }) => { status: number; json: unknown } | undefined)
    | undefined;
  /** Sees and may replace the body of a request; undefined leaves it. */
  asked: ((request: { method: string; path: string; json: unknown }) => unknown) | undefined;
  /** M6: replaces the bytes of a file that is asked for; the whole of it is always asked of the honest server. */
  blob: ((asked: { path: string; file: Buffer }) => Buffer | undefined) | undefined;
  /** Tells the real size of a file whose bytes it replaces. */
  tellsRealSize: boolean;
  /** Sees every request and answer by HTTP as the bytes that pass: first line, headers, body. */
  passing: ((bytes: Buffer) => void) | undefined;
  /** Sends a frame of its own making to every client. */
  say(frame: Json): void;
  /** Cuts every live connection; clients reconnect by themselves. */
  cut(): void;
  /** Back to handing on everything as it is. */
  behave(): void;
  /** Points to another honest server (one restored from a backup, say). */
  redirect(upstream: string): void;
  close(): Promise<void>;
}

/** Starts the proxy on a free port of the loopback interface. `upstream` is the honest server's origin. */
export async function startLyingServer(upstream: () => string): Promise<LyingServer> {
  let target = upstream;
  const clients = new Set<WebSocket>();
  const server = createServer((incoming, outgoing) => {
    forward(incoming, outgoing).catch((error: unknown) => {
      outgoing.writeHead(502).end(String(error));
    });
  });
  const sockets = new WebSocketServer({ server });

  async function forward(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk as Buffer);
    const method = incoming.method ?? 'GET';
    const path = incoming.url ?? '/';
    let body = Buffer.concat(chunks);
    lying.passing?.(
      Buffer.concat([Buffer.from(`${method} ${path} ${JSON.stringify(incoming.headers)}`), body]),
    );
    const isJson = (incoming.headers['content-type'] ?? 'application/json').includes('json');
    if (lying.blob && method === 'GET' && /^\/api\/files\/[\w-]+$/.test(path)) {
      await forgeBlob(incoming, outgoing, path);
      return;
    }
    if (lying.asked && isJson && body.length > 0) {
      const changed = lying.asked({ method, path, json: JSON.parse(body.toString('utf8')) });
      if (changed !== undefined) body = Buffer.from(JSON.stringify(changed));
    }
    const made = lying.instead?.({
      method,
      path,
      json: isJson && body.length > 0 ? JSON.parse(body.toString('utf8')) : undefined,
    });
    if (made) {
      outgoing.writeHead(made.status, { 'content-type': 'application/json' }).end(JSON.stringify(made.json));
      return;
    }
    const headers = {
      ...incoming.headers,
      'accept-encoding': 'identity',
      'content-length': String(body.length),
    };
    const answered = await new Promise<IncomingMessage>((resolve, reject) => {
      httpRequest(new URL(path, target()), { method, headers }, resolve).on('error', reject).end(body);
    });
    const parts: Buffer[] = [];
    for await (const part of answered) parts.push(part as Buffer);
    let payload: Buffer = Buffer.concat(parts);
    const status = answered.statusCode ?? 502;
    lying.passing?.(Buffer.concat([Buffer.from(JSON.stringify(answered.headers)), payload]));
    if (lying.answer && (answered.headers['content-type'] ?? '').includes('json')) {
      const changed = lying.answer({ method, path, status, json: JSON.parse(payload.toString('utf8')) });
      if (changed !== undefined) payload = Buffer.from(JSON.stringify(changed));
    }
    const { 'content-length': _length, 'transfer-encoding': _encoding, ...kept } = answered.headers;
    outgoing.writeHead(status, { ...kept, 'content-length': String(payload.length) }).end(payload);
  }

  async function forgeBlob(incoming: IncomingMessage, outgoing: ServerResponse, path: string): Promise<void> {
    const { range = 'bytes=0-', ...headers } = incoming.headers;
    const answered = await new Promise<IncomingMessage>((resolve, reject) => {
      httpRequest(new URL(path, target()), { headers }, resolve).on('error', reject).end();
    });
    const parts: Buffer[] = [];
    for await (const part of answered) parts.push(part as Buffer);
    const real = Buffer.concat(parts);
    if (answered.statusCode !== 200) {
      outgoing.writeHead(answered.statusCode ?? 502, answered.headers).end(real);
      return;
    }
    const file = lying.blob?.({ path, file: real }) ?? real;
    const [, first = '0', last = ''] = /^bytes=(\d+)-(\d*)$/.exec(String(range)) ?? [];
    const start = Number(first);
    const end = Math.min(last === '' ? file.length - 1 : Number(last), file.length - 1);
    outgoing
      .writeHead(206, {
        'content-range': `bytes ${start}-${end}/${lying.tellsRealSize ? real.length : file.length}`,
      })
      .end(file.subarray(start, end + 1));
  }

  sockets.on('connection', (client, incoming) => {
    const origin = incoming.headers.origin;
    const inner = new WebSocket(new URL(incoming.url ?? '/', target().replace(/^http/, 'ws')), {
      ...(origin === undefined ? {} : { origin }),
    });
    clients.add(client);
    const early: string[] = [];
    client.on('message', (data: RawData) => {
      const verdict = lying.heard?.(JSON.parse(data.toString()) as Json) ?? true;
      if (verdict === false) return;
      const text = verdict === true ? data.toString() : JSON.stringify(verdict);
      if (inner.readyState === WebSocket.OPEN) inner.send(text);
      else early.push(text);
    });
    inner.on('open', () => {
      for (const text of early.splice(0)) inner.send(text);
    });
    inner.on('message', (data: RawData) => {
      const text = data.toString();
      const changed = lying.frame?.(JSON.parse(text) as Json);
      if (changed === undefined) client.send(text);
      else for (const frame of changed) client.send(JSON.stringify(frame));
    });
    const end = () => {
      clients.delete(client);
      client.terminate();
      inner.terminate();
    };
    client.on('close', end).on('error', end);
    inner.on('error', end);
    inner.on('close', (code: number, reason: Buffer) => {
      if (client.readyState === WebSocket.OPEN && code >= 3000) client.close(code, reason);
      else end();
    });
  });

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const lying: LyingServer = {
    origin: `http://127.0.0.1:${port}`,
    port,
    answer: undefined,
    frame: undefined,
    heard: undefined,
    asked: undefined,
    instead: undefined,
    blob: undefined,
    tellsRealSize: false,
    passing: undefined,
    say(frame) {
      for (const client of clients) client.send(JSON.stringify(frame));
    },
    cut() {
      for (const client of clients) client.terminate();
    },
    behave() {
      lying.answer = lying.frame = lying.heard = lying.asked = lying.instead = lying.blob = undefined;
      lying.passing = undefined;
      lying.tellsRealSize = false;
    },
    redirect(next) {
      target = () => next;
    },
    async close() {
      for (const client of clients) client.terminate();
      await new Promise<void>((resolve) => sockets.close(() => resolve()));
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
  return lying;
}
