import { generateSigningKey, randomId } from '@sotto/crypto';
import type { AccountId, DeviceId } from '@sotto/protocol';
import { beforeEach, expect, test } from 'vitest';
import { Bus } from '../../src/engine/bus.ts';
import { ServerConnection } from '../../src/engine/connection.ts';
import type { HttpResponse, SocketHandlers, Transport } from '../../src/seams/index.ts';
import type { Connection } from '../../src/state.ts';
import { FakeClock } from './support/fake-clock.ts';
import { noFailure } from './support/no-failure.ts';

let clock: FakeClock;
let dialled: { handlers: SocketHandlers; sent: string[]; open: boolean }[];
let states: Connection[];
let connection: ServerConnection;
/** What the server says by HTTP, where it says anything. */
let answers: HttpResponse | undefined;
const nonce = 'A'.repeat(43);
const ready = { t: 'ready', time: 1, rooms: [], online: [] };

beforeEach(async () => {
  clock = new FakeClock();
  answers = undefined;
  dialled = [];
  states = [];
  const transport: Transport = {
    origin: 'http://localhost:1',
    request: () => (answers ? Promise.resolve(answers) : Promise.reject(new Error('not here'))),
    connect(handlers) {
      const socket = { handlers, sent: [] as string[], open: true };
      dialled.push(socket);
      return {
        send: (text) => socket.sent.push(text),
        close: () => {
          socket.open = false;
        },
      };
    },
  };
  const signing = await generateSigningKey({ extractable: false });
  const device = { account: randomId<AccountId>(), device: randomId<DeviceId>(), signing };
  const bus = new Bus(noFailure);
  bus.on('connection', ({ status }) => states.push(status));
  connection = new ServerConnection(transport, clock, device, bus);
  connection.start();
});

const last = () => dialled.at(-1) as (typeof dialled)[number];
const tell = (frame: unknown) => last().handlers.onFrame(JSON.stringify(frame));
const retryIn = () => {
  const state = states.at(-1);
  return state?.status === 'offline' && state.retryAt ? state.retryAt - clock.now() : null;
};
async function getOnline(): Promise<void> {
  tell({ t: 'challenge', nonce, time: 1 });
  await clock.pass(0);
  tell(ready);
}

test('[D5] answers the challenge, then is online and sends', async () => {
  expect(connection.send({ t: 'ping' })).toBe(false);
  await getOnline();
  expect(JSON.parse(last().sent[0] ?? '')).toMatchObject({ t: 'auth', origin: 'http://localhost:1' });
  expect(states.map((state) => state.status)).toEqual(['connecting', 'online']);
  expect(connection.send({ t: 'ping' })).toBe(true);
});

test('tries again with growing, scattered delays up to half a minute', async () => {
  const delays: number[] = [];
  for (let i = 0; i < 12; i++) {
    last().handlers.onClose(1006, '');
    const delay = retryIn() ?? 0;
    delays.push(delay);
    await clock.pass(delay);
  }
  for (const [index, delay] of delays.entries()) {
    const ceiling = Math.min(30_000, 400 * 2 ** index);
    expect(delay).toBeGreaterThanOrEqual(ceiling / 2);
    expect(delay).toBeLessThanOrEqual(ceiling);
  }
  expect(dialled).toHaveLength(13);
});

test('[attack 29] a server that lets in and closes at once is not called in a tight loop', async () => {
  for (let i = 0; i < 8; i++) {
    await getOnline();
    last().handlers.onClose(1006, '');
    await clock.pass(retryIn() ?? 0);
  }
  await getOnline();
  last().handlers.onClose(1006, '');
  expect(retryIn()).toBeGreaterThanOrEqual(1_600);
});

test('a connection that lasted is dialled again soon', async () => {
  for (let i = 0; i < 5; i++) {
    last().handlers.onClose(1006, '');
    await clock.pass(retryIn() ?? 0);
  }
  await getOnline();
  await clock.pass(15_000);
  last().handlers.onClose(1006, '');
  expect(retryIn()).toBeLessThanOrEqual(400);
});

test('a silent connection is asked, and left where no answer comes', async () => {
  await getOnline();
  await clock.pass(25_000);
  expect(last().sent.at(-1)).toBe('{"t":"ping"}');
  tell({ t: 'pong', time: 2 });
  await clock.pass(25_000);
  expect(last().open).toBe(true);
  await clock.pass(12_000);
  expect(last().open).toBe(false);
  expect(states.at(-1)).toMatchObject({ status: 'offline', why: 'unreachable' });
});

test('a challenge that never comes ends the attempt', async () => {
  await clock.pass(12_000);
  expect(last().open).toBe(false);
  expect(states.at(-1)).toMatchObject({ status: 'offline' });
});

test('where the server answers and no connection ever says a word, the way is blamed and not the server', async () => {
  const info = { name: 'Sotto', version: '1', suite: 1, time: 1, registration: 'open', directory: 'all' };
  answers = { status: 200, json: info };
  const fail = async () => {
    last().handlers.onClose(1006, '');
    await clock.pass(0);
    const why = (states.at(-1) as { why?: string }).why;
    await clock.pass(retryIn() ?? 0);
    return why;
  };
  expect([await fail(), await fail(), await fail()]).toEqual(['unreachable', 'unreachable', 'live_blocked']);
  answers = undefined;
  expect(await fail()).toBe('unreachable');
  answers = { status: 200, json: info };
  tell({ t: 'challenge', nonce, time: 1 });
  expect(await fail()).toBe('unreachable'); // it was let through
});

test('what the server’s clock says is told with the connection', async () => {
  await getOnline();
  expect(states.at(-1)).toEqual({ status: 'online', skew: 1 - clock.now() });
});

test('reconnect dials at once where offline, and asks at once where it believes to be online', async () => {
  last().handlers.onClose(1006, '');
  connection.retryNow();
  expect(dialled).toHaveLength(2);
  await getOnline();
  connection.retryNow();
  expect(dialled).toHaveLength(2);
  expect(last().sent.at(-1)).toBe('{"t":"ping"}');
});

test('[K3] a device that was taken off the list does not knock again', async () => {
  tell({ t: 'challenge', nonce, time: 1 });
  await clock.pass(0);
  tell({ t: 'bye', code: 'unknown_device', message: 'This device is not listed.' });
  last().handlers.onClose(4401, '');
  expect(states.at(-1)).toEqual({
    status: 'refused',
    code: 'not_taken',
    why: 'unknown_device',
  });
  await clock.pass(3_600_000);
  connection.retryNow();
  expect(dialled).toHaveLength(1);
});

test('a frame that is not understood ends the connection, late frames of an old one are nothing', async () => {
  await getOnline();
  const old = last();
  tell({ t: 'entries', room: 'no room' });
  expect(old.open).toBe(false);
  expect(states.at(-1)).toMatchObject({ status: 'offline' });
  await clock.pass(retryIn() ?? 0);
  old.handlers.onFrame(JSON.stringify(ready));
  old.handlers.onClose(1006, '');
  expect(states.at(-1)).toEqual({ status: 'connecting' });
  expect(connection.online).toBe(false);
});

test('stopped, it stays so', async () => {
  await getOnline();
  connection.stop();
  last().handlers.onClose(1000, '');
  await clock.pass(3_600_000);
  expect(dialled).toHaveLength(1);
  expect(clock.waiting).toEqual([]);
});
