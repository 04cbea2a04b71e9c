import { proveConnection, type SigningKey } from '@sotto/crypto';
import {
  type AccountId,
  CLOSE,
  type ClientFrame,
  type DeviceId,
  fromBase64Url,
  isRefusalCode,
  parseServerFrame,
  toBase64Url,
} from '@sotto/protocol';
import type { ClientErrorCode } from '../error.ts';
import type { Clock, Socket, Transport } from '../seams/index.ts';
import type { Connection } from '../state.ts';
import type { Bus } from './bus.ts';
import { askInfo } from './calls.ts';

const FIRST_DELAY = 400;
const LONGEST_DELAY = 30_000;
const PING_EVERY = 25_000;
const ANSWER_WITHIN = 12_000;
/** A connection that lasted counts as a success; one that ends at once, again and again, is tried more slowly. */
const STABLE = 10_000;
const SHORT_LIVED = 3;
/** Connections that never said a word, after which the server itself is asked why. */
const BLAMED = 2;
/** Farewells after which trying again cannot help. */
const FINAL: readonly string[] = ['unknown_device', 'wrong_origin', 'bad_signature'];

/** The live connection: proves the device, keeps itself alive, comes back by itself with jittered backoff. */
export class ServerConnection {
  #socket: Socket | null = null;
  #online = false;
  #stopped = true;
  #failures = 0;
  #onlineSince = 0;
  #why: ClientErrorCode = 'unreachable';
  #final = false;
  /** Something came over this connection. */
  #heard = false;
  #cancelRetry: (() => void) | null = null;
  #cancelWatch: (() => void) | null = null;
  readonly #transport: Transport;
  readonly #clock: Clock;
  readonly #device: { account: AccountId; device: DeviceId; signing: SigningKey };
  readonly #bus: Bus;

  constructor(
    transport: Transport,
    clock: Clock,
    device: { account: AccountId; device: DeviceId; signing: SigningKey },
    bus: Bus,
  ) {
    this.#transport = transport;
    this.#clock = clock;
    this.#device = device;
    this.#bus = bus;
  }

  get online(): boolean {
    return this.#online;
  }

  start(): void {
    if (!this.#stopped) return;
    this.#stopped = false;
    this.#dial();
  }

  /** Tries now instead of after the backoff; where online, checks that the other end still answers. */
  retryNow(): void {
    if (this.#stopped) return;
    if (this.#socket) {
      if (this.#online) this.#ping();
      return;
    }
    this.#cancelRetry?.();
    this.#failures = 0;
    this.#dial();
  }

  stop(): void {
    this.#stopped = true;
    this.#online = false;
    this.#cancelRetry?.();
    this.#cancelWatch?.();
    this.#socket?.close();
    this.#socket = null;
  }

  /** @returns false where offline: nothing was sent */
  send(frame: ClientFrame): boolean {
    if (!this.#online || !this.#socket) return false;
    this.#socket.send(JSON.stringify(frame));
    return true;
  }

  #dial(): void {
    this.#final = false;
    this.#heard = false;
    this.#status({ status: 'connecting' });
    this.#why = 'unreachable';
    const socket = this.#transport.connect({
      onFrame: (text) => {
        if (this.#socket === socket) this.#take(text);
      },
      onClose: (code) => {
        if (this.#socket === socket) this.#lost(code);
      },
    });
    this.#socket = socket;
    this.#watch(ANSWER_WITHIN, () => this.#drop());
  }

  #take(text: string): void {
    this.#heard = true;
    const parsed = parseServerFrame(text);
    if (!parsed.ok) {
      this.#drop('bad_answer');
      return;
    }
    const frame = parsed.value;
    if (this.#online) this.#watch(PING_EVERY, () => this.#ping());
    switch (frame.t) {
      case 'challenge':
        this.#prove(frame.nonce).catch(() => this.#drop('bad_answer'));
        return;
      case 'ready':
        this.#online = true;
        this.#failures = Math.min(this.#failures, SHORT_LIVED);
        this.#onlineSince = this.#clock.now();
        this.#watch(PING_EVERY, () => this.#ping());
        this.#status({ status: 'online', skew: frame.time - this.#clock.now() });
        break;
      case 'bye':
        this.#why = isRefusalCode(frame.code) ? frame.code : 'bad_answer';
        this.#final = FINAL.includes(frame.code);
        this.#bus.emit({ type: 'bye', frame });
        return;
      case 'pong':
        return;
    }
    this.#bus.emit({ type: 'frame', frame });
  }

  #status(status: Connection): void {
    this.#bus.emit({ type: 'connection', status });
  }

  async #prove(nonceText: string): Promise<void> {
    const nonce = fromBase64Url(nonceText);
    if (nonce?.length !== 32) throw new TypeError('the challenge is malformed');
    const { origin } = this.#transport;
    const { account, device, signing } = this.#device;
    const signature = toBase64Url(await proveConnection({ origin, nonce, account, device }, signing));
    this.#socket?.send(JSON.stringify({ t: 'auth', account, device, origin, signature }));
  }

  #ping(): void {
    this.send({ t: 'ping' });
    this.#watch(ANSWER_WITHIN, () => this.#drop());
  }

  #watch(milliseconds: number, run: () => void): void {
    this.#cancelWatch?.();
    this.#cancelWatch = this.#clock.after(milliseconds, run);
  }

  #drop(why: ClientErrorCode = 'unreachable'): void {
    const socket = this.#socket;
    if (!socket) return;
    this.#why = why;
    this.#lost(0);
    socket.close();
  }

  #lost(code: number): void {
    if (this.#online && this.#clock.now() - this.#onlineSince >= STABLE) this.#failures = 0;
    this.#socket = null;
    this.#online = false;
    this.#cancelWatch?.();
    if (this.#stopped) return;
    const why = this.#why;
    if (code === CLOSE.removed || this.#final) {
      this.#status({ status: 'refused', code: 'not_taken', why });
      this.#stopped = true;
      return;
    }
    const ceiling = Math.min(LONGEST_DELAY, FIRST_DELAY * 2 ** this.#failures);
    this.#failures += 1;
    const delay = ceiling / 2 + this.#clock.jitter() * (ceiling / 2);
    const retryAt = this.#clock.now() + delay;
    this.#status({ status: 'offline', retryAt, why });
    this.#cancelRetry = this.#clock.after(delay, () => this.#dial());
    if (why === 'unreachable' && !this.#heard && this.#failures > BLAMED)
      void this.#blame(retryAt, this.#failures);
  }

  /** Where the server answers by HTTP, it is not the server that is out of reach: something on the way takes the connection. */
  async #blame(retryAt: number, failures: number): Promise<void> {
    const answers = await askInfo(this.#transport).then(
      () => true,
      () => false, // it is out of reach, as was said
    );
    // Unless another try was made meanwhile.
    if (answers && !this.#stopped && !this.#socket && this.#failures === failures) {
      this.#status({ status: 'offline', retryAt, why: 'live_blocked' });
    }
  }
}
