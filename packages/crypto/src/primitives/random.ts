import {
  type AccountId,
  type Bytes,
  type DeviceId,
  type FileId,
  idFromBytes,
  type MessageId,
} from '@sotto/protocol';

/** Random bytes from the platform's generator. */
export function randomBytes(length: number): Bytes {
  return crypto.getRandomValues(new Uint8Array(length));
}

/** A fresh id: 16 random bytes. Those of accounts and rooms are computed (`accountIdOf`, `groupRoomId`, `directRoomId`). */
export function randomId<Id extends AccountId | DeviceId | MessageId | FileId>(): Id {
  return idFromBytes<Id>(randomBytes(16));
}
