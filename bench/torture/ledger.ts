import type { LogEntry, RoomId } from '@sotto/protocol';

export interface Counts {
  acknowledged: number;
  /** Acknowledged or delivered, and then not in the log. */
  lost: number;
  /** One id in two places. */
  duplicated: number;
  /** In another place than acknowledged or delivered, or out of sequence. */
  reordered: number;
}

/** What the clients of one room were promised, held against what the log says afterwards. */
export class Ledger {
  readonly room: RoomId;
  readonly counts: Counts = { acknowledged: 0, lost: 0, duplicated: 0, reordered: 0 };
  /** Promised and not yet found in the log: by position. */
  readonly #promised = new Map<number, string>();
  readonly #found = new Map<string, number>();
  #read = 0;

  constructor(room: RoomId) {
    this.room = room;
  }

  /** The log was compared up to here. */
  get read(): number {
    return this.#read;
  }

  acknowledged(id: string, position: number): void {
    this.counts.acknowledged += 1;
    this.#promise(id, position);
  }

  delivered(entries: readonly LogEntry[]): void {
    for (const { id, position } of entries) this.#promise(id, position);
  }

  /** The next entries of the log, as it is after a restart. */
  compare(entries: readonly Pick<LogEntry, 'id' | 'position'>[]): void {
    for (const { id, position } of entries) {
      if (position !== this.#read + 1) this.counts.reordered += 1;
      this.#read = position;
      const promised = this.#promised.get(position);
      this.#promised.delete(position);
      if (promised !== undefined && promised !== id) this.counts.lost += 1;
      if (this.#found.has(id)) this.counts.duplicated += 1;
      this.#found.set(id, position);
    }
  }

  /** All of the log was compared: what was promised beyond its end is lost. */
  end(): void {
    for (const position of this.#promised.keys()) if (position > this.#read) this.counts.lost += 1;
    this.#promised.clear();
  }

  #promise(id: string, position: number): void {
    const found = this.#found.get(id);
    if (found !== undefined && found !== position) this.counts.reordered += 1;
    if (position <= this.#read) {
      if (found === undefined) this.counts.lost += 1;
      return;
    }
    const before = this.#promised.get(position);
    if (before !== undefined && before !== id) this.counts.reordered += 1;
    this.#promised.set(position, id);
  }
}
