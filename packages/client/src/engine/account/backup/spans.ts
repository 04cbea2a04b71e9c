import type { BackupFile, BackupRoom, Bytes } from '@sotto/protocol';

/** Where a record stands in the backup. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** Entries of a log; they are read again when they are needed. */
export interface Stretch extends Span {
  readonly after: number;
  readonly count: number;
  /** Hash before the first of them (D1). */
  readonly chain: Bytes;
}

/** A conversation as the backup has it. */
export interface BackedUpRoom extends BackupRoom {
  readonly stretches: readonly Stretch[];
}

/** A file as the backup has it, with where its sealed chunks stand. */
export interface BackedUpFile extends BackupFile {
  readonly pieces: readonly PieceSpan[];
}

/** A sealed chunk of a file; all but the last are of one length. */
export interface PieceSpan extends Span {
  readonly length: number;
}
