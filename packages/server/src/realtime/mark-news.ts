import type { DeviceMark, RoomId } from '@sotto/protocol';

/** Milliseconds between two tellings, for each connection that hears them; and the most. */
const PAUSE = 10;
const LONGEST_PAUSE = 500;
/** Marks in one frame, so that it stays well below the buffer limit of a reader. */
const TOGETHER = 64;

export interface HeardMark {
  readonly mark: DeviceMark;
  /** The connection it came over. */
  readonly from: string;
}

/** @returns how many connections heard it */
type Tell = (room: RoomId, marks: readonly HeardMark[]) => number;

/**
 * Tells a room how far messages arrived and were read: the first mark at once, those of the next moment together. Every
 * message draws a mark from each member to each other; told one by one they would be n² frames in a room of n. The more
 * connections listen, the longer the moment: two people never notice it.
 */
export class MarkNews {
  readonly #tell: Tell;
  /** Rooms between two tellings, with what waits for the next: of a device only its newest. */
  readonly #rooms = new Map<RoomId, Map<string, HeardMark>>();
  #closed = false;

  constructor(tell: Tell) {
    this.#tell = tell;
  }

  add(room: RoomId, heard: HeardMark): void {
    const waiting = this.#rooms.get(room);
    if (!waiting) {
      this.#pause(room, this.#tell(room, [heard]));
      return;
    }
    waiting.set(`${heard.mark.account}/${heard.mark.device}`, heard);
    if (waiting.size >= TOGETHER) this.#flush(room, waiting);
  }

  close(): void {
    this.#closed = true;
    this.#rooms.clear();
  }

  #pause(room: RoomId, readers: number): void {
    const waiting = new Map<string, HeardMark>();
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

  #flush(room: RoomId, waiting: Map<string, HeardMark>): number {
    const marks = [...waiting.values()];
    waiting.clear();
    return this.#tell(room, marks);
  }
}
