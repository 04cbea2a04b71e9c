import type { AccountId, FileId, MessageId, RoomId } from '@sotto/protocol';
import type { Failure } from './error.ts';
import type { Observable } from './observable.ts';
import type { FileItem } from './state.ts';

/** A file on its way into a conversation. What the preview fields mean is said in `FileItem`. */
export interface NewFile {
  readonly name: string;
  /** Media type; `application/octet-stream` where unknown. */
  readonly type: string;
  /** Plaintext bytes. */
  readonly size: number;
  /** The bytes from the beginning, `size` of them; asked for once. A part is copied before the next one is asked for. */
  open(): AsyncIterable<Uint8Array>;
  readonly width?: number;
  readonly height?: number;
  readonly duration?: number;
  readonly thumbhash?: Uint8Array<ArrayBuffer>;
  readonly thumbnail?: Uint8Array<ArrayBuffer>;
  readonly waveform?: Uint8Array<ArrayBuffer>;
}

/** How far one file is, up or down. Gone from the list once it has arrived. */
export interface Transfer {
  readonly direction: 'up' | 'down';
  /** `sealing`: being encrypted on this device; `waiting`: for its turn or the connection. */
  readonly state: 'sealing' | 'waiting' | 'running' | 'paused' | 'failed';
  readonly done: number;
  /** Bytes, as sealed. */
  readonly total: number;
  /** Bytes a second over the last few seconds; 0 where unknown. */
  readonly rate: number;
  /** Set on `failed`. */
  readonly failure: Failure | null;
}

/** A file of the conversation, for a view of them all. */
export interface SharedFile {
  readonly file: FileItem;
  readonly room: RoomId;
  readonly position: number;
  readonly account: AccountId;
  readonly time: number;
}

/** M6: a file that can be read in any place. */
export interface OpenFile {
  readonly name: string;
  readonly type: string;
  readonly size: number;
  /**
   * Plaintext bytes `from` … `to` (exclusive). Each chunk is authentic and in its place before it is given out, and belongs to
   * whoever reads: they may transfer its memory away.
   * @throws ClientError 'verification' where a chunk is not; then nothing more comes
   */
  read(from: number, to: number): AsyncIterable<Uint8Array<ArrayBuffer>>;
}

export interface FileSpace {
  /** Sealed bytes on the server, what is allowed (null: no limit but the disk), the largest single file. */
  readonly used: number;
  readonly quota: number | null;
  readonly limit: number;
  /** Sealed bytes kept on this device, and how many may be. */
  readonly kept: number;
  readonly keep: number;
}

/** Files of all conversations of one account (M6, E3). */
export interface Files {
  /** By file; changes a few times a second at most. */
  readonly transfers: Observable<ReadonlyMap<FileId, Transfer>>;
  /**
   * Seals the files on this device and puts the message into the outbox; resolves once both are durable here. The message
   * waits for its files, and shows at once. Given up with `Engine.discard`, also while it is being sealed: then this resolves all
   * the same.
   * @throws ClientError 'too_large', 'quota', 'usage' (a file changed while it was read, the device has no room left)
   */
  send(
    room: RoomId,
    message: {
      readonly files: readonly NewFile[];
      readonly body?: string;
      readonly reply?: number;
      readonly mentions?: readonly AccountId[];
    },
  ): Promise<MessageId>;
  /** Holds an upload or download, or lets it go on; holds survive a restart. */
  pause(file: FileId): Promise<void>;
  resume(file: FileId): Promise<void>;
  /**
   * The whole file, kept on this device, verified to its last byte before this resolves (attack 16). A second call joins the first.
   * @throws ClientError 'verification', 'not_found', 'unreachable', 'usage'
   */
  open(room: RoomId, position: number, file: FileId): Promise<OpenFile>;
  /** For seeking in media: fetches only the chunks that are read. Read to the end, it has been verified as a whole. */
  stream(room: RoomId, position: number, file: FileId): Promise<OpenFile>;
  /** Stops a download; what has arrived is kept for the next try. */
  cancelDownload(file: FileId): Promise<void>;
  /** The conversation's files on this device, newest first. */
  list(room: RoomId, limit?: number): Promise<readonly SharedFile[]>;
  /** @throws ClientError 'unreachable' */
  space(): Promise<FileSpace>;
  /** Frees what is kept on this device; files come from the server again. */
  forgetKept(): Promise<void>;
}
