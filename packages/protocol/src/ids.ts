import * as v from 'valibot';
import { type Bytes, toBase64Url } from './bytes.ts';

declare const brand: unique symbol;
type Brand<T, Name extends string> = T & { readonly [brand]: Name };

/**
 * Ids are 16 bytes made by a client; on the wire and in memory: base64url, 22 characters. Those of accounts follow from keys
 * (`accountFrom`), those of rooms from accounts (`room-id.ts`), the others are random.
 */
export type AccountId = Brand<string, 'AccountId'>;
export type DeviceId = Brand<string, 'DeviceId'>;
export type RoomId = Brand<string, 'RoomId'>;
/** Also the idempotency key of a send (D3): unique per room and device. */
export type MessageId = Brand<string, 'MessageId'>;
/** Names one uploaded file: the blob's address on the server (M6). */
export type FileId = Brand<string, 'FileId'>;

/**
 * base64url bytes that only clients can open or check. The server carries it and cannot look inside:
 * no plaintext type exists in this package (attack 14).
 */
export type Ciphertext = Brand<string, 'Ciphertext'>;

/**
 * SHA-256 of a signed epoch header, base64url: by it secrets, wraps and requests name the epoch they belong to. A number
 * would name whichever header somebody shows under it (attack 42).
 */
export type HeaderHash = Brand<string, 'HeaderHash'>;

/** base64url of a signed structure: payload bytes followed by a 64-byte Ed25519 signature. */
export type Signed = Brand<string, 'Signed'>;

export const ID_BYTES = 16;

const isId = (text: string) => /^[A-Za-z0-9_-]{21}[AQgw]$/.test(text);

const idSchema = <Id>(name: string) =>
  v.pipe(
    v.string(`${name}: expected text`),
    v.check(isId, `${name}: expected 16 bytes as 22 base64url characters`),
    v.transform((text) => text as Id),
  );

export const AccountIdSchema = idSchema<AccountId>('account');
export const DeviceIdSchema = idSchema<DeviceId>('device');
export const RoomIdSchema = idSchema<RoomId>('room');
export const MessageIdSchema = idSchema<MessageId>('id');
export const FileIdSchema = idSchema<FileId>('file');

/** Canonical base64url of 0 … maxBytes bytes, branded by the caller's type. */
export const blobSchema = <Blob>(name: string, maxBytes: number, minBytes = 1) =>
  v.pipe(
    v.string(`${name}: expected text`),
    v.maxLength(Math.ceil((maxBytes * 4) / 3), `${name}: longer than ${maxBytes} bytes`),
    v.minLength(Math.ceil((minBytes * 4) / 3), `${name}: shorter than ${minBytes} bytes`),
    v.check(isCanonical, `${name}: expected canonical base64url without padding`),
    v.transform((text) => text as Blob),
  );

/** One text per byte string: no stray bits in the last character, so peers hash what they parse. */
function isCanonical(text: string): boolean {
  if (!/^[A-Za-z0-9_-]*$/.test(text)) return false;
  const last = text.at(-1) ?? '';
  switch (text.length % 4) {
    case 0:
      return true;
    case 2:
      return 'AQgw'.includes(last);
    case 3:
      return 'AEIMQUYcgkosw048'.includes(last);
    default:
      return false;
  }
}

/** A 32-byte hash or key as text. */
export const hash32Schema = (name: string) =>
  v.pipe(
    v.string(`${name}: expected text`),
    v.regex(/^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$/, `${name}: expected 32 bytes in base64url`),
  );

export const HeaderHashSchema = v.pipe(
  hash32Schema('header'),
  v.transform((text) => text as HeaderHash),
);

/** The name of a header whose signed bytes have this SHA-256. */
export const headerHash = (hash: Bytes): HeaderHash => toBase64Url(hash) as HeaderHash;

export const parseAccountId = (text: unknown) => v.parse(AccountIdSchema, text);
export const parseDeviceId = (text: unknown) => v.parse(DeviceIdSchema, text);
export const parseRoomId = (text: unknown) => v.parse(RoomIdSchema, text);
export const parseMessageId = (text: unknown) => v.parse(MessageIdSchema, text);
export const parseFileId = (text: unknown) => v.parse(FileIdSchema, text);

/** The 16 bytes of an id. */
export function idBytes(id: AccountId | DeviceId | RoomId | MessageId | FileId): Bytes {
  if (!isId(id)) throw new TypeError('idBytes: not an id');
  // Set into an array made here: so small a one costs a tenth of what the decoder allocates.
  const bytes = new Uint8Array(ID_BYTES);
  bytes.setFromBase64(id, { alphabet: 'base64url' });
  return bytes;
}

/** An id from its 16 bytes; the type parameter names which. @throws TypeError on another length */
export function idFromBytes<Id extends AccountId | DeviceId | RoomId | MessageId | FileId>(
  bytes: Uint8Array,
): Id {
  if (bytes.length !== ID_BYTES) throw new TypeError(`id: expected ${ID_BYTES} bytes, got ${bytes.length}`);
  return toBase64Url(bytes) as Id;
}
