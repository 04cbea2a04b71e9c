import type { AccountId, DeviceId, FileId, RoomId } from '@sotto/protocol';

/** An upload as its sender announces it (M6). The server knows its size and where it belongs, nothing of what it is. */
export interface NewFile {
  readonly file: FileId;
  readonly room: RoomId;
  readonly account: AccountId;
  readonly device: DeviceId;
  /** Sealed bytes. */
  readonly size: number;
}

export interface StoredFile extends NewFile {
  /** Bytes that are on disk; from here the upload goes on. */
  readonly received: number;
  /** Last time anything of it changed. */
  readonly touched: number;
  /** When all of it was on disk; null before. */
  readonly completed: number | null;
  /** The message it belongs to; null before that is sent. */
  readonly position: number | null;
}

export interface FileBounds {
  /** Bytes that all files of one account may announce; null for no limit. */
  readonly quota: number | null;
  /** Uploads of one account that are not finished. */
  readonly unfinished: number;
}

/** M6: what is known of uploaded files. The bytes rest elsewhere (`files/blobs.ts`). Binding is a matter of the log. */
export interface FileStore {
  /**
   * 'same' where this account announced the very same before; 'quota' and 'limit' where it would have more than the
   * bounds allow.
   */
  announce(
    file: NewFile,
    time: number,
    bounds: FileBounds,
  ): Promise<'announced' | 'same' | 'id_reused' | 'quota' | 'limit'>;
  get(file: FileId): Promise<StoredFile | undefined>;
  /** Bytes up to here are on disk. Nothing where there is no such file any more. */
  progress(file: FileId, received: number, time: number): Promise<void>;
  /** All bytes are on disk. False where there is no such file any more. */
  complete(file: FileId, time: number): Promise<boolean>;
  /** @returns what was removed; only the account that uploaded it can */
  remove(file: FileId, account: AccountId): Promise<StoredFile | undefined>;
  /** Bytes that the account's files take, the unfinished ones in full. */
  usage(account: AccountId): Promise<number>;
  /** Files, and the bytes of them that are here. */
  total(): Promise<{ files: number; bytes: number }>;
  /** Those of no message, untouched since a time; the oldest first. */
  loose(before: number, limit: number): Promise<FileId[]>;
  /** Removes a loose one. @returns what was removed, unless it was touched or bound meanwhile */
  removeLoose(file: FileId, before: number): Promise<StoredFile | undefined>;
  /** Those of these that are known. */
  known(files: readonly FileId[]): Promise<FileId[]>;
}
