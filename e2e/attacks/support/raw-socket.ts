import { type FrameOf, parseServerFrame, type ServerFrame, SOCKET_PATH } from '@sotto/protocol';
import { WebSocket } from 'ws';

/** A WebSocket that sends whatever it is told and keeps what came until a test asks for it. */
export class RawSocket {
  readonly ws: WebSocket;
  readonly frames: ServerFrame[] = [];
  #waiting: (() => void)[] = [];
  closed: { code: number; reason: string } | null = null;

  /** @param from the address of this machine that it connects from; undefined: whichever */
  constructor(origin: string, from?: string) {
    const address = origin.replace(/^http/, 'ws') + SOCKET_PATH;
    this.ws = new WebSocket(address, from === undefined ? {} : { localAddress: from });
    this.ws.on('message', (data) => {
      const parsed = parseServerFrame(data.toString());
      if (!parsed.ok) throw new Error(`a frame breaks the contract: ${parsed.reason}`);
      this.frames.push(parsed.value);
      this.#wake();
    });
    this.ws.on('close', (code, reason) => {
      this.closed = { code, reason: reason.toString() };
      this.#wake();
    });
    this.ws.on('error', () => undefined); // the close that follows is what tests look at
  }

  send(frame: Record<string, unknown> | string): void {
    this.ws.send(typeof frame === 'string' ? frame : JSON.stringify(frame));
  }

  /** Takes the first frame of a type (that fits), now or when it comes. */
  async take<T extends ServerFrame['t']>(
    type: T,
    fits: (frame: FrameOf<T>) => boolean = () => true,
  ): Promise<FrameOf<T>> {
    for (;;) {
      const index = this.frames.findIndex((frame) => frame.t === type && fits(frame as FrameOf<T>));
      if (index >= 0) return this.frames.splice(index, 1)[0] as FrameOf<T>;
      if (this.closed) throw new Error(`closed (${this.closed.code}) while waiting for ${type}`);
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
  }

  /** Sends a message and waits for the server's answer to it. */
  async say(frame: { t: string; id: string } & Record<string, unknown>): Promise<FrameOf<'ack' | 'refused'>> {
    this.send(frame);
    for (;;) {
      const index = this.frames.findIndex((f) => (f.t === 'ack' || f.t === 'refused') && f.id === frame.id);
      if (index >= 0) return this.frames.splice(index, 1)[0] as FrameOf<'ack' | 'refused'>;
      if (this.closed) throw new Error(`closed (${this.closed.code}) while waiting for an answer`);
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
  }

  close(): void {
    this.ws.terminate();
  }

  #wake(): void {
    for (const wake of this.#waiting.splice(0)) wake();
  }
}
