import * as v from 'valibot';
import { signingKeySchema } from './ed25519.ts';
import { DeviceReceiptSchema, DeviceWrapSchema, LogEntrySchema, PersonEntrySchema } from './frames.ts';
import {
  type AccountId,
  AccountIdSchema,
  blobSchema,
  type Ciphertext,
  type DeviceId,
  DeviceIdSchema,
  type FileId,
  type HeaderHash,
  HeaderHashSchema,
  hash32Schema,
  type RoomId,
  RoomIdSchema,
  type Signed,
} from './ids.ts';
import { LIMITS } from './limits.ts';
import { NameFlawSchema, NameSchema } from './names/name.ts';
import { count, positive, time } from './numbers.ts';
import { WorkDoneSchema, WorkSchema } from './work.ts';

/**
 * The HTTP interface (D6). "Signed" requests carry the device's proof (`authentication.ts`); a refusal is
 * `Refusal` with the status from `errors.ts`.
 */
export const PATHS = {
  /** GET, open → `InfoSchema`. */
  info: '/api/info',
  /** POST, open: `RegistrationRequestSchema` → `OpaqueResponseSchema`. First step of a password account. */
  opaqueRegistration: '/api/opaque/registration',
  /** POST, open: `LoginStartSchema` → `LoginStartedSchema`. */
  loginStart: '/api/opaque/login',
  /** POST, open: `LoginFinishSchema` → `LoginFinishedSchema`. */
  loginFinish: '/api/opaque/login/finish',
  /** POST, open: `CreateAccountSchema` → 201 `{}`. */
  accounts: '/api/accounts',
  /** POST, open, carried by the identity's signature: `UpdateDevicesSchema` → `{}`. */
  devices: '/api/devices',
  /** PUT, signed: `{ key }` → `{}`. Replaces this device's exchange key. */
  exchangeKey: '/api/devices/exchange-key',
  /** GET, signed → `VaultSchema`; PUT, signed: `PutVaultSchema` with version + 1 → `{}`. */
  vault: '/api/vault',
  /** POST, signed: `PasswordStartSchema` → `OpaqueResponseSchema`. First step of setting or changing the password. */
  passwordStart: '/api/password/start',
  /** PUT, signed: `SetPasswordSchema` → `{}`. A guest becomes a password account; a password is replaced. */
  password: '/api/password',
  /** POST, open, carried by the recovery key's signature: `RecoverSchema` → `LoginFinishedSchema`. */
  recovery: '/api/recovery',
  /** POST, open, carried by the operator's code: `ResetStartSchema` → `ResetStartedSchema`. */
  resetStart: '/api/reset/start',
  /** POST, open, carried by the operator's code, once: `ResetSchema` → `{}`. The account starts over with a new identity. */
  reset: '/api/reset',
  /** GET, signed → `OwnDevicesSchema`: when each of the account's devices was last connected. */
  ownDevices: '/api/devices',
  /** GET, signed, `?after=CURSOR` → `ArchivePageSchema`; POST, signed: `PutArchiveSchema` → `{}` (M5). */
  archive: '/api/archive',
  /** GET, signed → `PeopleSchema`. */
  people: '/api/people',
  /** POST, signed: `KeysRequestSchema` → `KeysSchema`. */
  keys: '/api/keys',
  /** GET, signed → `WrapsSchema`: this device's pending wraps. */
  wraps: '/api/wraps',
  /** POST, signed: `CommitEpochSchema` → 201 `CommittedSchema`. Epoch 1 makes the room. */
  epochs: (room: RoomId) => `/api/rooms/${room}/epochs`,
  /** GET, signed, `?after=EPOCH` → `HeadersSchema`. */
  headers: (room: RoomId) => `/api/rooms/${room}/headers`,
  /** GET, signed, `?after=P&limit=N` or `?before=P&limit=N` → `LogPageSchema`. */
  log: (room: RoomId) => `/api/rooms/${room}/log`,
  /** GET, signed → `ReceiptsSchema`. */
  receipts: (room: RoomId) => `/api/rooms/${room}/receipts`,
  /** POST, signed, no body → `{}`. The account accepts that somebody else brought it into the room (attack 48). */
  accept: (room: RoomId) => `/api/rooms/${room}/accept`,
  /** POST, signed: `LeaveRequestSchema` → `CommittedSchema`. */
  leave: (room: RoomId) => `/api/rooms/${room}/leave`,
  /** POST, signed: `PostWrapsSchema` → `{}` (R6: an answer to what a device asks for). */
  roomWraps: (room: RoomId) => `/api/rooms/${room}/wraps`,
  /** DELETE, signed → `{}`: this device stored the secret; the server forgets the wrap. */
  wrap: (room: RoomId, header: HeaderHash) => `/api/rooms/${room}/wraps/${header}`,
  /** POST, signed: `PostRequestsSchema` → `{}` (R6). */
  requests: (room: RoomId) => `/api/rooms/${room}/requests`,
  /**
   * POST, signed: a new upload by tus 1.0 (creation): `Upload-Length` as `size`, no body → 201. The server may refuse at
   * once with `too_large` or `quota`. GET, signed → `FileUsageSchema`.
   */
  files: '/api/files',
  newFile: (file: FileId, room: RoomId, size: number) => `/api/files?file=${file}&room=${room}&size=${size}`,
  /**
   * POST, signed: bytes `from` … `to` (exclusive) of a file, as an upload of their own (tus concatenation): `Upload-Concat:
   * partial`, `Upload-Length` as long as they are → 201. Once all are here, `Upload-Concat: final;…` to `newFile` makes them
   * the file → 201.
   */
  newPart: (
    file: FileId,
    room: RoomId,
    size: number,
    { part, from, to }: { part: FileId; from: number; to: number },
  ) => `/api/files?file=${file}&room=${room}&size=${size}&part=${part}&from=${from}&to=${to}`,
  /**
   * The blob (M6). HEAD and PATCH, signed: tus 1.0, by the uploading account. GET, signed, with or without `Range`: the
   * sealed bytes, to whoever is a member of its room, or was when its message came. DELETE, signed: tus termination, by the
   * uploading account. What PATCH carries is not part of its proof (the empty string's hash is): the chunks carry their own.
   */
  file: (file: FileId) => `/api/files/${file}`,
  /**
   * GET, open: `HeadersSchema` with only the newest header, for whoever holds an invite's public key (R7). The link names the
   * room, so that another room that lists the same key takes nobody in.
   */
  invite: (room: RoomId, key: string) => `/api/rooms/${room}/invites/${key}`,
} as const;

