import {
  type ClientFrame,
  connectionPayload,
  type FrameOf,
  fromBase64Url,
  parseServerFrame,
  type ServerFrame,
  SOCKET_PATH,
  toBase64Url,
} from '@sotto/protocol';
import { onTestFinished } from 'vitest';
import { type ClientOptions, WebSocket } from 'ws';
import type { Device, Person } from './person.ts';
import { signRaw } from './signing.ts';

type Type = ServerFrame['t'];
/** A WebSocket client that keeps what it got until a test asks for it. */
export class TestSocket {
  readonly ws: WebSocket;
  readonly frames: ServerFrame[] = [];
  readonly closed: Promise<{ code: number; reason: string }>;
  #waiting: (() => void)[] = [];

  constructor(origin: string, options: ClientOptions = {}) {
    this.ws = new WebSocket(origin.replace(/^http/, 'ws') + SOCKET_PATH, options);
    this.ws.on('message', (data) => {
      const parsed = parseServerFrame(data.toString());
      if (!parsed.ok) throw new Error(`a frame breaks the contract: ${parsed.reason}`);
      this.frames.push(parsed.value);
      for (const wake of this.#waiting.splice(0)) wake();
    });
    this.closed = new Promise((resolve) => {
      this.ws.on('close', (code, reason) => {
        resolve({ code, reason: reason.toString() });
        for (const wake of this.#waiting.splice(0)) wake();
      });
    });
    this.ws.on('error', () => undefined); // the close that follows is what tests look at
    onTestFinished(() => this.ws.terminate());
  }

  send(frame: ClientFrame | Record<string, unknown>): void {
    this.ws.send(JSON.stringify(frame));
  }

  /** Takes the first frame of a type (that fits), now or when it comes. */
  async take<T extends Type>(
    type: T,
    fits: (frame: FrameOf<T>) => boolean = () => true,
  ): Promise<FrameOf<T>> {
    for (;;) {
      const index = this.frames.findIndex((frame) => frame.t === type && fits(frame as FrameOf<T>));
      if (index >= 0) return this.frames.splice(index, 1)[0] as FrameOf<T>;
      if (this.ws.readyState === WebSocket.CLOSED) {
        throw new Error(`closed while waiting for ${type}; got ${JSON.stringify(this.frames)}`);
      }
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
  }

  /** A frame there and back: all that was sent to this socket before is here. */
  async settle(): Promise<void> {
    this.send({ t: 'ping' });
    await this.take('pong');
  }

  seen(type: Type): ServerFrame[] {
    return this.frames.filter((frame) => frame.t === type);
  }
}

export async function answerChallenge(
  nonce: string,
  person: Person,
  change: { device?: Device; origin?: string } = {},
): Promise<ClientFrame> {
  const { device, key } = change.device ?? person.first;
  const origin = change.origin ?? person.origin;
  const bytes = fromBase64Url(nonce) ?? new Uint8Array();
  const payload = connectionPayload({ origin, nonce: bytes, account: person.account, device });
  const signature = toBase64Url(await signRaw('connection', payload, key));
  return { t: 'auth', account: person.account, device, origin, signature };
}

/** A connection that is ready. */
export async function connect(
  person: Person,
  device = person.first,
): Promise<TestSocket & { ready: FrameOf<'ready'> }> {
  const socket = new TestSocket(person.origin);
  const { nonce } = await socket.take('challenge');
  socket.send(await answerChallenge(nonce, person, { device }));
  const ready = await socket.take('ready');
  return Object.assign(socket, { ready });
}
