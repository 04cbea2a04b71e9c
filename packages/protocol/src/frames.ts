import * as v from 'valibot';
import type { EntryKind } from './chain.ts';
import type { RefusalCode } from './errors.ts';
import {
  type AccountId,
  AccountIdSchema,
  blobSchema,
  type Ciphertext,
  type DeviceId,
  DeviceIdSchema,
  FileIdSchema,
  type HeaderHash,
  HeaderHashSchema,
  hash32Schema,
  type MessageId,
  MessageIdSchema,
  type RoomId,
  RoomIdSchema,
  type Signed,
} from './ids.ts';
import { LIMITS } from './limits.ts';
import { count, positive, time } from './numbers.ts';

/**
 * The WebSocket frames (D6): JSON texts, told apart by `t`. The server parses what clients send with
 * `ClientFrameSchema`; clients parse what the server sends with `parseServerFrame`.
 */
export const SOCKET_PATH = '/api/socket';

/** Close codes beyond the standard ones. */
export const CLOSE = {
  /** Authentication failed or came too late. */
  unauthenticated: 4401,
  /** The reader was too slow; it reconnects and catches up from the log (D4). */
  slow: 4408,
  /** The device is no longer in its account's list. */
  removed: 4403,
  rateLimited: 4429,
} as const;

const text = (max: number) => v.pipe(v.string(), v.maxLength(max));

export const ClientFrameSchema = v.variant('t', [
  /** Answer to `challenge`; must be the first frame. */
  v.strictObject({
    t: v.literal('auth'),
    account: AccountIdSchema,
    device: DeviceIdSchema,
    origin: text(300),
    signature: blobSchema<string>('signature', 64, 64),
  }),
  /** Append a message to a room's log. Answered by `ack` or `refused`. */
  v.strictObject({
    t: v.literal('send'),
    room: RoomIdSchema,
    epoch: positive,
    id: MessageIdSchema,
    body: blobSchema<Ciphertext>('body', LIMITS.message),
    /**
     * M6: uploads that belong to this message; they are kept as long as it is. All must be complete, of this room and this
     * account and of no other message (`file_missing`). The server learns that files belong together, not what they are.
     */
    files: v.optional(v.pipe(v.array(FileIdSchema), v.minLength(1), v.maxLength(LIMITS.files))),
  }),
  /** Passed on to members who are online, never kept. No answer. */
  v.strictObject({
    t: v.literal('signal'),
    room: RoomIdSchema,
    epoch: positive,
    body: blobSchema<Ciphertext>('body', LIMITS.signal),
  }),
  /** Replaces this device's receipt in the room, and reaches the others in `receipts`. No answer unless refused. */
  v.strictObject({
    t: v.literal('receipt'),
    room: RoomIdSchema,
    epoch: positive,
    body: blobSchema<Ciphertext>('body', LIMITS.signal),
  }),
  v.strictObject({ t: v.literal('ping') }),
]);

export type ClientFrame = v.InferOutput<typeof ClientFrameSchema>;

/** One entry of a room's log as delivered, live and in history pages alike. */
export interface LogEntry {
  readonly position: number;
  readonly time: number;
  readonly kind: EntryKind;
  readonly account: AccountId;
  readonly device: DeviceId;
  readonly id: MessageId;
  readonly body: Ciphertext;
}

/** A room as the server presents it to one member. */
export interface RoomHead {
  readonly room: RoomId;
  /** Position of the newest entry this account may fetch. */
  readonly head: number;
  readonly epoch: number;
  /** Set once the account is out: the last position it may fetch. */
  readonly until: number | null;
  /** Attack 48: somebody else brought this account in, and none of its devices has accepted that yet. */
  readonly pending: boolean;
  /** D1: the log's chain hash at `head`, base64url, where a member connects; null where it is not told. */
  readonly chain: string | null;
}

/** A device that asks the room's members for secrets (R6). */
export interface Asker {
  readonly room: RoomId;
  readonly account: AccountId;
  readonly device: DeviceId;
}

export interface Presence {
  readonly account: AccountId;
  readonly online: boolean;
  /** Last time online, milliseconds since 1970; null where unknown. */
  readonly seen: number | null;
}

export interface PersonEntry {
  readonly account: AccountId;
  readonly name: string;
  readonly kind: 'guest' | 'password';
}

/** R2: the epoch secret for one device under one of its exchange keys. */
export interface DeviceWrap {
  readonly room: RoomId;
  /** Number of the header, so that a second one of the same number is noticed (attack 42). */
  readonly epoch: number;
  readonly header: HeaderHash;
  /** SHA-256 of the signed exchange key it is made for, base64url. */
  readonly key: string;
  readonly body: Ciphertext;
}

const cipher = (max: number) => blobSchema<Ciphertext>('body', max);

export const LogEntrySchema: v.GenericSchema<unknown, LogEntry> = v.object({
  position: positive,
  time,
  kind: v.picklist(['message', 'epoch', 'leave']),
  account: AccountIdSchema,
  device: DeviceIdSchema,
  id: MessageIdSchema,
  body: cipher(LIMITS.message + LIMITS.epochHeader),
});

const RoomHeadSchema = v.object({
  room: RoomIdSchema,
  head: count,
  epoch: positive,
  until: v.nullable(count),
  pending: v.boolean(),
  chain: v.nullable(hash32Schema('chain')),
});