const opaqueText = v.pipe(
  v.string(),
  v.minLength(1),
  v.maxLength(LIMITS.opaque),
  v.regex(/^[A-Za-z0-9_-]+$/),
);
const deviceList = blobSchema<Signed>('list', LIMITS.deviceList, 65);
const exchangeKey = blobSchema<Signed>('key', LIMITS.exchangeKey, 65);
const header = blobSchema<Signed>('header', LIMITS.epochHeader + 64, 65);

export const RefusalSchema = v.object({
  code: v.string(),
  message: v.string(),
  /** Current epoch on `stale_epoch` and `epoch_conflict`; server time on `clock`, the log's on `misdated`; milliseconds on `rate_limited`. */
  epoch: v.optional(positive),
  time: v.optional(time),
  wait: v.optional(count),
  /** On `work_needed`. */
  work: v.optional(WorkSchema),
  /** On `bad_name`: what is wrong with it, and which character. */
  flaw: v.optional(NameFlawSchema),
});
export type Refusal = v.InferOutput<typeof RefusalSchema>;

export const InfoSchema = v.object({
  name: v.string(),
  version: v.string(),
  suite: count,
  time,
  registration: v.picklist(['open', 'closed']),
  directory: v.picklist(['all', 'rooms']),
  /** Bytes of the largest file taken, as sealed; 0 where none are. */
  fileLimit: v.optional(count, 0),
});
export type Info = v.InferOutput<typeof InfoSchema>;

export const RegistrationRequestSchema = v.strictObject({
  /** Made by the client; binds the OPAQUE record. */
  account: AccountIdSchema,
  name: NameSchema,
  request: opaqueText,
});
export const OpaqueResponseSchema = v.object({ response: opaqueText });

