import type { Bytes } from '@sotto/protocol';

/**
 * Files of one account on this device, as they were sealed (M6): what rests here cannot be read without the keys in its
 * messages. Names are ids of files. Every method rejects with StorageError where the store is full, gone or broken.
 */
export interface SealedFiles {
  /** Opens a file to write on at its end; it is made where there is none. One at a time for each name. */
  append(name: string): Promise<SealedAppender>;
  /** The bytes `from` … `to` (exclusive), in parts of any size. @throws StorageError 'gone' where there are fewer */
  read(name: string, from: number, to: number): AsyncIterable<Bytes>;
  /** Bytes that are there; 0 where there is no such file. */
  size(name: string): Promise<number>;
  delete(name: string): Promise<void>;
  list(): Promise<readonly string[]>;
  /** Bytes that still fit, as far as the device tells; null where it does not. */
  left(): Promise<number | null>;
}

export interface SealedAppender {
  /** Resolves once more can be taken. A crash may lose what was written since the file was opened, never what was before. */
  write(bytes: Uint8Array): Promise<void>;
  /** Resolves once all of it is on disk. */
  close(): Promise<void>;
}
