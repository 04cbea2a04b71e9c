import { connect as connectTcp, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';

/** A connection over which a test says exactly what it wants. */
export interface RawConnection {
  readonly socket: Socket;
  write(bytes: string | Uint8Array): void;
  /** Writes the head of a request. */
  begin(method: string, path: string, headers: Record<string, string | number>): void;
  /** All that came so far. */
  readonly text: () => string;
  /** Resolves with the status of the first answer; with 0 where the connection ends without one. */
  readonly status: Promise<number>;
  /** Resolves with the code of the refusal. */
  readonly code: Promise<string | undefined>;
  readonly closed: Promise<void>;
}

export function rawConnection(port: number): RawConnection {
  const socket = connectTcp({ port, host: '127.0.0.1' });
  let text = '';
  const [status, code, closed] = [
    Promise.withResolvers<number>(),
    Promise.withResolvers<string | undefined>(),
    Promise.withResolvers<void>(),
  ];
  socket.setEncoding('latin1').on('data', (more: string) => {
    text += more;
    const found = /^HTTP\/1\.1 (\d+)/.exec(text)?.[1];
    if (found) status.resolve(Number(found));
    if (text.endsWith('}')) code.resolve(/"code":"(\w+)"/.exec(text)?.[1]);
  });
  socket.on('error', () => undefined); // cut off: `closed` says so
  socket.on('close', () => {
    status.resolve(0);
    code.resolve(undefined);
    closed.resolve();
  });
  onTestFinished(() => void socket.destroy());
  return {
    socket,
    write: (bytes) => void socket.write(bytes),
    begin(method, path, headers) {
      const all = Object.entries({ host: `127.0.0.1:${port}`, ...headers });
      const lines = all.map(([name, value]) => `${name}: ${value}`);
      socket.write([`${method} ${path} HTTP/1.1`, ...lines, '', ''].join('\r\n'));
    },
    text: () => text,
    status: status.promise,
    code: code.promise,
    closed: closed.promise,
  };
}