/** `work`: for this `request`, where the server asked for it. */
export const LoginStartSchema = v.strictObject({
  name: NameSchema,
  request: opaqueText,
  work: v.optional(WorkDoneSchema),
});
export const LoginStartedSchema = v.object({ response: opaqueText, login: opaqueText });
export const LoginFinishSchema = v.strictObject({ login: opaqueText, finish: opaqueText });

/** The vault's key, sealed under a key that only the password or the recovery phrase gives. */
const vaultLock = blobSchema<Ciphertext>('lock', 80, 80);

/** K5: sealed under a key the server never has; versions grow by one (compare-and-set). */
export const VaultSchema = v.strictObject({
  version: positive,
  body: blobSchema<Ciphertext>('vault', LIMITS.vault),
  password: vaultLock,
  phrase: v.nullable(vaultLock),
});
export type VaultRecord = v.InferOutput<typeof VaultSchema>;
/** Of an account that is being made, with nothing proved yet (attack 51). */
const FirstVaultSchema = v.strictObject({
  ...VaultSchema.entries,
  version: v.literal(1),
  body: blobSchema<Ciphertext>('vault', LIMITS.firstVault),
});

/** @see PATHS.vault. `recovery`: Ed25519 public key that the recovery phrase stands for; null takes it away. */
export const PutVaultSchema = v.strictObject({
  vault: VaultSchema,
  recovery: v.optional(v.nullable(signingKeySchema('recovery'))),
});

export const PasswordStartSchema = v.strictObject({ request: opaqueText });
export const SetPasswordSchema = v.strictObject({
  record: opaqueText,
  vault: VaultSchema,
  recovery: v.optional(v.nullable(signingKeySchema('recovery'))),
});

/** Proof of the recovery phrase: the signature (context `recovery`) over `recoveryPayload`. */
export const RecoverSchema = v.strictObject({
  name: NameSchema,
  time,
  nonce: blobSchema<string>('nonce', 16, 16),
  signature: blobSchema<string>('signature', 64, 64),
});

/** An operator's reset code: 20 letters and digits of Crockford's base 32, without separators. */
const resetCode = v.pipe(v.string(), v.regex(/^[0-9A-HJKMNP-TV-Z]{20}$/));
export const ResetStartSchema = v.strictObject({ name: NameSchema, code: resetCode, request: opaqueText });
export const ResetStartedSchema = v.object({
  account: AccountIdSchema,
  /** The account's newest list, which the new one follows. */
  list: deviceList,
  response: opaqueText,
});
/** K3, K4: the next version of the list, signed by a new identity, with one device in it, which is new. */
export const ResetSchema = v.strictObject({
  name: NameSchema,
  code: resetCode,
  list: deviceList,
  key: exchangeKey,
  record: opaqueText,
  vault: FirstVaultSchema,
});

export const OwnDevicesSchema = v.object({
  devices: v.array(v.object({ device: DeviceIdSchema, online: v.boolean(), seen: v.nullable(time) })),
});

/** M5: one epoch's secret under the account's archive key: 32 bytes and a tag. */
export const ArchiveEntrySchema = v.strictObject({
  room: RoomIdSchema,
  header: HeaderHashSchema,
  body: blobSchema<Ciphertext>('archive', 48, 48),
});
export type ArchiveEntry = v.InferOutput<typeof ArchiveEntrySchema>;
export const PutArchiveSchema = v.strictObject({
  entries: v.pipe(v.array(ArchiveEntrySchema), v.minLength(1), v.maxLength(LIMITS.archiveBatch)),
});
export const ArchivePageSchema = v.object({
  entries: v.array(ArchiveEntrySchema),
  /** Cursor of the next page; null at the end. */
  next: v.nullable(positive),
});

export const LoginFinishedSchema = v.object({
  account: AccountIdSchema,
  list: deviceList,
  vault: VaultSchema,
});

export const CreateAccountSchema = v.strictObject({
  account: AccountIdSchema,
  /** Version 1, signed by the identity inside; carries the name and exactly the registering device. */
  list: deviceList,
  key: exchangeKey,
  /** OPAQUE record and first vault; absent for a guest. */
  password: v.optional(v.strictObject({ record: opaqueText, vault: FirstVaultSchema })),
});

