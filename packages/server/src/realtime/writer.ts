import type { Duplex } from 'node:stream';
import type { ServerFrame } from '@sotto/protocol';
import { WebSocket } from 'ws';
import { plainText } from './plain-frames.ts';

/** Bytes a reader may leave unread before it is cut off; it catches up from the log (D4). */
const BUFFER_LIMIT = 1_048_576;
/** Below this, copying small frames together is cheaper than one vector each. */
const COPY_LIMIT = 65_536;

/** One unmasked, uncompressed text frame (RFC 6455, section 5.2), made once for all its readers. */
export function encodeFrame(frame: ServerFrame): Buffer {
  const plain = plainText(frame);
  const text = plain ?? JSON.stringify(frame);
  const length = plain?.length ?? Buffer.byteLength(text);
  const head = length < 126 ? 2 : length < 65_536 ? 4 : 10;
  const bytes = Buffer.allocUnsafe(head + length);
  bytes[0] = 0x81; // FIN, text
  if (head === 2) bytes[1] = length;
  else if (head === 4) {
    bytes[1] = 126;
    bytes.writeUInt16BE(length, 2);
  } else {
    bytes[1] = 127;
    bytes.writeBigUInt64BE(BigInt(length), 2);
  }
  bytes.write(text, head, plain ? 'latin1' : 'utf8');
  return bytes;
}

/**
 * D4: gathers the frames of one turn and gives them to the socket in one write. Writing beside `ws` is
 * safe because the server refuses compression and sends no Blobs: then `ws` itself puts every frame whole
 * and at once onto this same stream and queues nothing.
 */
export class FrameWriter {
  readonly #ws: WebSocket;
  readonly #stream: Duplex;
  readonly #onSlow: () => void;
  #waiting: Buffer[] = [];

  constructor(ws: WebSocket, stream: Duplex, onSlow: () => void) {
    this.#ws = ws;
    this.#stream = stream;
    this.#onSlow = onSlow;
  }

  /** True where the reader has left more unread than it may. */
  get full(): boolean {
    return this.#stream.writableLength > BUFFER_LIMIT;
  }

  push(frame: Buffer): void {
    if (this.#waiting.push(frame) === 1) queueMicrotask(() => this.flush());
  }

  flush(): void {
    const frames = this.#waiting;
    if (frames.length === 0) return;
    this.#waiting = [];
    if (this.#ws.readyState !== WebSocket.OPEN || this.#stream.destroyed) return;
    if (this.full) {
      this.#onSlow();
      return;
    }
    const [first] = frames;
    if (frames.length === 1 && first) {
      this.#stream.write(first);
      return;
    }
    let bytes = 0;
    for (const frame of frames) bytes += frame.length;
    if (bytes <= COPY_LIMIT) {
      this.#stream.write(Buffer.concat(frames, bytes));
      return;
    }
    this.#stream.cork();
    for (const frame of frames) this.#stream.write(frame);
    this.#stream.uncork();
  }
}
