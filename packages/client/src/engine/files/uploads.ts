import { type FileId, PATHS } from '@sotto/protocol';
import { ClientError, isUncertain } from '../../error.ts';
import { Patience } from '../rooms/patience.ts';
import type { OutgoingFile, UploadPart } from '../rows.ts';
import { type FileContext, lockOf } from './context.ts';
import { Stopped } from './running.ts';
import { PartUploads, planParts } from './upload-parts.ts';
import type { Usage } from './usage.ts';

/** Files that go up side by side. */
const SIDE_BY_SIDE = 3;

/** M6: brings sealed files to the server, a few at a time, and lets their messages go once they are there. */
export class Uploads {
  readonly #files: FileContext;
  readonly #usage: Usage;
  readonly #parts: PartUploads;
  readonly #patience = new Map<FileId, Patience>();
  readonly #queue = new Set<FileId>();
  readonly #busy = new Set<FileId>();
  /** Looked at again when what goes on with them has ended. */
  readonly #again = new Set<FileId>();
  /** Sealed in this session and never announced: the server need not be asked how far it got. */
  readonly #fresh = new Set<FileId>();

  constructor(files: FileContext, usage: Usage) {
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
    for (const patience of this.#patience.values()) patience.wake();
    this.consider();
  }

  close(): void {
    for (const patience of this.#patience.values()) patience.wake();
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
      this.#files.context.background(run);
    }
  }

  async #run(file: FileId): Promise<void> {
    const { context, running, rows } = this.#files;
    if (!(await this.#due(file))) return;
    await context.locks.exclusive(lockOf(file), async () => {
      while (!running.closed && (await this.#due(file)) && context.connection().online) {
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
    if ((await sealed.size(file)) !== size) throw new ClientError('usage', { message: LOST });
    const planned = await this.#planned(row);
    await this.#parts.upload(planned, {
      fresh: this.#fresh.delete(file),
      signal,
      onProgress: (done) => {
        if (!signal.aborted) transfers.set(file, { direction: 'up', state: 'running', done, total: size });
        this.#patience.get(file)?.succeeded();
      },
    });
  }

  /** Decided once, before the server hears of it: an upload goes on in the parts it began with, in every life. */
  async #planned(row: OutgoingFile): Promise<OutgoingFile> {
    if (row.parts) return row;
    const parts = planParts(row.size, await this.#usage.parts());
    return this.#plan(row, parts);
  }

  async #plan(row: OutgoingFile, parts: readonly UploadPart[]): Promise<OutgoingFile> {
    await this.#files.rows.update(row.file, (old) => (old?.state === 'outgoing' ? { ...old, parts } : old));
    return { ...row, parts };
  }

  async #arrived({ file, room, message }: OutgoingFile): Promise<void> {
    this.#patience.delete(file);
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
    const { context, outbox, transfers } = this.#files;
    if (!(error instanceof ClientError)) throw error;
    const { code, message: reason } = error;
    if (isUncertain(error) || AGAIN.includes(code)) {
      transfers.mark(file, 'waiting');
      if (await context.calls.heeds(error)) return true;
      const patience = this.#patience.get(file) ?? new Patience(context.clock);
      this.#patience.set(file, patience);
      await patience.failed();
      return true;
    }
    if (NOT_IN_PARTS.includes(code) && (await this.#inOne(row))) return true;
    await outbox.fail(room, message, { code, reason }, code === 'usage');
    return false;
  }

  /** The server takes no parts any more, or has this file in one: what is there of it goes, and it goes up in one. */
  async #inOne({ file }: OutgoingFile): Promise<boolean> {
    const { context, rows, transport } = this.#files;
    const row = await rows.get(file);
    if (row?.state !== 'outgoing' || !row.parts?.length) return false;
    const path = PATHS.file(file);
    try {
      await transport.remove({ path, proof: await context.calls.prove('DELETE', path) });
    } catch (error) {
      if (!(error instanceof ClientError)) throw error;
      return true; // the next try comes here again
    }
    await this.#plan(row, []);
    return true;
  }

  #showFailed(file: FileId, { code, reason }: { code: string; reason: string }): void {
    const { transfers } = this.#files;
    const { done, total } = transfers.peek(file) ?? { done: 0, total: 0 };
    const failure = { code: code as ClientError['code'], reason };
    transfers.set(file, { direction: 'up', state: 'failed', done, total, failure });
  }
}

/** The server was asked at the wrong time or place; the next try knows better. */
const AGAIN: readonly string[] = ['replayed', 'clock', 'wrong_offset'];

/** What a server says that takes no parts, or none of this file. */
const NOT_IN_PARTS: readonly string[] = ['malformed', 'id_reused'];

const LOST = 'The sealed copy of a file is gone from this device. Add the file again.';
