import type { DeviceReceipt, RoomId } from '@sotto/protocol';

/** Milliseconds between two tellings, for each connection that hears them; and the most. */
const PAUSE = 10;
const LONGEST_PAUSE = 500;
/** Receipts in one frame, so that it stays well below the buffer limit of a reader. */
const TOGETHER = 64;

export interface HeardReceipt {
  readonly receipt: DeviceReceipt;
  /** The connection it came over. */
  readonly from: string;
}

/** @returns how many connections heard it */
type Tell = (room: RoomId, receipts: readonly HeardReceipt[]) => number;

/**
 * Tells a room how far messages arrived and were read: the first receipt at once, those of the next moment together. Every
 * message draws a receipt from each member to each other; told one by one they would be n² frames in a room of n. The more
 * connections listen, the longer the moment: two people never notice it.
 */
export class ReceiptNews {
  readonly #tell: Tell;
  /** Rooms between two tellings, with what waits for the next: of a device only its newest. */
  readonly #rooms = new Map<RoomId, Map<string, HeardReceipt>>();
  #closed = false;

  constructor(tell: Tell) {
    this.#tell = tell;
  }

  add(room: RoomId, heard: HeardReceipt): void {
    const waiting = this.#rooms.get(room);
    if (!waiting) {
      this.#pause(room, this.#tell(room, [heard]));
      return;
    }
    waiting.set(`${heard.receipt.account}/${heard.receipt.device}`, heard);
    if (waiting.size >= TOGETHER) this.#flush(room, waiting);
  }

  close(): void {
    this.#closed = true;
    this.#rooms.clear();
  }

  #pause(room: RoomId, readers: number): void {
    const waiting = new Map<string, HeardReceipt>();
    this.#rooms.set(room, waiting);
    setTimeout(
      () => {
        if (this.#closed) return;
        if (waiting.size === 0) this.#rooms.delete(room);
        else this.#pause(room, this.#flush(room, waiting));
      },
      Math.min(PAUSE * readers, LONGEST_PAUSE),
    ).unref();
  }

  #flush(room: RoomId, waiting: Map<string, HeardReceipt>): number {
    const receipts = [...waiting.values()];
    waiting.clear();
    return this.#tell(room, receipts);
  }
}
