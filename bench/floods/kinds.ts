/** What somebody can throw at a server. Each runs until told, against the real limits, and counts. */
import { randomInt } from 'node:crypto';
import { connect as connectTcp } from 'node:net';
import { client, ready } from '@serenity-kit/opaque';
import { PATHS, SOCKET_PATH } from '@sotto/protocol';
import { connect, prepareGuest } from '../member.ts';
import { maskedFrame, RawSocket } from '../raw-socket.ts';
import { exchangeKeys, firstOf, makeRoom, Sealer } from '../room.ts';
import { nastyText } from '../torture/nasty.ts';
import { anyAddress, type Flood, many } from './flood.ts';
import { uploads } from './uploads.ts';

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const socketUrl = (origin: string) => origin.replace('http', 'ws') + SOCKET_PATH;

async function post(origin: string, path: string, body: unknown): Promise<boolean> {
  const headers = { 'content-type': 'application/json', origin, 'x-forwarded-for': anyAddress() };
  const response = await fetch(origin + path, { method: 'POST', headers, body: JSON.stringify(body) });
  await response.arrayBuffer();
  return response.ok;
}

/** Connections from many addresses that never say who they are; the newest two thousand stay open. */
const connections: Flood = async (origin, until) => {
  const open: RawSocket[] = [];
  const flooded = await many(until, async () => {
    try {
      const headers = { 'X-Forwarded-For': anyAddress() };
      open.push(await RawSocket.open(socketUrl(origin), () => undefined, undefined, headers));
      if (open.length > 2_000) open.shift()?.end();
      return true;
    } catch {
      return false; // refused: what a flood is there for
    }
  });
  for (const socket of open) socket.end();
  return flooded;
};

/** First steps of a log-in, under names that nobody has, from ever new addresses. */
const logins: Flood = async (origin, until) => {
  await ready;
  const requests = Array.from(
    { length: 50 },
    () => client.startLogin({ password: 'guess' }).startLoginRequest,
  );
  return many(until, () => {
    const name = `guess ${randomInt(1e9)}`;
    return post(origin, PATHS.loginStart, { name, request: firstOf(requests.slice(randomInt(50))) });
  });
};

/** New accounts, each valid, from ever new addresses. */
const registrations: Flood = async (origin, until) => {
  const exchange = await exchangeKeys();
  return many(until, async () => {
    const { body } = await prepareGuest(`flood ${randomInt(1e12)}`, exchange);
    return post(origin, PATHS.accounts, body);
  });
};

/** Nonsense from a member; thrown out, it comes back at once. */
const malformed: Flood = async (origin, until) => {
  const room = await makeRoom(origin, 1, 'mallory');
  const good = await new Sealer(origin, room).seal(50);
  let thrown = 0;
  let refused = 0;
  while (!until()) {
    const socket = await connect(origin, firstOf(room.members));
    let open = true;
    let turn = Promise.withResolvers<void>();
    socket.onClose(() => {
      open = false;
      turn.resolve();
    });
    socket.onFrame((text) => {
      if (text.includes('"t":"refused"')) refused += 1;
      // A ping may be refused too: the flood goes on at the server's pace either way.
      if (text.includes('"t":"pong"') || text.includes('"re":"ping"')) turn.resolve();
    });
    while (open && !until()) {
      turn = Promise.withResolvers();
      const texts = Array.from({ length: 200 }, () => maskedFrame(nastyText(Math.random, good)));
      socket.write(Buffer.concat([...texts, maskedFrame('{"t":"ping"}')]));
      thrown += texts.length;
      await turn.promise;
    }
    socket.end();
  }
  return { thrown, refused };
};

/** A busy room in which all but one never read. Large messages: the system itself takes tens of megabytes for each. */
const slowReaders: Flood = async (origin, until) => {
  const room = await makeRoom(origin, 10, 'reader');
  const readers: RawSocket[] = [];
  const attend = async () => {
    for (const member of room.members.slice(1)) {
      const socket = await connect(origin, member);
      socket.onClose(() => undefined);
      socket.pause();
      readers.push(socket);
    }
  };
  await attend();
  const author = await connect(origin, firstOf(room.members));
  const sealer = new Sealer(origin, room);
  let waiting = 0;
  let thrown = 0;
  author.onClose((why) => {
    throw new Error(why);
  });
  author.onFrame((text) => {
    if (text.includes('"t":"ack"')) waiting -= 1;
  });
  while (!until()) {
    for (const { frame } of await sealer.seal(100, 30_000)) {
      while (waiting >= 64 && !until()) await pause(1);
      author.write(frame);
      waiting += 1;
      thrown += 1;
    }
  }
  // Who does not read does not see the end either, until what they write comes back.
  for (let round = 0; round < 3; round += 1) {
    for (const reader of readers) reader.write(maskedFrame('{"t":"ping"}'));
    await pause(100);
  }
  const refused = readers.filter((reader) => reader.gone).length;
  for (const reader of readers) reader.end();
  author.end();
  return { thrown, refused };
};

/** Requests and frames that come byte by byte and never end. */
const slowSenders: Flood = async (origin, until) => {
  const { hostname, port } = new URL(origin);
  const head = `POST ${PATHS.accounts} HTTP/1.1\r\nhost: ${hostname}\r\ncontent-length: 50000\r\ncontent-type: application/json\r\n\r\n`;
  let thrown = 0;
  let refused = 0;
  const drip = async () => {
    while (!until()) {
      thrown += 1;
      const socket = connectTcp({ host: hostname, port: Number(port) });
      let open = true;
      socket.on('error', () => undefined); // thrown out
      socket.on('close', () => {
        open = false;
      });
      const upgrade = thrown % 2 === 0;
      if (upgrade) {
        socket.write(
          `GET ${SOCKET_PATH} HTTP/1.1\r\nhost: ${hostname}\r\nupgrade: websocket\r\nconnection: upgrade\r\nsec-websocket-version: 13\r\nsec-websocket-key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n`,
        );
        socket.write(Buffer.from([0x81, 0xfe, 0xff, 0x00, 0, 0, 0, 0]));
      }
      for (let at = 0; open && !until(); at += 1) {
        socket.write(upgrade ? ' ' : head.charAt(at % head.length));
        await pause(20);
      }
      if (!open) refused += 1;
      socket.destroy();
    }
  };
  await Promise.all(Array.from({ length: 400 }, drip));
  return { thrown, refused };
};

export const FLOODS = {
  connections,
  logins,
  registrations,
  malformed,
  slowReaders,
  slowSenders,
  uploads,
} as const;
export type FloodKind = keyof typeof FLOODS;
