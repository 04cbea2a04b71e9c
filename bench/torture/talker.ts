import type { LogEntry } from '@sotto/protocol';
import { connect, type Member } from '../member.ts';
import type { RawSocket } from '../raw-socket.ts';
import type { SendFrame } from '../room-load.ts';
import type { Ledger } from './ledger.ts';

const WINDOW = 64;

type Heard =
  | { readonly t: 'ack'; readonly id: string; readonly position: number }
  | { readonly t: 'entries'; readonly entries: readonly LogEntry[] }
  | { readonly t: 'refused'; readonly code: string; readonly id?: string };

/** One member that keeps sending over kills: what was not acknowledged is sent again, as it was (D3). */
export class Talker {
  readonly #member: Member;
  readonly #ledger: Ledger;
  readonly #waiting = new Map<string, SendFrame>();
  #supply: SendFrame[];
  #socket: RawSocket | undefined;
  readonly refusals: string[] = [];

  constructor(member: Member, ledger: Ledger, supply: SendFrame[]) {
    this.#member = member;
    this.#ledger = ledger;
    this.#supply = supply;
  }

  get done(): boolean {
    return this.#supply.length === 0 && this.#waiting.size === 0;
  }

  supply(frames: SendFrame[]): void {
    this.#supply = frames;
  }

  async start(origin: string): Promise<void> {
    const socket = await connect(origin, this.#member);
    this.#socket = socket;
    socket.onClose(() => undefined); // the server was killed: that is the point
    socket.onFrame((text) => this.#hear(JSON.parse(text.toString('utf8')) as Heard));
    for (const { frame } of this.#waiting.values()) socket.write(frame);
    this.#fill();
  }

  /** Forgets the connection; what is under way may or may not have been stored. */
  stop(): void {
    this.#socket?.end();
    this.#socket = undefined;
  }

  /** Sends what was refused once more. */
  again(): void {
    for (const { frame } of this.#waiting.values()) this.#socket?.write(frame);
    this.#fill();
  }

  #hear(frame: Heard): void {
    if (frame.t === 'entries') this.#ledger.delivered(frame.entries);
    else if (frame.t === 'refused') this.refusals.push(frame.code);
    else if (frame.t === 'ack') {
      if (this.#waiting.delete(frame.id)) this.#ledger.acknowledged(frame.id, frame.position);
      this.#fill();
    }
  }

  #fill(): void {
    while (this.#socket && this.#waiting.size < WINDOW) {
      const next = this.#supply.shift();
      if (!next) return;
      this.#waiting.set(next.id, next);
      this.#socket.write(next.frame);
    }
  }
}
