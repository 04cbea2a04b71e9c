import type { FileId } from '@sotto/protocol';
import { ClientError, type Failure, isUncertain } from '../../error.ts';
import { Backoff } from '../backoff.ts';
import type { OutgoingFile } from '../rows.ts';
import { type FileContext, lockOf, type Moving } from './context.ts';
import { Stopped } from './running.ts';
import { PartUploads, planParts } from './upload-parts.ts';
import type { Usage } from './usage.ts';

/** Files that go up side by side. */
const SIDE_BY_SIDE = 3;

type Needs = Moving & Pick<FileContext, 'background' | 'connection' | 'outbox'>;

/** M6: brings sealed files to the server, a few at a time, and lets their messages go once they are there. */
export class Uploads {
  readonly #files: Needs;
  readonly #usage: Usage;
  readonly #parts: PartUploads;
  readonly #backoff = new Map<FileId, Backoff>();
  readonly #queue = new Set<FileId>();
  readonly #busy = new Set<FileId>();
  /** Looked at again when what goes on with them has ended. */
  readonly #again = new Set<FileId>();
  /** Sealed in this session and never announced: the server need not be asked how far it got. */
  readonly #fresh = new Set<FileId>();

  constructor(files: Needs, usage: Usage) {
    this.#files = files;
    this.#usage = usage;
    this.#parts = new PartUploads(files);
  }

  sealed(file: FileId): void {
    this.#fresh.add(file);
    this.consider();
  }

  /** Looks at what waits in the outbox; cheap where nothing does. */
  consider(): void {
    const { outbox, running, transfers } = this.#files;
    const wanted = new Set<FileId>();
    for (const { waits = [], failed } of outbox.withFiles()) {
      for (const file of waits) {
        wanted.add(file);
        if (failed) this.#showFailed(file, failed);
        else if (this.#busy.has(file)) this.#again.add(file);
        else this.#queue.add(file);
      }
    }
    for (const [file, { direction }] of transfers.entries()) {
      if (direction !== 'up' || wanted.has(file)) continue;
      running.stop(file, 'given-up');
      if (!running.has(file)) transfers.remove(file);
    }
    this.#work();
  }

  /** The connection is there again: no reason to wait any longer. */
  wake(): void {
    for (const backoff of this.#backoff.values()) backoff.wake();
    this.consider();
  }

  close(): void {
    for (const backoff of this.#backoff.values()) backoff.wake();
  }

  #work(): void {
    for (const file of this.#queue) {
      if (this.#busy.size >= SIDE_BY_SIDE) return;
      this.#queue.delete(file);
      this.#busy.add(file);
      const run = this.#run(file).finally(() => {
        this.#busy.delete(file);
        if (this.#again.delete(file)) this.#queue.add(file);
        this.#work();
      });
      this.#files.background(run);
    }
  }

  async #run(file: FileId): Promise<void> {
    const { connection, locks, running, rows } = this.#files;
    if (!(await this.#due(file))) return;
    await locks.exclusive(lockOf(file), async () => {
      while (!running.closed && (await this.#due(file)) && connection.online) {
        const row = await rows.get(file);
        if (row?.state !== 'outgoing') return;
        try {
          await running.run(file, (signal) => this.#upload(row, signal));
          await this.#arrived(row);
        } catch (error) {
          if (error instanceof Stopped) {
            if (error.why === 'held') this.#files.transfers.mark(file, 'paused');
            return;
          }
          if (!(await this.#goesOn(row, error))) return;
        }
      }
    });
  }

  /** Shows where the file stands. @returns true where it can go up now */
  async #due(file: FileId): Promise<boolean> {
    const { rows, transfers } = this.#files;
    const row = await rows.get(file);
    if (row?.state !== 'outgoing' || row.step !== 'sealed') return false;
    const state = row.held ? ('paused' as const) : ('waiting' as const);
    const shown = transfers.peek(file);
    transfers.set(file, {
      direction: 'up',
      state,
      done: shown && shown.state !== 'sealing' ? shown.done : 0,
      total: row.size,
    });
    return !row.held;
  }

  async #upload(row: OutgoingFile, signal: AbortSignal): Promise<void> {
    const { sealed, transfers } = this.#files;
    const { file, size } = row;
    if ((await sealed.size(file)) !== size) throw new ClientError('usage', { reason: 'file_lost' });
    const planned = await this.#planned(row);
    await this.#parts.upload(planned, {
      fresh: this.#fresh.delete(file),
      signal,
      onProgress: (done) => {
        if (!signal.aborted) transfers.set(file, { direction: 'up', state: 'running', done, total: size });
        this.#backoff.get(file)?.succeeded();
      },
    });
  }

  /** Decided once, before the server hears of it: an upload goes on in the parts it began with, in every life. */
  async #planned(row: OutgoingFile): Promise<OutgoingFile> {
    if (row.parts) return row;
    const parts = planParts(row.size, await this.#usage.parts());
    await this.#files.rows.update(row.file, (old) => (old?.state === 'outgoing' ? { ...old, parts } : old));
    return { ...row, parts };
  }

  async #arrived({ file, room, message }: OutgoingFile): Promise<void> {
    this.#backoff.delete(file);
    await this.#files.outbox.advance(
      room,
      message,
      (item) => ({ ...item, waits: (item.waits ?? []).filter((one) => one !== file) }),
      { file, change: (row) => (row?.state === 'outgoing' ? { ...row, step: 'uploaded' } : undefined) },
    );
    this.#files.transfers.remove(file);
  }

  /** @returns false where trying again cannot help: the message says why */
  async #goesOn(row: OutgoingFile, error: unknown): Promise<boolean> {
    const { file, room, message } = row;
    const { calls, clock, outbox, transfers } = this.#files;
    if (!(error instanceof ClientError)) throw error;
    const { code, reason } = error;
    if (isUncertain(error) || AGAIN.includes(code)) {
      transfers.mark(file, 'waiting');
      if (await calls.heeds(error)) return true;
      const backoff = this.#backoff.get(file) ?? new Backoff(clock);
      this.#backoff.set(file, backoff);
      await backoff.failed();
      return true;
    }
    await outbox.fail(room, message, { code, reason }, code === 'usage');
    return false;
  }

  #showFailed(file: FileId, failure: Failure): void {
    const { transfers } = this.#files;
    const { done, total } = transfers.peek(file) ?? { done: 0, total: 0 };
    transfers.set(file, { direction: 'up', state: 'failed', done, total, failure });
  }
}

/** The server was asked at the wrong time or place; the next try knows better. */
const AGAIN: readonly string[] = ['replayed', 'clock', 'wrong_offset'];
