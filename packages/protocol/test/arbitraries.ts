import fc from 'fast-check';
import type { AccountId, Bytes, DeviceId, MessageHeader, MessageId, RoomId } from '../src/index.ts';
import { LIMITS, toBase64Url } from '../src/index.ts';

/** Any bytes, of at least and at most so many. */
export const bytes = (least: number, most = least) =>
  fc.uint8Array({ minLength: least, maxLength: most }).map((value): Bytes => new Uint8Array(value));
/** 16 bytes in base64url. */
export const id = <Id>() => bytes(16).map((value) => toBase64Url(value) as Id);
/** Numbers of every encoded length. */
export const count = fc.oneof(
  ...[24, 0x100, 0x1_0000, 0x1_0000_0000, LIMITS.count].map((max) => fc.integer({ min: 1, max })),
);
/** Any header that the schemas take. */
export const headers: fc.Arbitrary<MessageHeader> = fc.record({
  v: fc.constant(1 as const),
  kind: fc.constantFrom('log' as const, 'signal' as const, 'receipt' as const),
  room: id<RoomId>(),
  epoch: count,
  account: id<AccountId>(),
  device: id<DeviceId>(),
  id: id<MessageId>(),
  salt: bytes(16),
  counter: count,
  list: count,
  seen: fc.record({ position: fc.oneof(fc.constant(0), count), chain: bytes(32) }),
});
