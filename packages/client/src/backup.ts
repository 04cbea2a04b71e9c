import type { FileId, RoomId } from '@sotto/protocol';

/** A backup file, wherever it rests; read in any place and never as a whole. */
export interface BackupSource {
  readonly size: number;
  /** The bytes `from` … `to` (exclusive). */
  read(from: number, to: number): Promise<Uint8Array<ArrayBuffer>>;
}

/** How far it is. Files are counted in `done` and `total`, and in sealed bytes. */
export interface BackupProgress {
  /** `reading`: a file from its beginning to its end; `looking`: through conversations, for their files. */
  readonly work: 'reading' | 'looking' | 'conversations' | 'files';
  /** Conversations or files; 0 of 0 while reading. */
  readonly done: number;
  readonly total: number;
  readonly bytes: number;
  readonly totalBytes: number;
}

export interface BackupWatch {
  readonly onProgress?: ((progress: BackupProgress) => void) | undefined;
  /** Gives it up; what was asked for is rejected with its reason. */
  readonly signal?: AbortSignal | undefined;
}

/** What a backup would have in it. */
export interface BackupPlan {
  readonly conversations: number;
  readonly files: number;
  /** Of the files, as sealed; the rest is small beside them. */
  readonly fileBytes: number;
}

/** A file that is not in a backup, or did not come back from it. */
export interface LeftOutFile {
  readonly room: RoomId;
  readonly position: number;
  readonly file: FileId;
  readonly name: string;
  /** Sealed bytes. */
  readonly size: number;
  /** What was the matter, as a sentence. */
  readonly reason: string;
}

export interface BackupMade {
  /** Of the backup. */
  readonly bytes: number;
  readonly conversations: number;
  readonly files: number;
  /** Files that could not be had any more. */
  readonly leftOut: readonly LeftOutFile[];
}

/** What became of the files of a backup. */
export interface RestoredFiles {
  /** Files of the backup. */
  readonly total: number;
  /** Those that are on the server now, with the ones that were there already. */
  readonly here: number;
  /** Those that are not; trying again brings them, where room was made for them. */
  readonly leftOut: readonly LeftOutFile[];
  /** Files that were missing already when the backup was made. */
  readonly absent: readonly LeftOutFile[];
}

export interface RestoredAccount<E> {
  readonly engine: E;
  readonly conversations: number;
  /** Conversations that go on here with another history already, or that the server did not take. */
  readonly missing: number;
  readonly files: RestoredFiles;
}
