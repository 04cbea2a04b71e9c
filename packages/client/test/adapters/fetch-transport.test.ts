import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { PROOF_HEADER, SOCKET_PATH } from '@sotto/protocol';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type WebSocket as ServerSocket, WebSocketServer } from 'ws';
import { fetchTransport } from '../../src/fetch/fetch-transport.ts';
import type { SocketHandlers, Transport } from '../../src/seams/transport.ts';

describe('fetch transport', () => {
  let answer: (request: IncomingMessage, response: ServerResponse, body: string) => void;
  let welcome: (socket: ServerSocket) => void;
  let transport: Transport;
  const http = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    answer(request, response, body);
  });
  const sockets = new WebSocketServer({ server: http, path: SOCKET_PATH });

  beforeAll(async () => {
    sockets.on('connection', (socket) => welcome(socket));
    http.listen(0, '127.0.0.1');
    await once(http, 'listening');
    transport = fetchTransport(`http://127.0.0.1:${(http.address() as AddressInfo).port}`);
  });
  beforeEach(() => {
    answer = (_request, response) => response.writeHead(500).end();
    welcome = () => {};
  });
  afterAll(() => {
    for (const socket of sockets.clients) socket.terminate();
    sockets.close();
    http.close();
    http.closeAllConnections();
  });

  /** Records what a socket reports; `closed` resolves with the first `onClose`. */
  const record = () => {
    const frames: string[] = [];
    const closes: [number, string][] = [];
    const closed = Promise.withResolvers<void>();
    let onFrame = (_text: string) => {};
    const handlers: SocketHandlers = {
      onFrame(text) {
        frames.push(text);
        onFrame(text);
      },
      onClose(code, reason) {
        closes.push([code, reason]);
        closed.resolve();
      },
    };
    const first = new Promise<string>((resolve) => {
      onFrame = resolve;
    });
    return { frames, closes, closed: closed.promise, first, handlers };
  };
  /** Long enough for a second `onClose` to arrive if there were one. */
  const settled = () => new Promise((resolve) => setTimeout(resolve, 50));

  it('[D5] carries method, path, exact body and proof, and neither cookies nor caches', async () => {
    let seen: unknown;
    answer = (request, response, body) => {
      const { cookie, [PROOF_HEADER]: proof, 'content-type': type } = request.headers;
      seen = { method: request.method, path: request.url, body, proof, type, cookie };
      response.writeHead(201, { 'content-type': 'application/json', 'set-cookie': 'a=b' }).end('{"ok":[1]}');
    };
    const body = '{ "a" : "ü" }';
    const put = { method: 'PUT', path: '/api/x?y=1&z=%20', body, proof: 'a.b' } as const;
    for (let twice = 0; twice < 2; twice++) {
      expect(await transport.request(put)).toEqual({ status: 201, json: { ok: [1] } });
      expect(seen).toEqual({
        method: 'PUT',
        path: '/api/x?y=1&z=%20',
        body,
        proof: 'a.b',
        type: 'application/json',
        cookie: undefined,
      });
    }
    await transport.request({ method: 'GET', path: '/api/info' });
    expect(seen).toMatchObject({ method: 'GET', path: '/api/info', body: '', proof: undefined });
  });

  it('passes every status on, and undefined for a body that is not JSON', async () => {
    answer = (_request, response) => response.writeHead(409).end('{"code":"stale_epoch"}');
    expect(await transport.request({ method: 'POST', path: '/', body: '{}' })).toEqual({
      status: 409,
      json: { code: 'stale_epoch' },
    });
    answer = (_request, response) => response.writeHead(502).end('<h1>Bad gateway</h1>');
    expect(await transport.request({ method: 'GET', path: '/' })).toEqual({ status: 502, json: undefined });
    answer = (_request, response) => response.writeHead(204).end();
    expect(await transport.request({ method: 'GET', path: '/' })).toEqual({ status: 204, json: undefined });
  });

  it('is unreachable where no whole answer comes', async () => {
    const unreachable = { name: 'ClientError', code: 'unreachable' };
    answer = (_request, response) => response.destroy();
    await expect(transport.request({ method: 'GET', path: '/' })).rejects.toMatchObject(unreachable);
    answer = (_request, response) => {
      response.writeHead(200, { 'content-length': 100 });
      response.write('{"half":');
      setImmediate(() => response.destroy());
    };
    await expect(transport.request({ method: 'GET', path: '/' })).rejects.toMatchObject(unreachable);
    const nobody = createServer().listen(0, '127.0.0.1');
    await once(nobody, 'listening');
    const { port } = nobody.address() as AddressInfo;
    await new Promise((resolve) => nobody.close(resolve));
    await expect(
      fetchTransport(`http://127.0.0.1:${port}`).request({ method: 'GET', path: '/' }),
    ).rejects.toMatchObject(unreachable);
  });

  it('[attack 36] takes a proof to no other origin: not by redirect, not by path', async () => {
    let asked = 0;
    answer = (request, response) => {
      asked++;
      if (request.url === '/elsewhere') response.end('{}');
      else response.writeHead(307, { location: '/elsewhere' }).end();
    };
    await expect(
      transport.request({ method: 'POST', path: '/', body: '{}', proof: 'p' }),
    ).rejects.toMatchObject({ code: 'unreachable' });
    expect(asked).toBe(1);
    await expect(transport.request({ method: 'GET', path: '//elsewhere.example/' })).rejects.toThrow('path');
    expect(() => fetchTransport(`${transport.origin}/app`)).toThrow('origin');
  });

  it('[D6] carries text frames both ways, in order, and closes once', async () => {
    const arrived: string[] = [];
    const enough = Promise.withResolvers<void>();
    welcome = (socket) => {
      socket.send('one');
      socket.send('two');
      socket.on('message', (data, binary) => {
        expect(binary).toBe(false);
        arrived.push(String(data));
        if (arrived.length === 2) enough.resolve();
      });
    };
    const heard = record();
    const socket = transport.connect(heard.handlers);
    socket.send('too early: dropped');
    await heard.first;
    socket.send('three');
    socket.send('vier ü');
    await enough.promise;
    expect(heard.frames).toEqual(['one', 'two']);
    expect(arrived).toEqual(['three', 'vier ü']);
    socket.close();
    socket.close();
    await heard.closed;
    socket.send('too late: dropped');
    await settled();
    expect(heard.closes).toHaveLength(1);
  });

  it('[D4] reports why the server closed', async () => {
    welcome = (socket) => socket.close(4408, 'too slow');
    const heard = record();
    transport.connect(heard.handlers);
    await heard.closed;
    await settled();
    expect(heard.closes).toEqual([[4408, 'too slow']]);
  });

  it('reports a broken connection and a refused one, once each', async () => {
    welcome = (socket) => socket.terminate();
    const broken = record();
    transport.connect(broken.handlers);
    await broken.closed;
    const refused = record();
    fetchTransport('http://127.0.0.1:1').connect(refused.handlers);
    await refused.closed;
    await settled();
    expect(broken.closes).toEqual([[1006, expect.any(String)]]);
    expect(refused.closes).toEqual([[1006, expect.any(String)]]);
  });

  it('hears nothing after closing, even while the server goes on', async () => {
    const closing = Promise.withResolvers<void>();
    welcome = (socket) => {
      socket.send('first');
      void closing.promise.then(() => socket.send('last'));
    };
    const heard = record();
    const socket = transport.connect(heard.handlers);
    await heard.first;
    socket.close();
    closing.resolve();
    await heard.closed;
    expect(heard.frames).toEqual(['first']);
  });

  it('ends a closing that the server never answers', { timeout: 10_000 }, async () => {
    const paused = Promise.withResolvers<ServerSocket>();
    welcome = (socket) => {
      socket.send('first');
      socket.pause();
      paused.resolve(socket);
    };
    const heard = record();
    const socket = transport.connect(heard.handlers);
    await heard.first;
    socket.close();
    await heard.closed;
    (await paused.promise).terminate();
    await settled();
    expect(heard.closes).toHaveLength(1);
  });

  it('[D6] ends a connection that sends anything but text', async () => {
    welcome = (socket) => {
      socket.send(Buffer.of(1, 2));
      socket.send('text after it');
    };
    const heard = record();
    transport.connect(heard.handlers);
    await heard.closed;
    await settled();
    expect(heard.closes).toEqual([[1003, expect.any(String)]]);
    expect(heard.frames).toEqual([]);
  });
});
