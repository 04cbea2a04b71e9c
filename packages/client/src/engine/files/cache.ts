import type { FileId } from '@sotto/protocol';
import type { KeptFile } from '../rows.ts';
import { type FileContext, lockOf } from './context.ts';
import { noRoom } from './failures.ts';

/** A part of a file is kept for the next try, for a while. */
const PARTS_KEPT = 24 * 3_600_000;

type Needs = Pick<FileContext, 'clock' | 'keep' | 'locks' | 'rows' | 'running' | 'sealed'>;

/** Sealed copies within their budget: what was used least recently goes first, what waits to be sent never. */
export class FileCache {
  readonly #files: Needs;
  /** Files that are being read here. */
  readonly #reading = new Map<FileId, number>();

  constructor(files: Needs) {
    this.#files = files;
  }

  /** Bytes kept on this device, and how many may be. */
  async space(): Promise<{ kept: number; keep: number }> {
    const kept = await this.#kept();
    return { kept: kept.reduce((sum, { bytes }) => sum + bytes, 0), keep: this.#files.keep };
  }

  /** Keeps a file from being evicted while it is read. @returns its end */
  reading(file: FileId): () => void {
    this.#reading.set(file, (this.#reading.get(file) ?? 0) + 1);
    return () => {
      const left = (this.#reading.get(file) ?? 1) - 1;
      if (left > 0) this.#reading.set(file, left);
      else this.#reading.delete(file);
    };
  }

  async touch(file: FileId): Promise<void> {
    const used = this.#files.clock.now();
    await this.#files.rows.update(file, (row) => (row?.state === 'kept' ? { ...row, used } : row));
  }

  /** @param fresh what was fetched just now stays, even where it is larger than the budget */
  async evict(fresh?: FileId): Promise<void> {
    const kept = await this.#kept();
    let sum = kept.reduce((total, { bytes }) => total + bytes, 0);
    for (const { row, bytes } of kept.sort((a, b) => a.row.used - b.row.used)) {
      if (sum <= this.#files.keep) return;
      if (row.file === fresh || !this.#mayGo(row)) continue;
      await this.drop(row.file);
      sum -= bytes;
    }
  }

  /**
   * Lets kept files go until so many bytes fit.
   * @throws ClientError 'usage' where they do not
   */
  async makeRoom(bytes: number): Promise<void> {
    const fits = async () => ((await this.#files.sealed.left()) ?? Number.POSITIVE_INFINITY) >= bytes;
    if (await fits()) return;
    for (const { row } of (await this.#kept()).sort((a, b) => a.row.used - b.row.used)) {
      if (!this.#mayGo(row)) continue;
      await this.drop(row.file);
      if (await fits()) return;
    }
    throw noRoom();
  }

  async forgetAll(): Promise<void> {
    for (const { row } of await this.#kept()) {
      if (!this.#reading.has(row.file) && !this.#files.running.has(row.file)) await this.drop(row.file);
    }
  }

  /** Deletes a kept copy; it comes from the server again. */
  async drop(file: FileId): Promise<void> {
    const { locks, rows, sealed } = this.#files;
    await locks.exclusive(lockOf(file), async () => {
      const row = await rows.update(file, (old) => (old?.state === 'kept' ? null : old));
      if (row === null) await sealed.delete(file);
    });
  }

  /** Sealed bytes that no row knows: of sealings and deletions that a crash ended. */
  async sweep(): Promise<void> {
    const { locks, rows, sealed } = this.#files;
    const known = new Set<string>((await rows.all()).map(({ file }) => file));
    for (const name of await sealed.list()) {
      if (known.has(name)) continue;
      await locks.exclusive(lockOf(name), async () => {
        if (!(await rows.get(name as FileId))) await sealed.delete(name);
      });
    }
  }

  #mayGo({ file, whole, used }: KeptFile): boolean {
    if (this.#reading.has(file) || this.#files.running.has(file)) return false;
    return whole || this.#files.clock.now() - used > PARTS_KEPT;
  }

  async #kept(): Promise<{ row: KeptFile; bytes: number }[]> {
    const rows = (await this.#files.rows.all()).filter((row) => row.state === 'kept');
    return Promise.all(
      rows.map(async (row) => ({
        row,
        bytes: row.whole ? row.size : await this.#files.sealed.size(row.file),
      })),
    );
  }
}
