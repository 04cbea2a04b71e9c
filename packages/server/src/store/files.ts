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

/** Bytes `from` … `to` (exclusive) of a file, uploaded for themselves. No file: nobody can fetch it, no message have it. */
export interface FilePart {
  readonly part: FileId;
  readonly from: number;
  readonly to: number;
}

export interface StoredPart extends FilePart {
  readonly file: FileId;
  /** Bytes of it that are on disk. */
  readonly received: number;
}

export type Announced = 'announced' | 'same' | 'id_reused' | 'quota' | 'limit';

export type Joined = 'joined' | 'others' | 'incomplete';

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
  announce(file: NewFile, time: number, bounds: FileBounds): Promise<Announced>;
  /**
   * As `announce`, of a part; the first one announces its file, and takes the room of all of it. 'limit' also beyond
   * `LIMITS.fileParts`; 'id_reused' also where parts would overlap.
   */
  announcePart(file: NewFile, part: FilePart, time: number, bounds: FileBounds): Promise<Announced>;
  part(part: FileId): Promise<StoredPart | undefined>;
  /** Of a file, in their order; none where it comes in one. */
  parts(file: FileId): Promise<StoredPart[]>;
  /** Nothing of its parts is here after all. */
  restartParts(file: FileId): Promise<void>;
  /**
   * The parts are the file from now on. 'others' where these are not exactly its parts, in their order; 'incomplete' where
   * bytes are missing. Said again it is joined again.
   */
  join(file: FileId, parts: readonly FileId[], time: number): Promise<Joined>;
  get(file: FileId): Promise<StoredFile | undefined>;
  /** Bytes of a file or a part are on disk up to here. Nothing where there is none any more. */
  progress(upload: FileId, received: number, time: number): Promise<void>;
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
