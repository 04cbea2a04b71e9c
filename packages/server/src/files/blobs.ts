import type { FileId } from '@sotto/protocol';
import type { DataStore } from '@tus/server';

/** Bytes `start` … `end`, the last one included. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/**
 * D8: where the sealed bytes of files rest. One contract suite holds for all. Methods throw only where the place itself
 * fails.
 */
export interface Blobs {
  /** What uploads are written through; it may spend the parts it is given. A second `create` of a file leaves the first as it is. */
  readonly uploads: DataStore;
  /** Takes the parts of a file side by side, each at its place, so that joining them copies nothing. */
  readonly takesParts: boolean;
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
