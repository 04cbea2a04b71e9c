import type { Engine, FileItem } from '@sotto/client';
import type { RoomId } from '../../app/types.ts';

/** Where a file of a message is. */
export interface FilePlace {
  readonly room: RoomId;
  /** Null while its message waits in the outbox. */
  readonly position: number | null;
  readonly item: FileItem;
}

export interface Viewed extends FilePlace {
  readonly account: Engine['id'];
  readonly time: number;
}

/** What is open above everything: pictures to look through, or one file to read. */
export type OpenView =
  | { readonly view: 'pictures'; readonly all: readonly Viewed[]; readonly at: number }
  | { readonly view: 'file'; readonly place: FilePlace };
