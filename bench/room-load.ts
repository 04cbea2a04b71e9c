import type { RoomId } from '@sotto/protocol';
import { RoomOrder } from './order.ts';
import type { RawSocket } from './raw-socket.ts';
import { firstOf } from './room.ts';

/** What a room can be sent, made before the clock starts. */
export interface SendFrame {
  readonly id: string;
  readonly text: string;
  readonly frame: Buffer;
}

/** How a server writes its frames: only where each kind begins differs. */
export interface Dialect {
  readonly entries: Buffer;
  readonly ack: Buffer;
}

/** One room under load: its connections, of which the first sends. */
export interface RoomSockets {
  readonly room: RoomId;
  readonly sockets: readonly RawSocket[];
  readonly dialect: Dialect;
}

export interface RoomEvents {
  /** Entries `first` to `last` reached one connection. */
  readonly delivered: (first: number, last: number) => void;
  /** The next of the sent messages was acknowledged. */
  readonly acked: (index: number) => void;
  readonly failed: (error: Error) => void;
}

const ID = Buffer.from('"id":"');

/** Sends through a room's first connection and checks what all of them get. */
export class RoomLoad {
  readonly #room: RoomSockets;
  readonly #frames: readonly SendFrame[];
  #sent = 0;
  #acked = 0;
  #due: Buffer[] = [];

  constructor(room: RoomSockets, frames: readonly SendFrame[], events: RoomEvents) {
    this.#room = room;
    this.#frames = frames;
    const order = new RoomOrder(room.sockets.length);
    for (const socket of room.sockets) {
      const read = order.reader();
      socket.onClose((why) => events.failed(new Error(why)));
      socket.onFrame((text) => {
        try {
          if (startsWith(text, room.dialect.entries)) {
            const { first, last } = read(text);
            events.delivered(first, last);
          } else if (startsWith(text, room.dialect.ack)) this.#ack(text, events);
          else if (text.includes('"refused"')) throw new Error(text.toString('utf8'));
        } catch (error) {
          events.failed(error as Error);
        }
      });
    }
  }

  get left(): number {
    return this.#frames.length - this.#sent;
  }

  get outstanding(): number {
    return this.#sent - this.#acked;
  }

  get sent(): number {
    return this.#sent;
  }

  /** The next message; those of one turn leave in one write. */
  send(): void {
    const next = this.#frames[this.#sent];
    if (!next) return;
    this.#sent += 1;
    if (this.#due.push(next.frame) === 1) queueMicrotask(() => this.#flush());
  }

  #flush(): void {
    const due = this.#due;
    this.#due = [];
    firstOf(this.#room.sockets).write(due.length === 1 && due[0] ? due[0] : Buffer.concat(due));
  }

  #ack(text: Buffer, events: RoomEvents): void {
    const index = this.#acked;
    const at = text.indexOf(ID) + ID.length;
    const id = text.toString('latin1', at, at + 22);
    if (id !== this.#frames[index]?.id) throw new Error(`acknowledged ${id} instead of message ${index}`);
    this.#acked += 1;
    events.acked(index);
  }
}

function startsWith(text: Buffer, start: Buffer): boolean {
  return text.length >= start.length && text.compare(start, 0, start.length, 0, start.length) === 0;
}
