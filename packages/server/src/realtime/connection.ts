import { randomUUID } from 'node:crypto';
import type { Duplex } from 'node:stream';
import {
  type AccountId,
  CLOSE,
  type DeviceId,
  type FrameOf,
  REFUSALS,
  type RefusalCode,
  type RoomId,
  type ServerFrame,
  type Signed,
} from '@sotto/protocol';
import type { WebSocket } from 'ws';
import { encodeFrame, FrameWriter } from './writer.ts';

/** Time for a close to be answered before the socket is destroyed. */
const CLOSING = 2_000;

/** One WebSocket. Until it is ready, what would go out is held back behind `ready`. */
export class Connection {
  readonly id = randomUUID();
  readonly address: string;
  /** Rooms it hears; kept by the hub. */
  readonly rooms = new Set<RoomId>();
  /** Set once, by authentication. */
  device: { readonly account: AccountId; readonly device: DeviceId } | undefined;
  /** True once presence counts it. */
  counted = false;
  /** True once the socket is closed. */
  gone = false;
  /** True once it was cut off for not reading. */
  slow = false;
  /** False from one heartbeat until the answer to it. */
  alive = true;
  readonly #ws: WebSocket;
  readonly #writer: FrameWriter;
  #held: Buffer[] | undefined = [];
  #closed = false;

  constructor(ws: WebSocket, stream: Duplex, address: string) {
    this.#ws = ws;
    this.address = address;
    this.#writer = new FrameWriter(ws, stream, () => this.#cutOff());
  }

  /** True from the moment it says goodbye: nothing is taken from it any more. */
  get closed(): boolean {
    return this.#closed;
  }

  send(frame: ServerFrame): void {
    this.sendEncoded(encodeFrame(frame));
  }

  /** A frame made once for many connections (D4). */
  sendEncoded(frame: Buffer): void {
    if (this.#closed) return;
    if (this.#held) this.#held.push(frame);
    else this.#writer.push(frame);
  }

  /** Before `ready`: the challenge alone. */
  challenge(frame: FrameOf<'challenge'>): void {
    this.#writer.push(encodeFrame(frame));
  }

  ready(frame: FrameOf<'ready'>): void {
    const held = this.#held ?? [];
    this.#held = undefined;
    this.#writer.push(encodeFrame(frame));
    for (const waiting of held) this.#writer.push(waiting);
  }

  /** Says why, then closes. */
  bye(code: RefusalCode, closeCode: number, message: string = REFUSALS[code][1]): void {
    this.#farewell({ t: 'bye', code, message }, closeCode);
  }

  /** Attack 34: with the list that the account signed, since a device believes only that. */
  removed(list: Signed): void {
    const code = 'unknown_device';
    this.#farewell({ t: 'bye', code, message: REFUSALS[code][1], list }, CLOSE.removed);
  }

  #farewell(frame: FrameOf<'bye'>, closeCode: number): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#writer.push(encodeFrame(frame));
    this.#writer.flush();
    this.#close(closeCode, frame.code);
  }

  ping(): void {
    this.alive = false;
    this.#ws.ping();
  }

  /** Attack 37: who asks without reading the answers is a slow reader too. */
  pong(data: Buffer): void {
    if (this.#closed) return;
    if (this.#writer.full) this.#cutOff();
    else this.#ws.pong(data);
  }

  terminate(): void {
    this.#closed = true;
    this.#ws.terminate();
  }

  #close(code: number, reason: string): void {
    this.#ws.close(code, reason);
    setTimeout(() => this.#ws.terminate(), CLOSING).unref();
  }

  /** D4: nothing more is buffered for who does not read. The close frame may never be read either. */
  #cutOff(): void {
    if (this.#closed) return;
    this.slow = true;
    this.#closed = true;
    this.#close(CLOSE.slow, 'too slow');
  }
}
