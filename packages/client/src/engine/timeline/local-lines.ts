import type { SystemEvent, TimelineItem } from '../../state.ts';

/** What this device itself noted in a conversation, behind a position of its log. */
export interface LocalLine {
  readonly after: number;
  readonly time: number;
  readonly event: SystemEvent;
}

/** Puts such lines between those of the log. */
export class LocalLines {
  readonly #items: TimelineItem[];
  readonly #lines: readonly LocalLine[];
  #next = 0;

  /** @param first position of the first entry that is loaded; what stands before belongs to older pages */
  constructor(items: TimelineItem[], lines: readonly LocalLine[], first: number) {
    this.#items = items;
    this.#lines = lines;
    while (this.#next < lines.length && (lines[this.#next]?.after ?? 0) < first - 1) this.#next += 1;
  }

  /** Adds those that stand before an entry. */
  flush(before: number): void {
    for (let line = this.#lines[this.#next]; line && line.after < before; line = this.#lines[this.#next]) {
      const { time, event, after } = line;
      const key = `line/${this.#next}/${after}`;
      this.#items.push({ type: 'system', key, position: null, time, account: null, event });
      this.#next += 1;
    }
  }
}
