import { type FileId, PATHS } from '@sotto/protocol';
import { ClientError, isUncertain } from '../../error.ts';
import { readAnswer } from '../calls.ts';
import type { DoomedFile, OutboxRow } from '../rows.ts';
import { type FileContext, lockOf, type Moving } from './context.ts';

const AGAIN = 60_000;
/** Where the server asks to wait a moment. */
const TRIES = 3;

type Needs = Moving & Pick<FileContext, 'background' | 'connection' | 'storage'>;

/** Deletes files at the server and here, once the others have been told: durable until it is done. */
export class Removals {
  readonly #files: Needs;
  #running: Promise<void> | null = null;
  #again = false;
  #cancelRetry: (() => void) | null = null;

  constructor(files: Needs) {
    this.#files = files;
  }

  /** Works through what is to be deleted; what cannot be done now is tried again later. */
  consider(): void {
    if (this.#files.running.closed) return;
    if (this.#running) {
      this.#again = true;
      return;
    }
    this.#running = this.#all().finally(() => {
      this.#running = null;
      if (!this.#again) return;
      this.#again = false;
      this.consider();
    });
    this.#files.background(this.#running);
  }

  close(): void {
    this.#cancelRetry?.();
  }

  async #all(): Promise<void> {
    this.#cancelRetry?.();
    let left = false;
    for (const row of await this.#files.rows.all()) {
      if (row.state === 'doomed' && !(await this.#remove(row))) left = true;
    }
    if (left && !this.#files.running.closed)
      this.#cancelRetry = this.#files.clock.after(AGAIN, () => this.consider());
  }

  /** @returns false where it has to be tried again */
  async #remove({ file, room, after, here }: DoomedFile): Promise<boolean> {
    const { connection, locks, running, rows, sealed, transfers } = this.#files;
    running.stop(file, 'given-up');
    return locks.exclusive(lockOf(file), async () => {
      if (running.closed) return false;
      const row = await rows.get(file);
      if (row?.state !== 'doomed') return true;
      if (after !== null && (await this.#waits(room, after))) return true; // its sending starts this again
      await sealed.delete(file);
      transfers.remove(file);
      if (!here && (!connection.online || !(await this.#atServer(file)))) return false;
      await rows.update(file, (old) => (old?.state === 'doomed' ? null : old));
      return true;
    });
  }

  async #waits(room: DoomedFile['room'], message: string): Promise<boolean> {
    const items = await this.#files.storage.transaction(['outbox'], 'read', (tx) =>
      tx.range<OutboxRow>('outbox', { prefix: [room] }),
    );
    return items.some(({ id }) => id === message);
  }

  async #atServer(file: FileId, tries = TRIES): Promise<boolean> {
    const { calls, transport } = this.#files;
    const path = PATHS.file(file);
    try {
      const proof = await calls.prove('DELETE', path);
      readAnswer<void>(await transport.remove({ path, proof }), null);
      return true;
    } catch (error) {
      if (!(error instanceof ClientError)) throw error;
      if (tries > 1 && (await calls.heeds(error))) return this.#atServer(file, tries - 1);
      return !isUncertain(error); // else it is not there, or not ours to delete
    }
  }
}
