import type { Engine, FileItem, Room } from '@sotto/client';

/** The engine's ids, by where they appear in its state; the interface never makes one of its own. */
export type AccountId = Engine['id'];
export type RoomId = Room['room'];
export type FileId = FileItem['file'];
