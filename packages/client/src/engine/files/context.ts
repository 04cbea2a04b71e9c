import type { ChunkDigests } from '@sotto/crypto';
import type { FileTransport, SealedFiles } from '../../seams/index.ts';
import type { RoomContext } from '../rooms/context.ts';
import type { RoomRows } from '../rooms/room-rows.ts';
import type { Outbox } from '../rooms/sending/outbox.ts';
import type { FileRows } from './file-rows.ts';
import type { Running } from './running.ts';
import type { Transfers } from './transfers.ts';

/** What the parts that deal with files may need; each says what of it (`Pick`). */
export interface FileContext extends Omit<RoomContext, 'directory' | 'exchange' | 'notify'> {
  readonly rooms: RoomRows;
  readonly outbox: Outbox;
  readonly rows: FileRows;
  /** Sealed copies on this device; who changes one holds its lock (`lockOf`). */
  readonly sealed: SealedFiles;
  readonly transport: FileTransport;
  readonly transfers: Transfers;
  readonly running: Running;
  readonly digests: ChunkDigests;
  /** Sealed bytes that may be kept. */
  readonly keep: number;
}

/** Whoever moves the bytes of files. */
export type Moving = Pick<
  FileContext,
  'calls' | 'clock' | 'locks' | 'rows' | 'running' | 'sealed' | 'transfers' | 'transport'
>;

/** E4: one tab at a time works on a file. */
export const lockOf = (file: string): string => `file:${file}`;
