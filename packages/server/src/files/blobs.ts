import type { FileId } from '@sotto/protocol';

/** Bytes `start` … `end`, the last one included. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/** What is here of an upload. */
export interface Stand {
  readonly size: number;
  /** Bytes of it that are on disk. */
  readonly offset: number;
  /** When it goes unless bytes come; null where a message holds it. */
  readonly expires: number | null;
}

/** Uploads on their way, of files or of parts of them. Methods throw Refused 'not_found' where there is none. */
export interface Uploads {
  /** Leaves what is there: it is asked for again where its answer was lost. */
  create(upload: FileId): Promise<void>;
  find(upload: FileId): Promise<Stand>;
  /**
   * Keeps what arrived, also where that breaks, and may spend the parts it is given. @returns where the upload stands then
   * @throws Refused 'too_large' beyond its size; what `parts` throw
   */
  write(upload: FileId, offset: number, parts: AsyncIterable<Uint8Array>): Promise<number>;
}

/**
 * D8: where the sealed bytes of files rest. One contract suite holds for all. Methods throw only where the place itself
 * fails.
 */
export interface Blobs {
  readonly uploads: Uploads;
  /**
   * D2: resolves once every byte of an upload that has arrived is durable and can be read; may be called again.
   * @returns its size, or undefined where there is nothing of it
   */
  finish(file: FileId): Promise<number | undefined>;
  /** Bytes of a finished file; undefined where there is none. */
  size(file: FileId): Promise<number | undefined>;
  /** Of a finished file. Each part is good until the next one is asked for: its memory may be used again. */
  read(file: FileId, range: ByteRange): AsyncIterable<Uint8Array>;
  /** Whatever is here of it; nothing is fine too. */
  remove(file: FileId): Promise<void>;
  /** All files of which anything is here, with the time of their last change. */
  list(): AsyncIterable<{ readonly file: FileId; readonly changed: number }>;
  /** Bytes that can still be stored; null where that is not known. */
  free(): Promise<number | null>;
}
