import type { FileId } from '@sotto/protocol';
import type { Transfer } from '../../files.ts';
import type { Observable } from '../../observable.ts';
import type { Clock } from '../../seams/index.ts';
import { Emitter } from '../emitter.ts';

/** At most five changes a second: progress is for eyes. */
const EVERY = 200;
/** A rate is what moved over this time. */
const WINDOW = 4_000;

type Shown = Omit<Transfer, 'rate' | 'failure'> & { readonly failure?: Transfer['failure'] };

/** How far every file is, up or down: one snapshot that changes a few times a second at most. */
export class Transfers implements Observable<ReadonlyMap<FileId, Transfer>> {
  readonly #clock: Clock;
  readonly #changed = new Emitter<void>();
  readonly #now = new Map<FileId, Transfer>();
  readonly #samples = new Map<FileId, { readonly at: number; readonly done: number }[]>();
  #state: ReadonlyMap<FileId, Transfer> = new Map();
  #last = Number.NEGATIVE_INFINITY;
  #scheduled = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get state(): ReadonlyMap<FileId, Transfer> {
    return this.#state;
  }

  subscribe(listener: () => void): () => void {
    return this.#changed.on(listener);
  }

  /** As it is this moment, not as last shown. */
  peek(file: FileId): Transfer | undefined {
    return this.#now.get(file);
  }

  entries(): (readonly [FileId, Transfer])[] {
    return [...this.#now];
  }

  set(file: FileId, shown: Shown): void {
    const old = this.#now.get(file);
    if (shown.state !== 'running' || old?.state !== 'running') this.#samples.delete(file);
    this.#now.set(file, { failure: null, ...shown, rate: this.#rate(file, shown.done) });
    this.#touch();
  }

  /** The same as before, in another state. */
  mark(file: FileId, state: Transfer['state']): void {
    const old = this.#now.get(file);
    if (old && old.state !== state) this.set(file, { ...old, state, failure: null });
  }

  remove(file: FileId): void {
    this.#samples.delete(file);
    if (this.#now.delete(file)) this.#touch();
  }

  #rate(file: FileId, done: number): number {
    const at = this.#clock.now();
    const samples = this.#samples.get(file) ?? [];
    const recent = samples.filter((sample) => at - sample.at <= WINDOW);
    if (recent.length === 0 || at - (recent.at(-1)?.at ?? 0) >= EVERY) recent.push({ at, done });
    this.#samples.set(file, recent);
    const first = recent[0];
    return first && at > first.at
      ? Math.max(0, Math.round(((done - first.done) * 1_000) / (at - first.at)))
      : 0;
  }

  #touch(): void {
    if (this.#scheduled) return;
    const wait = this.#last + EVERY - this.#clock.now();
    if (wait <= 0) {
      this.#publish();
      return;
    }
    this.#scheduled = true;
    this.#clock.after(wait, () => {
      this.#scheduled = false;
      this.#publish();
    });
  }

  #publish(): void {
    this.#last = this.#clock.now();
    this.#state = new Map(this.#now);
    this.#changed.emit();
  }
}
