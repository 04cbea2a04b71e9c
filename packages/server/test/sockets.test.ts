import { connect as connectTcp, type Socket } from 'node:net';
import { CLOSE, LIMITS, SOCKET_PATH } from '@sotto/protocol';
import { describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { Limiter } from '../src/limits/limiter.ts';
import { openSockets } from '../src/realtime/sockets.ts';
import { Person } from './support/person.ts';
import { rawConnection } from './support/raw.ts';
import { Room } from './support/room.ts';
import { makeServer } from './support/server.ts';
import { makeKey } from './support/signing.ts';
import { answerChallenge, connect, TestSocket } from './support/socket.ts';

async function knock(origin: string, options = {}): Promise<TestSocket & { nonce: string }> {
  const socket = new TestSocket(origin, options);
  return Object.assign(socket, { nonce: (await socket.take('challenge')).nonce });
}

/** How the server says goodbye. */
async function farewell(socket: TestSocket): Promise<string> {
  const { code } = await socket.take('bye');
  return `${code} ${(await socket.closed).code}`;
}

describe('authentication', () => {
  test('[attack 36] a challenge serves the connection it was made for, once', async () => {
    const { origin } = await makeServer();
    const person = await Person.guest(origin);
    const first = await knock(origin);
    const answer = await answerChallenge(first.nonce, person);
    const second = await knock(origin);
    second.send(answer);
    expect(await farewell(second)).toBe('unauthenticated 4401');
    first.send(answer);
    await first.take('ready');
    first.send(answer);
    expect(await first.take('refused')).toMatchObject({ re: 'auth', code: 'malformed' });
  });

  test('[attack 36] a signature for another origin is refused', async () => {
    const { origin } = await makeServer();
    const person = await Person.guest(origin);
    const socket = await knock(origin);
    socket.send(await answerChallenge(socket.nonce, person, { origin: 'https://evil.example' }));
    expect(await farewell(socket)).toBe('wrong_origin 4401');
    const swapped = await knock(origin);
    const answer = await answerChallenge(swapped.nonce, person, { origin: 'https://evil.example' });
    swapped.send({ ...answer, origin });
    expect(await farewell(swapped)).toBe('unauthenticated 4401');
  });

  test('a page of another origin is turned away before the challenge', async () => {
    const { origin } = await makeServer();
    const foreign = new TestSocket(origin, { origin: 'https://evil.example' });
    expect(await farewell(foreign)).toBe('wrong_origin 4401');
    expect(foreign.seen('challenge')).toEqual([]);
    await knock(origin, { origin });
  });

  test('[attack 15] unknown devices and foreign keys do not get in', async () => {
    const { origin } = await makeServer();
    const person = await Person.guest(origin);
    const unknown = await knock(origin);
    unknown.send(await answerChallenge(unknown.nonce, person, { device: await person.makeDevice() }));
    expect(await farewell(unknown)).toBe('unknown_device 4401');
    const foreign = await knock(origin);
    const device = { ...person.first, key: await makeKey() };
    foreign.send(await answerChallenge(foreign.nonce, person, { device }));
    expect(await farewell(foreign)).toBe('unauthenticated 4401');
  });

  test('nothing is taken before authentication', async () => {
    const { origin } = await makeServer();
    for (const [frame, code] of [
      [{ t: 'ping' }, 'unauthenticated'],
      ['nonsense', 'malformed'],
    ] as const) {
      const socket = await knock(origin);
      socket.ws.send(typeof frame === 'string' ? frame : JSON.stringify(frame));
      expect(await farewell(socket)).toBe(`${code} ${CLOSE.unauthenticated}`);
    }
  });

  test('who does not answer in time is closed', async () => {
    const socket = await knock(await serveWith({ auth: 30 }));
    expect(await farewell(socket)).toBe('unauthenticated 4401');
  });

  test('a dead peer is found by its missing heartbeat', async () => {
    const origin = await serveWith({ heartbeat: 30 });
    const alive = await knock(origin);
    const dead = new TestSocket(origin, { autoPong: false });
    expect((await dead.closed).code).toBe(1006);
    expect(alive.ws.readyState).toBe(WebSocket.OPEN);
  });
});

/** A listener with short times, in front of no rooms at all. */
async function serveWith(times: { auth?: number; heartbeat?: number }): Promise<string> {
  const { createServer } = await import('node:http');
  const { onTestFinished } = await import('vitest');
  const { createInProcessBus } = await import('../src/bus/in-process.ts');
  const { withDefaults } = await import('../src/config.ts');
  const { Metrics } = await import('../src/operations/metrics.ts');
  const { Origins } = await import('../src/origins.ts');
  const config = withDefaults({});
  const bus = createInProcessBus((error) => {
    throw error;
  });
  const limiter = new Limiter(config.rates, Date.now);
  const origins = new Origins([], false);
  const metrics = new Metrics();
  const parts = { config, bus, limiter, now: Date.now, closing: () => false, origins, metrics };
  const server = createServer();
  // Unauthenticated connections reach no other part of the service.
  const sockets = openSockets(parts as unknown as Parameters<typeof openSockets>[0], server, times);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(async () => {
    await sockets.close();
    server.close();
    metrics.close();
  });
  const address = server.address();
  return `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`;
}

/** A frame of a client as it is on the wire, in the clear (its mask is zero). */
function rawFrame(first: number, bytes: Uint8Array): Uint8Array {
  const length = bytes.length < 126 ? [0x80 | bytes.length] : [0xfe, bytes.length >> 8, bytes.length & 0xff];
  return Buffer.concat([Buffer.from([first, ...length, 0, 0, 0, 0]), bytes]);
}

const HANDSHAKE = {
  upgrade: 'websocket',
  connection: 'upgrade',
  'sec-websocket-version': 13,
  'sec-websocket-key': 'AAAAAAAAAAAAAAAAAAAAAA==',
};

describe('[attack 51] of who has not said who they are', () => {
  /** A connection that knows no manners, once the server has challenged it. */
  async function rude(port: number, headers: Record<string, string> = {}) {
    const connection = rawConnection(port);
    connection.begin('GET', SOCKET_PATH, { ...HANDSHAKE, ...headers });
    await expect.poll(() => connection.text()).toContain('challenge');
    return connection;
  }

  test('few bytes are taken, in whatever frames they come', async () => {
    const { port } = await makeServer();
    const kilobyte = new Uint8Array(1_000);
    const forms: Record<string, (n: number) => Uint8Array> = {
      'one frame that never ends': (n) =>
        n === 0 ? Buffer.from([1, 0xfe, 0xff, 0xff, 0, 0, 0, 0]) : kilobyte,
      'many pieces of one': (n) => rawFrame(n === 0 ? 0x01 : 0x00, kilobyte),
      pings: () => rawFrame(0x89, new Uint8Array(100)),
    };
    for (const [form, frame] of Object.entries(forms)) {
      const connection = await rude(port);
      for (let n = 0; n < 60; n += 1) connection.write(frame(n));
      await connection.closed;
      expect(connection.socket.bytesWritten, form).toBeGreaterThan(4_096);
    }
  });

  test('a frame that comes compressed is refused', async () => {
    const { port } = await makeServer();
    const connection = await rude(port);
    connection.write(rawFrame(0xc1, new Uint8Array(100)));
    await connection.closed;
  });

  test('connections of one address are bounded; who has answered counts no more', async () => {
    const { origin, port } = await makeServer({ rates: { newcomers: { address: 3, all: 100 } } });
    const person = await Person.guest(origin);
    for (let n = 0; n < 4; n += 1) await connect(person);
    for (let n = 0; n < 3; n += 1) await rude(port);
    const refused = rawConnection(port);
    refused.begin('GET', SOCKET_PATH, HANDSHAKE);
    expect(await refused.status).toBe(429);
  });

  test('where all places are taken the oldest gives way: a flood keeps nobody out who answers', async () => {
    const rates = { newcomers: { address: 3, all: 20 } };
    const { origin, port } = await makeServer({ trustProxy: true, rates });
    const person = await Person.guest(origin);
    const flood = [];
    for (let n = 0; n < 20; n += 1) flood.push(await rude(port, { 'x-forwarded-for': `10.0.0.${n}` }));
    await connect(person);
    await flood[0]?.closed;
    expect(flood[1]?.socket.closed).toBe(false);
  });
});

test('[attack 51] a frame in ever smaller pieces ends the connection', async () => {
  const { origin } = await makeServer();
  const socket = await connect(await Person.guest(origin));
  for (let n = 0; n < 40; n += 1) socket.ws.send('x', { fin: false });
  expect((await socket.closed).code).toBe(1008);
});

describe('[attack 29] input', () => {
  test('a frame beyond the limit closes the connection before it is read', async () => {
    const { origin } = await makeServer();
    const socket = await connect(await Person.guest(origin));
    socket.ws.send('x'.repeat(LIMITS.frame + 1));
    expect((await socket.closed).code).toBe(1009);
  });

  test('deep, wrong and unknown frames are refused, and the connection lives on', async () => {
    const { origin } = await makeServer();
    const person = await Person.guest(origin);
    const room = await Room.group(person, []);
    const socket = await connect(person);
    const deepCbor = Buffer.alloc(60_000, 0x81).toString('base64url');
    const frames = [
      `${'['.repeat(60_000)}${']'.repeat(60_000)}`,
      `{"t":"send","x":${'{"a":'.repeat(20_000)}1${'}'.repeat(20_000)}}`,
      '{"t":"nothing"}',
      'null',
      '',
      JSON.stringify({ ...room.message(person), t: 'send', extra: 1 }),
      JSON.stringify({ ...room.message(person), t: 'send', body: deepCbor }),
      JSON.stringify({ ...room.message(person), t: 'send', body: 'AAAB' }),
      JSON.stringify({ ...room.message(person), t: 'send', body: 'not base64!' }),
      JSON.stringify({ ...room.message(person), t: 'send', room: '__proto__' }),
    ];
    for (const frame of frames) {
      socket.ws.send(frame);
      expect((await socket.take('refused')).code, frame.slice(0, 40)).toBe('malformed');
    }
    socket.send({ t: 'send', ...room.message(person) });
    expect((await socket.take('ack')).position).toBe(2);
  });

  test('binary frames are not spoken here', async () => {
    const { origin } = await makeServer();
    const socket = await connect(await Person.guest(origin));
    socket.ws.send(Buffer.from('{"t":"ping"}'), { binary: true });
    expect((await socket.take('bye')).code).toBe('malformed');
  });
});

describe('[attack 37] [D4] others keep their service', () => {
  test('a slow reader is cut off with bounded memory; the others read on', async () => {
    const rates = { sends: { burst: 10_000, perSecond: 1_000 } };
    const { origin } = await makeServer({ rates });
    const [writer, reader, slow] = [
      await Person.guest(origin),
      await Person.guest(origin),
      await Person.guest(origin),
    ];
    const room = await Room.group(writer, [reader, slow]);
    const [w, r, s] = [await connect(writer), await connect(reader), await connect(slow)];
    s.ws.pause();
    const total = 300; // 300 × 60 kB: far beyond every buffer between
    for (let sent = 0; sent < total; sent += 20) {
      for (let i = 0; i < 20; i++) w.send({ t: 'send', ...room.message(writer, { size: 60_000 }) });
      for (let i = 0; i < 20; i++) await w.take('ack');
    }
    let read = 0;
    while (read < total) read += (await r.take('entries')).entries.length;
    s.ws.resume();
    expect([CLOSE.slow, 1006]).toContain((await s.closed).code);
    const got = s.frames.flatMap((frame) => (frame.t === 'entries' ? frame.entries : []));
    expect(got.length).toBeLessThan(total);
    expect(got.map(({ position }) => position)).toEqual(got.map((_, index) => index + 2)); // whole frames only
  }, 30_000);

  test('connections per address are limited', async () => {
    const { origin } = await makeServer({ rates: { sockets: 2 } });
    const [one] = [await knock(origin), await knock(origin)];
    expect((await new TestSocket(origin).closed).code).toBe(1006);
    one?.ws.close();
    await one?.closed;
    // Free again as soon as the server has noticed.
    await expect
      .poll(() =>
        knock(origin).then(
          () => 'in',
          () => 'full',
        ),
      )
      .toBe('in');
  });

  test('connections made one after another are limited per address; others come in', async () => {
    const server = await makeServer({
      trustProxy: true,
      rates: { requests: { burst: 3, perSecond: 0.01 } },
    });
    const from = (address: string) => ({ headers: { 'x-forwarded-for': address } });
    for (let i = 0; i < 3; i++) {
      const socket = await knock(server.origin, from('10.0.0.1'));
      socket.ws.close();
      await socket.closed;
    }
    expect((await new TestSocket(server.origin, from('10.0.0.1')).closed).code).toBe(1006);
    await knock(server.origin, from('10.0.0.2'));
  });

  test('messages beyond the rate are refused with the time to wait; a retry still gets its answer', async () => {
    const { origin } = await makeServer({ rates: { sends: { burst: 2, perSecond: 0.5 } } });
    const person = await Person.guest(origin);
    const room = await Room.group(person, []);
    const socket = await connect(person);
    const first = room.message(person);
    for (const sent of [first, room.message(person)]) {
      socket.send({ t: 'send', ...sent });
      await socket.take('ack');
    }
    socket.send({ t: 'send', ...room.message(person) });
    const refused = await socket.take('refused');
    expect(refused).toMatchObject({ re: 'send', code: 'rate_limited' });
    expect(refused.wait).toBeGreaterThan(500);
    socket.send({ t: 'send', ...first });
    expect((await socket.take('ack')).position).toBe(2);
    socket.send({ t: 'send', ...room.message(person, { epoch: 9 }) });
    expect(await socket.take('refused')).toMatchObject({ code: 'stale_epoch', epoch: 1 });
  });

  test('who is refused without end is closed', async () => {
    const { origin } = await makeServer({ rates: { refusals: { burst: 5, perSecond: 0.1 } } });
    const socket = await connect(await Person.guest(origin));
    for (let i = 0; i < 6; i++) socket.ws.send('x');
    expect(await farewell(socket)).toBe(`rate_limited ${CLOSE.rateLimited}`);
    expect(socket.seen('refused')).toHaveLength(5);
  });
});

test('upgrades elsewhere, and half-open handshakes, do no harm', async () => {
  const { origin, port } = await makeServer();
  const elsewhere = new WebSocket(`${origin.replace('http', 'ws')}/api/other`);
  await new Promise((resolve) => elsewhere.on('error', resolve));
  const raw: Socket = connectTcp(port, '127.0.0.1');
  raw.write(`GET ${SOCKET_PATH} HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n`);
  const head = await new Promise<string>((resolve) => raw.once('data', (data) => resolve(data.toString())));
  expect(head).toContain('400');
  raw.destroy();
  await knock(origin);
});

test('[D2] closing says goodbye to everyone and finishes what was taken', async () => {
  const server = await makeServer();
  const person = await Person.guest(server.origin);
  const room = await Room.group(person, []);
  const socket = await connect(person);
  for (let i = 0; i < 20; i++) socket.send({ t: 'send', ...room.message(person) });
  await socket.take('ack');
  await server.close();
  expect(await farewell(socket)).toBe('busy 1001');
  const acked = 1 + socket.seen('ack').length;
  const again = await makeServer({ dataDir: server.dataDir, port: server.port });
  const head = (await connect(person)).ready.rooms[0]?.head ?? 0;
  expect(again.port).toBe(server.port);
  expect(head - 1).toBeGreaterThanOrEqual(acked);
});
