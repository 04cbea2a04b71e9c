import { randomBytes } from 'node:crypto';
import { connect, type Socket } from 'node:net';

/** One for all: what arrives is handled before the next read can touch it. */
const SHARED = Buffer.allocUnsafe(1_048_576);

/**
 * A WebSocket client cut down to what load needs: no events, no copies where a frame arrives whole. The load must never
 * be what is measured, and a client library costs more per frame than the servers under test.
 */
export class RawSocket {
  readonly #socket: Socket;
  #onFrame: (text: Buffer) => void = () => undefined;
  #onClose: (why: string) => void = () => undefined;
  #rest = Buffer.alloc(0);
  #held = 0;
  #leaving = false;
  #gone = false;

  private constructor(socket: Socket) {
    this.#socket = socket;
  }

  /** Resolves once the server took the upgrade. `onFrame` gets a view that is good until it returns. */
  static open(
    url: string,
    onFrame: (text: Buffer) => void,
    origin?: string,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<RawSocket> {
    const { hostname, port, pathname, search } = new URL(url);
    return new Promise((resolve, reject) => {
      let upgraded = false;
      let head = '';
      const take = (length: number): boolean => {
        if (upgraded) raw.#take(SHARED.subarray(0, length));
        else {
          head += SHARED.toString('latin1', 0, length);
          const end = head.indexOf('\r\n\r\n');
          if (end < 0) return true;
          if (!head.startsWith('HTTP/1.1 101')) {
            reject(new Error(`the upgrade was refused: ${head.slice(0, 60)}`));
            return true;
          }
          upgraded = true;
          resolve(raw);
          raw.#take(Buffer.from(head.slice(end + 4), 'latin1'));
        }
        return true;
      };
      const socket = connect({
        host: hostname,
        port: Number(port),
        noDelay: true,
        onread: { buffer: SHARED, callback: take },
      });
      const raw = new RawSocket(socket);
      raw.#onFrame = onFrame;
      socket.on('error', reject);
      socket.on('close', () => {
        reject(new Error('closed before it was open'));
        raw.#gone = true;
        if (!raw.#leaving) raw.#onClose('the server closed the connection');
      });
      const key = randomBytes(16).toString('base64');
      const more = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
      socket.write(
        `GET ${pathname}${search} HTTP/1.1\r\nHost: ${hostname}:${port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n` +
          `Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${key}\r\n${origin ? `Origin: ${origin}\r\n` : ''}${more.join('')}\r\n`,
      );
    });
  }

  onFrame(handle: (text: Buffer) => void): void {
    this.#onFrame = handle;
  }

  onClose(handle: (why: string) => void): void {
    this.#onClose = handle;
  }

  /** The connection is over, whoever ended it. */
  get gone(): boolean {
    return this.#gone;
  }

  /** Frames made by `maskedFrame`. */
  write(frames: Buffer): void {
    this.#socket.write(frames);
  }

  end(): void {
    this.#leaving = true;
    this.#socket.destroy();
  }

  /** Stops reading, as a slow reader does. */
  pause(): void {
    this.#socket.pause();
  }

  #take(chunk: Buffer): void {
    let bytes = chunk;
    if (this.#held > 0) {
      this.#hold(chunk);
      bytes = this.#rest.subarray(0, this.#held);
    }
    const used = this.#frames(bytes);
    if (used === bytes.length) this.#held = 0;
    else if (this.#held > 0) {
      this.#rest.copyWithin(0, used, this.#held);
      this.#held -= used;
    } else this.#hold(bytes.subarray(used));
  }

  #hold(bytes: Buffer): void {
    const needed = this.#held + bytes.length;
    if (this.#rest.length < needed) {
      const larger = Buffer.allocUnsafe(Math.max(needed, this.#rest.length * 2));
      this.#rest.copy(larger, 0, 0, this.#held);
      this.#rest = larger;
    }
    bytes.copy(this.#rest, this.#held);
    this.#held = needed;
  }

  /** @returns how many bytes were whole frames */
  #frames(bytes: Buffer): number {
    let at = 0;
    while (at + 2 <= bytes.length) {
      const short = (bytes[at + 1] ?? 0) & 0x7f;
      let start = at + 2;
      let length = short;
      if (short === 126) {
        if (at + 4 > bytes.length) break;
        length = bytes.readUInt16BE(at + 2);
        start = at + 4;
      } else if (short === 127) {
        if (at + 10 > bytes.length) break;
        length = bytes.readUIntBE(at + 4, 6);
        start = at + 10;
      }
      if (start + length > bytes.length) break;
      const kind = (bytes[at] ?? 0) & 0x0f;
      if (kind === 1) this.#onFrame(bytes.subarray(start, start + length));
      else if (kind === 8) this.#socket.destroySoon();
      else if (kind === 9) this.write(masked(0x8a, bytes.subarray(start, start + length)));
      at = start + length;
    }
    return at;
  }
}

/** A client's text frame; a mask of zeros leaves the payload as it is (RFC 6455 asks for a mask, not for which). */
export const maskedFrame = (text: string): Buffer => masked(0x81, Buffer.from(text, 'utf8'));

function masked(kind: number, payload: Buffer): Buffer {
  const { length } = payload;
  const head = Buffer.alloc(length < 126 ? 6 : 8);
  head[0] = kind;
  head[1] = 0x80 | Math.min(length, 126);
  if (length >= 65_536) throw new RangeError('maskedFrame: at most 65535 bytes');
  if (length >= 126) head.writeUInt16BE(length, 2);
  return Buffer.concat([head, payload]);
}
