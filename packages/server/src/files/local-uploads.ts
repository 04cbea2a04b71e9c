import { type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';
import { type FileId, release } from '@sotto/protocol';
import { found, Refused } from '../refusal.ts';
import type { StoredFile } from '../store/store.ts';
import type { Stand, Uploads } from './blobs.ts';
import { sizeOf, syncFolder } from './folder.ts';
import type { BlobParts } from './settings.ts';

/** Bytes gathered into one write, and written between two syncs of a long upload. */
const GATHER = 524_288;
const CHECKPOINT = 67_108_864;

/** Where the bytes of an upload are: a file of its own, or a range of the file that it is a part of. */
interface Place {
  readonly row: StoredFile;
  readonly from: number;
  readonly size: number;
  /** Bytes that are on disk. */
  readonly received: number;
}

/**
 * Uploads as files on disk, under the server's own table. D2: what the server says it has of an
 * upload (`Upload-Offset`) is on disk, also after a power loss. Parts of a file are written to their place in it: a sparse
 * file, until all are here.
 */
export class LocalUploads implements Uploads {
  readonly #directory: string;
  readonly #rows: BlobParts['files'];
  readonly #now: () => number;
  readonly #looseAge: number;

  constructor(directory: string, { files, now, looseAge }: BlobParts) {
    this.#directory = directory;
    this.#rows = files;
    this.#now = now;
    this.#looseAge = looseAge;
  }

  async create(upload: FileId): Promise<void> {
    const { file } = (await this.#place(upload)).row;
    const path = join(this.#directory, file);
    // Bytes that were lost with a disk must not seem to be here because another part is written behind them.
    if ((await sizeOf(path)) === undefined) await this.#rows.restartParts(file);
    try {
      await (await open(path, 'wx', 0o600)).close();
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EEXIST') return;
      throw error;
    }
    await syncFolder(this.#directory);
  }

  /** At the last byte that is known to be on disk. */
  async find(upload: FileId): Promise<Stand> {
    const { row, from, size, received } = await this.#place(upload);
    const end = found(await sizeOf(join(this.#directory, row.file)));
    const expires = row.position === null ? row.touched + this.#looseAge : null;
    if (expires !== null && this.#now() > expires) throw new Refused('not_found');
    return { size, offset: Math.max(0, Math.min(received, end - from)), expires };
  }

  /** Parts are spent: their memory is given back once they are written. */
  async write(upload: FileId, offset: number, parts: AsyncIterable<Uint8Array>): Promise<number> {
    const { row, from, size } = await this.#place(upload);
    const handle = await open(join(this.#directory, row.file), 'r+');
    const keep = (at: number) => this.#rows.progress(upload, at - from, this.#now());
    const sink = new Sink(handle, { at: from + offset, end: from + size, keep });
    try {
      for await (const part of parts) await sink.take(part);
    } finally {
      try {
        await sink.checkpoint();
      } finally {
        await handle.close();
      }
    }
    return sink.at - from;
  }

  async #place(upload: FileId): Promise<Place> {
    const part = await this.#rows.part(upload);
    const row = found(await this.#rows.get(part?.file ?? upload));
    const { from, to, received } = part ?? { from: 0, to: row.size, received: row.received };
    return { row, from, size: to - from, received };
  }
}

/** Gathers small parts, and makes them durable now and then. */
class Sink {
  readonly #handle: FileHandle;
  readonly #keep: (at: number) => Promise<void>;
  #waiting: Uint8Array[] = [];
  #bytes = 0;
  #synced: number;
  readonly #end: number;
  /** Up to where it is written. */
  at: number;

  constructor(
    handle: FileHandle,
    { at, end, keep }: { at: number; end: number; keep: (at: number) => Promise<void> },
  ) {
    this.#handle = handle;
    this.at = at;
    this.#synced = at;
    this.#end = end;
    this.#keep = keep;
  }

  async take(part: Uint8Array): Promise<void> {
    // Behind the end of a part, the bytes of another one may stand.
    if (this.at + this.#bytes + part.length > this.#end) throw new Refused('too_large');
    this.#waiting.push(part);
    this.#bytes += part.length;
    if (this.#bytes >= GATHER) await this.#write();
    if (this.at - this.#synced >= CHECKPOINT) await this.checkpoint();
  }

  /** D2: first the bytes, then the row that says they are there. */
  async checkpoint(): Promise<void> {
    await this.#write();
    if (this.at === this.#synced) return;
    await this.#handle.sync();
    await this.#keep(this.at);
    this.#synced = this.at;
  }

  /** As they came, without copying them together. */
  async #write(): Promise<void> {
    while (this.#waiting.length > 0) {
      const { bytesWritten } = await this.#handle.writev(this.#waiting, this.at);
      this.at += bytesWritten;
      this.#waiting = after(this.#waiting, bytesWritten);
    }
    this.#bytes = 0;
  }
}

/** What is left behind so many bytes. */
function after(parts: readonly Uint8Array[], bytes: number): Uint8Array[] {
  let skip = bytes;
  const left: Uint8Array[] = [];
  for (const part of parts) {
    if (skip < part.length) left.push(part.subarray(skip));
    else release(part);
    skip = Math.max(0, skip - part.length);
  }
  return left;
}