/** K3: the next version of the list; with the exchange key of a device it adds. */
export const UpdateDevicesSchema = v.strictObject({ list: deviceList, key: v.optional(exchangeKey) });

export const PutExchangeKeySchema = v.strictObject({ key: exchangeKey });

export const PeopleSchema = v.object({
  people: v.array(
    v.object({
      ...PersonEntrySchema.entries,
      online: v.boolean(),
      seen: v.nullable(time),
      /** Version of the newest device list (K3): whoever was away learns that it moved on. */
      list: v.optional(positive),
    }),
  ),
});

export const KeysRequestSchema = v.strictObject({
  accounts: v.pipe(
    v.array(
      v.strictObject({
        account: AccountIdSchema,
        /** Newest list version already verified; 0 for none. */
        after: count,
      }),
    ),
    v.minLength(1),
    v.maxLength(LIMITS.keyBatch),
  ),
});

export interface AccountKeys {
  readonly account: AccountId;
  /** Signed lists after the asked version, oldest first. */
  readonly lists: readonly Signed[];
  /** Newest exchange key of each device in the newest list that has one. */
  readonly keys: readonly { readonly device: DeviceId; readonly key: Signed }[];
}

/** `more`: they did not all fit; who needs the rest asks again for those that are left out. */
export const KeysSchema = v.object({
  more: v.optional(v.boolean()),
  accounts: v.array(
    v.object({
      account: AccountIdSchema,
      lists: v.array(deviceList),
      keys: v.array(v.object({ device: DeviceIdSchema, key: exchangeKey })),
    }),
  ),
});

/**
 * Sealed bytes: what the account's files take, what they may take, the largest file taken; null: no limit but the disk.
 * `parts`: in how many a file may come side by side; 0: it comes in one.
 */
export const FileUsageSchema = v.object({
  used: count,
  quota: v.nullable(count),
  limit: count,
  parts: v.optional(count, 0),
});
export type FileUsage = v.InferOutput<typeof FileUsageSchema>;

export const WrapsSchema = v.object({ wraps: v.array(DeviceWrapSchema) });

/** A wrap on its way to a device. */
export const AddressedWrapSchema = v.strictObject({
  device: DeviceIdSchema,
  /** SHA-256 of the signed exchange key used; refused with `stale_key` where it is not the newest. */
  key: hash32Schema('key'),
  body: blobSchema<Ciphertext>('wrap', LIMITS.wrap),
});
export type AddressedWrap = v.InferOutput<typeof AddressedWrapSchema>;

export const CommitEpochSchema = v.strictObject({
  header,
  wraps: v.pipe(v.array(AddressedWrapSchema), v.maxLength(LIMITS.wraps)),
});

export const CommittedSchema = v.object({ position: positive, time });

/** `more`: they did not all fit; who needs the rest asks again after the last. */
export const HeadersSchema = v.object({
  /** `time` of the entry. */
  headers: v.array(v.object({ position: positive, time, header })),
  more: v.optional(v.boolean()),
});

export const LogPageSchema = v.object({
  entries: v.array(LogEntrySchema),
  /** Chain hash before the first entry of the page, base64url: to verify older pages backwards. */
  chain: hash32Schema('chain'),
  /** Newest position this account may fetch. */
  head: count,
});
export type LogPage = v.InferOutput<typeof LogPageSchema>;

export const ReceiptsSchema = v.object({ receipts: v.array(DeviceReceiptSchema) });

export const LeaveRequestSchema = v.strictObject({ leave: blobSchema<Signed>('leave', LIMITS.leave, 65) });

/** R6: all that one device asked for, in one answer. */
export const PostWrapsSchema = v.strictObject({
  account: AccountIdSchema,
  device: DeviceIdSchema,
  key: hash32Schema('key'),
  wraps: v.pipe(
    v.array(v.strictObject({ header: HeaderHashSchema, body: blobSchema<Ciphertext>('wrap', LIMITS.wrap) })),
    v.minLength(1),
    v.maxLength(LIMITS.requests),
  ),
});
export type PostWraps = v.InferOutput<typeof PostWrapsSchema>;

export const PostRequestsSchema = v.strictObject({
  headers: v.pipe(v.array(HeaderHashSchema), v.minLength(1), v.maxLength(LIMITS.requests)),
});