export const DeviceWrapSchema = v.object({
  room: RoomIdSchema,
  epoch: positive,
  header: HeaderHashSchema,
  key: hash32Schema('key'),
  body: cipher(LIMITS.wrap),
});

const PresenceSchema = v.object({ account: AccountIdSchema, online: v.boolean(), seen: v.nullable(time) });

export const PersonEntrySchema = v.object({
  account: AccountIdSchema,
  name: text(200),
  kind: v.picklist(['guest', 'password']),
});

/** A device's newest receipt in a room, sealed (M3). */
export interface DeviceReceipt {
  readonly account: AccountId;
  readonly device: DeviceId;
  readonly body: Ciphertext;
}

export const DeviceReceiptSchema: v.GenericSchema<unknown, DeviceReceipt> = v.object({
  account: AccountIdSchema,
  device: DeviceIdSchema,
  body: blobSchema<Ciphertext>('receipt', LIMITS.signal),
});

const code = v.string() as v.GenericSchema<unknown, RefusalCode>;

export const ServerFrameSchema = v.variant('t', [
  /** First frame: sign it. `nonce` is 32 bytes, base64url. */
  v.object({ t: v.literal('challenge'), nonce: hash32Schema('nonce'), time }),
  /** The device is authenticated and subscribed to all of its rooms. */
  v.object({
    t: v.literal('ready'),
    time,
    rooms: v.array(RoomHeadSchema),
    online: v.array(AccountIdSchema),
  }),
  /** New entries of one room, gapless and in order; one serialised frame per commit for all members (D4). */
  v.object({ t: v.literal('entries'), room: RoomIdSchema, entries: v.array(LogEntrySchema) }),
  /** D2: durable. */
  v.object({ t: v.literal('ack'), room: RoomIdSchema, id: MessageIdSchema, position: positive, time }),
  /** A `send`, `signal` or `receipt` was not taken; `id` names the send. `epoch` is the current one where known. */
  v.object({
    t: v.literal('refused'),
    re: text(20),
    code,
    message: text(500),
    room: v.optional(RoomIdSchema),
    id: v.optional(MessageIdSchema),
    epoch: v.optional(positive),
    /** Milliseconds to wait before the next try, on `rate_limited` and `busy`. */
    wait: v.optional(count),
  }),
  v.object({
    t: v.literal('signal'),
    room: RoomIdSchema,
    account: AccountIdSchema,
    device: DeviceIdSchema,
    body: cipher(LIMITS.signal),
  }),
  /** Receipts of one room, gathered for a moment: one frame for all members, at most one receipt of each device. */
  v.object({ t: v.literal('receipts'), room: RoomIdSchema, receipts: v.array(DeviceReceiptSchema) }),
  v.object({ t: v.literal('wrap'), wrap: DeviceWrapSchema }),
  v.object({ t: v.literal('presence'), people: v.array(PresenceSchema) }),
  /** Somebody new, or with another name, in the directory. */
  v.object({ t: v.literal('people'), people: v.array(PersonEntrySchema) }),
  /** An account's device list moved to this version. */
  v.object({ t: v.literal('list'), account: AccountIdSchema, version: positive }),
  /** K5: another device of this account stored this version of the vault. */
  v.object({ t: v.literal('vault'), version: positive }),
  /** This account became a member (`until` null) or ceased to be one. */
  v.object({ t: v.literal('room'), room: RoomHeadSchema }),
  /** R6, attack 50: of all devices this one is asked now for the secrets of these headers. */
  v.object({
    t: v.literal('requests'),
    room: RoomIdSchema,
    account: AccountIdSchema,
    device: DeviceIdSchema,
    headers: v.pipe(v.array(HeaderHashSchema), v.minLength(1), v.maxLength(LIMITS.requests)),
  }),
  v.object({ t: v.literal('pong'), time }),
  /** The server closes this connection; the reason in words. */
  v.object({
    t: v.literal('bye'),
    code,
    message: text(500),
    /** On `unknown_device`: the newest signed list, so that a removed device can see for itself. */
    list: v.optional(blobSchema<Signed>('list', LIMITS.deviceList, 65)),
  }),
]);

export type ServerFrame = v.InferOutput<typeof ServerFrameSchema>;
export type FrameOf<T extends ServerFrame['t']> = Extract<ServerFrame, { t: T }>;

export type Parsed<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly reason: string };

function parseJson<T>(schema: v.GenericSchema<unknown, T>, raw: string): Parsed<T> {
  let json: unknown;
  try {
    json = JSON.parse(raw);
  } catch {
    return { ok: false, reason: 'not JSON' };
  }
  return parseValue(schema, json);
}

/** Parses any value against a schema; the reason names the field. */
export function parseValue<T>(schema: v.GenericSchema<unknown, T>, value: unknown): Parsed<T> {
  const parsed = v.safeParse(schema, value, { abortEarly: true });
  if (parsed.success) return { ok: true, value: parsed.output };
  const issue = parsed.issues[0];
  return { ok: false, reason: `${v.getDotPath(issue) ?? 'value'}: ${issue.message}` };
}

/** D7: what a client sent. Callers bound its length before (`LIMITS.frame`). */
export const parseClientFrame = (raw: string): Parsed<ClientFrame> => parseJson(ClientFrameSchema, raw);

/** What the server sent; a client trusts its form no more than its content. */
export const parseServerFrame = (raw: string): Parsed<ServerFrame> => parseJson(ServerFrameSchema, raw);
