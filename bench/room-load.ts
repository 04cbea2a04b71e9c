import type { RoomId } from '@sotto/protocol';
import { RoomOrder } from './order.ts';
import { firstOf } from './room.ts';

/** What a room can be sent, made before the clock starts. */
export interface SendFrame {
  readonly id: string;
  readonly text: string;
  readonly frame: Buffer;
}

/** How a server writes its frames: where each kind begins, and what stands before a position. */
export interface Dialect {
  readonly entries: Buffer;
  readonly ack: Buffer | 'own entry';
  readonly position: Buffer;
}

/** One member's connection, of whatever protocol. */
export interface LoadSocket {
  /** `handle` gets a view that is good until it returns. */
  onFrame(handle: (frame: Buffer) => void): void;
  onClose(handle: (why: string) => void): void;
  write(frames: Buffer): void;
  end(): void;
}

/** One room under load: its connections, of which the first sends. */
export interface RoomSockets {
  readonly room: RoomId;
  readonly sockets: readonly LoadSocket[];
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
    const order = new RoomOrder(room.sockets.length, room.dialect.position);
    const { entries, ack } = room.dialect;
    for (const [index, socket] of room.sockets.entries()) {
      const read = order.reader();
      socket.onClose((why) => events.failed(new Error(why)));
      socket.onFrame((text) => {
        try {
          if (startsWith(text, entries)) {
            const { first, last } = read(text);
            events.delivered(first, last);
            if (ack === 'own entry' && index === 0)
              for (let position = first; position <= last; position += 1) this.#acknowledged(events);
          } else if (ack !== 'own entry' && startsWith(text, ack)) this.#ack(text, events);
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
    this.#acknowledged(events);
  }

  #acknowledged(events: RoomEvents): void {
    this.#acked += 1;
    events.acked(this.#acked - 1);
  }
}

function startsWith(text: Buffer, start: Buffer): boolean {
  return text.length >= start.length && text.compare(start, 0, start.length, 0, start.length) === 0;
}
