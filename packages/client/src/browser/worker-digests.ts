import { type ChunkDigests, digestsHere } from '@sotto/crypto';
import type { Bytes } from '@sotto/protocol';
import { ClientError } from '../error.ts';
import { trustWorkerAddress } from './worker-address.ts';

/** A sealed chunk for the worker; its memory goes there with it. */
export interface HashRequest {
  readonly id: number;
  readonly bytes: ArrayBuffer;
  /** The chunk is wanted back. */
  readonly keep: boolean;
}

export type HashAnswer =
  | { readonly id: number; readonly digest: ArrayBuffer; readonly bytes?: ArrayBuffer }
  | { readonly id: number; readonly failed: string };

/** Milliseconds without work until the worker ends. */
const IDLE_TIMEOUT = 30_000;
/** A worker that has not answered its first, empty request by then is done without. */
const START_TIMEOUT = 5_000;

/**
 * M6: hashes in a dedicated worker, beside the page's encryption: a browser's Web Crypto does one after the other on the thread
 * that asks. Chunks are handed over, not copied. Where no worker starts, the page hashes itself.
 * @param address of the built `hash-worker` module
 */
export function workerDigests(address: string): ChunkDigests {
  const thread = new HashThread(address);
  return {
    async keep(sealed) {
      if (!(await thread.ready())) return digestsHere.keep(sealed);
      const { digest, bytes } = await thread.hash(sealed, true);
      if (!bytes) throw problem('kept a chunk');
      return { sealed: new Uint8Array(bytes), digest: new Uint8Array(digest) };
    },
    async spend(sealed) {
      if (!(await thread.ready())) return digestsHere.spend(sealed);
      return new Uint8Array((await thread.hash(sealed, false)).digest);
    },
  };
}

type Hashed = Extract<HashAnswer, { digest: ArrayBuffer }>;

class HashThread {
  readonly #address: string;
  readonly #pending = new Map<number, PromiseWithResolvers<Hashed>>();
  #worker: Worker | undefined;
  #started: Promise<boolean> | undefined;
  #idle: ReturnType<typeof setTimeout> | undefined;
  #lastId = 0;

  constructor(address: string) {
    this.#address = address;
  }

  /** Nothing is handed over before the worker answered: what is there when it fails to start would be lost. */
  ready(): Promise<boolean> {
    this.#started ??= this.#start();
    return this.#started;
  }

  /** Of memory of its own a chunk is handed over; of a part of something larger a copy. */
  hash(sealed: Bytes, keep: boolean): Promise<Hashed> {
    clearTimeout(this.#idle);
    const { buffer } = sealed;
    const bytes = buffer.byteLength === sealed.byteLength ? buffer : sealed.slice().buffer;
    const id = ++this.#lastId;
    const answer = Promise.withResolvers<Hashed>();
    this.#pending.set(id, answer);
    if (!this.#worker) this.#fail('ended');
    this.#worker?.postMessage({ id, bytes, keep } satisfies HashRequest, { transfer: [bytes] });
    return answer.promise;
  }

  async #start(): Promise<boolean> {
    const timer = setTimeout(() => this.#fail('did not start'), START_TIMEOUT);
    try {
      const worker = new Worker(trustWorkerAddress(this.#address), { type: 'module', name: 'sotto-hashes' });
      worker.addEventListener('message', (event: MessageEvent<HashAnswer>) => this.#settle(event.data));
      worker.addEventListener('error', (event) => {
        event.preventDefault();
        if (this.#worker === worker) this.#fail('died');
      });
      this.#worker = worker;
      await this.hash(new Uint8Array(0), false);
      return true;
    } catch {
      // The page does it from now on, more slowly; nothing was lost.
      this.#started = Promise.resolve(false);
      return false;
    } finally {
      clearTimeout(timer);
    }
  }

  #settle(answer: HashAnswer): void {
    const waiting = this.#pending.get(answer.id);
    this.#pending.delete(answer.id);
    if (this.#pending.size === 0) this.#idle = setTimeout(() => this.#end(), IDLE_TIMEOUT);
    if ('failed' in answer) waiting?.reject(problem(`failed: ${answer.failed}`));
    else waiting?.resolve(answer);
  }

  /** Whatever it was given is lost; the next chunk starts another worker. */
  #fail(what: string): void {
    this.#end();
    const waiting = [...this.#pending.values()];
    this.#pending.clear();
    for (const { reject } of waiting) reject(problem(what));
  }

  #end(): void {
    clearTimeout(this.#idle);
    this.#worker?.terminate();
    this.#worker = undefined;
    this.#started = undefined;
  }
}

function problem(what: string): ClientError {
  return new ClientError('usage', {
    reason: 'worker_failed',
    message: `The worker that hashes files ${what}.`,
  });
}
