import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

/** A network in front of a server: so fast for each connection, and so far away. */
export interface SlowLine {
  /** What is dialled instead of the server. */
  readonly origin: string;
  /** Port of the server behind it. */
  target: number;
  /** Bytes a second that one connection brings to the server; 0: no limit. */
  rate: number;
  /** Bytes that clients have sent. */
  readonly sent: number;
  /** The most connections that sent a lot, within any moment. */
  readonly busiest: number;
  /** Every connection breaks. */
  cut(): void;
  close(): Promise<void>;
}

export interface Pace {
  /** What the line begins with. */
  readonly rate: number;
  /** Milliseconds on the way, each way. */
  readonly delay: number;
}

/** Bytes after which a connection counts as busy. */
const MUCH = 524_288;

export async function slowLine({ rate, delay }: Pace): Promise<SlowLine> {
  const sockets = new Set<Socket>();
  const busy = new Set<Socket>();
  const figures = { sent: 0, busiest: 0, target: 0, rate };
  const keep = (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy()).on('close', () => sockets.delete(socket));
    socket.setNoDelay(true);
    return socket;
  };
  const server = createServer((near) => {
    const far = keep(connect(figures.target, '127.0.0.1'));
    keep(near);
    near.on('close', () => far.destroy());
    far.on('close', () => {
      busy.delete(near);
      near.destroy();
    });
    let count = 0;
    near.on('data', (part: Buffer) => {
      figures.sent += part.length;
      count += part.length;
      if (count > MUCH) busy.add(near);
      figures.busiest = Math.max(figures.busiest, busy.size);
    });
    near.pause();
    void carry(near, far, { delay, rate: () => figures.rate });
    void carry(far, near, { delay, rate: () => 0 });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const cut = () => {
    for (const socket of sockets) socket.destroy();
  };
  return Object.assign(figures, {
    origin: `http://127.0.0.1:${port}`,
    cut,
    async close() {
      cut();
      server.close();
      await once(server, 'close');
    },
  });
}

/** Takes no more than the pace, so that the sender feels it. A broken socket ends both. */
async function carry(
  from: Socket,
  to: Socket,
  { delay, rate }: { delay: number; rate: () => number },
): Promise<void> {
  let free = performance.now();
  try {
    for await (const part of from as AsyncIterable<Buffer>) {
      if (rate() > 0) {
        free = Math.max(free, performance.now() - 20) + (part.length * 1_000) / rate();
        const wait = free - performance.now();
        if (wait > 1) await pause(wait);
      }
      if (delay > 0) setTimeout(() => to.write(part), delay);
      else await new Promise((resolve) => to.write(part, resolve));
    }
  } catch {
    from.destroy(); // it was cut, which is what it is for
  }
  setTimeout(() => to.end(), delay);
}
