import { Worker } from 'node:worker_threads';
import type { CheckpointResult } from './checkpoint-thread.ts';

/** Commits between two looks at the journal. */
const COMMITS = 128;
/** Pages (8 MB) from which the journal is to begin anew: a short one is written to the same blocks again and again. */
const LONG = 2_000;

/**
 * Copies SQLite's journal into the database on a thread of its own, so that nobody waits for it. While commits go on, the
 * thread never quite catches up, and the journal would only grow; so where it is long, `gate` holds the next batch for the
 * moment that copying the last of it takes. Then the journal begins anew.
 */
export class Checkpoints {
  readonly #file: string;
  readonly #onError: (error: unknown) => void;
  #thread: Worker | undefined;
  #commits = 0;
  /** 'failed': from then on SQLite does it within a commit, at the length set in `Database`. */
  #state: 'idle' | 'busy' | 'failed' = 'idle';
  #gate: PromiseWithResolvers<void> | undefined;

  constructor(file: string, onError: (error: unknown) => void) {
    this.#file = file;
    this.#onError = onError;
  }

  /** What the next batch waits for. */
  get gate(): Promise<void> | undefined {
    return this.#gate?.promise;
  }

  /** A batch was committed. */
  committed(): void {
    this.#commits += 1;
    if (this.#commits >= COMMITS && this.#state === 'idle') this.#ask();
  }

  async close(): Promise<void> {
    this.#state = 'failed';
    this.#open();
    await this.#thread?.terminate();
  }

  #ask(): void {
    this.#commits = 0;
    this.#state = 'busy';
    this.#thread ??= this.#start();
    this.#thread.postMessage('checkpoint');
  }

  #start(): Worker {
    const thread = new Worker(new URL('./checkpoint-thread.ts', import.meta.url), { workerData: this.#file });
    thread.unref();
    thread.on('message', (result: CheckpointResult) => this.#done(result));
    thread.on('error', (error) => {
      this.#state = 'failed';
      this.#open();
      this.#onError(error);
    });
    return thread;
  }

  #done({ log }: CheckpointResult): void {
    if (this.#state !== 'busy') return;
    if (log >= LONG && !this.#gate) {
      this.#gate = Promise.withResolvers();
      this.#ask();
      return;
    }
    this.#state = 'idle';
    this.#open();
  }

  #open(): void {
    this.#gate?.resolve();
    this.#gate = undefined;
  }
}
