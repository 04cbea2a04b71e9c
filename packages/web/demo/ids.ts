import type { MessageItem, Room } from '@sotto/client';
import type { AccountId, FileId, RoomId } from '../src/app/types.ts';

export type MessageId = MessageItem['id'];
export type Role = Room['role'];
export type RoomPolicy = Room['policy'];

/** Ids of the demo: readable, padded to the length of real ones. */
const padded = (name: string): string =>
  name
    .replaceAll(/[^A-Za-z0-9]/g, '')
    .slice(0, 21)
    .padEnd(22, 'A');

export const account = (name: string): AccountId => padded(`u${name}`) as AccountId;
export const room = (name: string): RoomId => padded(`r${name}`) as RoomId;
export const fileId = (name: string): FileId => padded(`f${name}`) as FileId;
export const message = (index: number): MessageId => padded(`m${index}x`) as MessageId;

export function key(name: string): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(32);
  for (let index = 0; index < 32; index += 1) {
    bytes[index] = ((name.codePointAt(index % name.length) ?? 0) * (index + 7) * 31) % 256;
  }
  return bytes;
}
