import { type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { type FileId, parseFileId, release } from '@sotto/protocol';
import { FileStore as TusFileStore } from '@tus/file-store';
import { ERRORS, Upload as TusUpload, type Upload } from '@tus/server';
import { sizeOf, syncFolder } from './folder.ts';
import type { BlobParts } from './settings.ts';

/** Bytes gathered into one write, and written between two syncs of a long upload. */
const GATHER = 524_288;
const CHECKPOINT = 67_108_864;

/** Where the bytes of an upload are: a file of its own, or a range of the file that it is a part of. */
interface Place {
  readonly file: FileId;
  readonly from: number;
  readonly size: number;
  /** Bytes that are on disk. */
  readonly received: number;
}

/**
 * tus' store of files on disk, with the server's own table in place of its JSON files. D2: what the server says it has of an
 * upload (`Upload-Offset`) is on disk, also after a power loss. Parts of a file are written to their place in it: a sparse
 * file, until all are here.
 */
export class LocalUploads extends TusFileStore {
  readonly #rows: BlobParts['files'];
  readonly #now: () => number;

  constructor(directory: string, { files, now, looseAge }: BlobParts) {
    super({ directory, expirationPeriodInMilliseconds: looseAge, configstore: readOnly(files) });
    this.extensions = ['creation', 'termination', 'expiration'];
    this.#rows = files;
    this.#now = now;
  }

  /** Leaves what is there: creation is asked for again where its answer was lost. */
  override async create(upload: Upload): Promise<Upload> {
    const { file } = await this.#place(upload.id);
    const path = join(this.directory, file);
    // Bytes that were lost with a disk must not seem to be here because another part is written behind them.
    if ((await sizeOf(path)) === undefined) await this.#rows.restartParts(file);
    try {
      await (await open(path, 'wx', 0o600)).close();
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      return upload;
    }
    await syncFolder(this.directory);
    return upload;
  }

  /** At the last byte that is known to be on disk. */
  override async getUpload(id: string): Promise<Upload> {
    const { file, from, size, received } = await this.#place(id);
    const { offset: end, creation_date: created } = await super.getUpload(file); // checks that it is there
    const offset = Math.max(0, Math.min(received, end - from));
    return new TusUpload({ id, size, offset, ...(created ? { creation_date: created } : {}) });
  }

  /** Keeps what arrived, also where the stream breaks. Parts are spent: their memory is given back once they are written. */
  override async write(readable: Readable, id: string, offset: number): Promise<number> {
    const { file, from, size } = await this.#place(id);
    const handle = await open(join(this.directory, file), 'r+');
    const keep = (at: number) => this.#rows.progress(parseFileId(id), at - from, this.#now());
    const sink = new Sink(handle, { at: from + offset, end: from + size, keep });
    try {
      for await (const part of readable) await sink.take(part);
    } finally {
      try {
        await sink.checkpoint();
      } finally {
        await handle.close();
      }
    }
    return sink.at - from;
  }

  async #place(id: string): Promise<Place> {
    const upload = parseFileId(id);
    const row = await this.#rows.get(upload);
    if (row) return { ...row, from: 0 };
    const part = await this.#rows.part(upload);
    if (!part) throw ERRORS.FILE_NOT_FOUND;
    return { ...part, size: part.to - part.from };
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
    // tus has counted too; behind the end of a part, the bytes of another one may stand.
    if (this.at + this.#bytes + part.length > this.#end) throw ERRORS.ERR_SIZE_EXCEEDED;
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

/** The rows as tus wants to see them; they are written elsewhere. */
function readOnly(rows: BlobParts['files']) {
  return {
    async get(id: string): Promise<Upload | undefined> {
      const row = await rows.get(parseFileId(id));
      if (!row) return undefined;
      const { size, received, touched, position } = row;
      // What a message holds never expires: to tus it is always new.
      const created = position === null ? { creation_date: new Date(touched).toISOString() } : {};
      return new TusUpload({ id, size, offset: received, ...created });
    },
    set: () => Promise.resolve(),
    delete: () => Promise.resolve(),
  };
}
