import * as v from 'valibot';
import { type Bytes, concat, u32 } from './bytes.ts';
import type { CborValue } from './cbor.ts';
import { ENTRY_KINDS, type EntryKind } from './chain.ts';
import { type AccountId, type DeviceId, type FileId, idBytes, type MessageId, type RoomId } from './ids.ts';
import { LIMITS } from './limits.ts';
import { isCount } from './numbers.ts';
import { field, MalformedError, structure } from './structure.ts';

/**
 * What an account's own backup is made of, in this order: the account, people, each room with stretches of its log, and files,
 * each with its pieces.
 */
export type BackupRecord =
  | BackupAccount
  | BackupPerson
  | BackupRoom
  | BackupEntries
  | BackupFile
  | BackupPiece
  | BackupAbsent;

export interface BackupAccount {
  readonly v: 1;
  readonly t: 'account';
  readonly account: AccountId;
  readonly name: string;
  /** K1: Ed25519 seed. */
  readonly identitySeed: Bytes;
  readonly at: number;
  readonly devices: readonly {
    readonly device: DeviceId;
    readonly name: string;
    readonly kind: 'browser' | 'terminal';
  }[];
}

/** Somebody known, or this account itself, with all signed lists (K3). */
export interface BackupPerson {
  readonly v: 1;
  readonly t: 'person';
  readonly account: AccountId;
  /** K4: as pinned; null where never needed. */
  readonly identity: Bytes | null;
  readonly verified: boolean;
  /** Attack 48: the account wants to hear nothing of them. */
  readonly blocked: boolean;
  readonly lists: readonly Bytes[];
}

export interface BackupRoom {
  readonly v: 1;
  readonly t: 'room';
  readonly room: RoomId;
  /** The entries begin behind this position, whose chain hash this is (D1). */
  readonly base: number;
  readonly chain: Bytes;
  readonly muted: boolean;
  /** Attack 48: somebody else brought the account into it, and it accepted that. */
  readonly accepted: boolean;
  /** Up to here everything was read. */
  readonly read: number;
  /** R1: headers up to `base`. */
  readonly headers: readonly { readonly position: number; readonly signed: Bytes }[];
  readonly secrets: readonly { readonly header: Bytes; readonly secret: Bytes }[];
}

/** Entries as they stand in the log: signed ciphertext, each one behind the one before. */
export interface BackupEntries {
  readonly v: 1;
  readonly t: 'entries';
  readonly room: RoomId;
  readonly after: number;
  readonly entries: readonly BackupEntry[];
}

export interface BackupEntry {
  readonly time: number;
  readonly kind: EntryKind;
  readonly account: AccountId;
  readonly device: DeviceId;
  readonly id: MessageId;
  readonly body: Bytes;
}

/** A file of a message (M6), as the server keeps it: its pieces follow, and together they are `size` bytes with this hash. */
export interface BackupFile {
  readonly v: 1;
  readonly t: 'file';
  readonly room: RoomId;
  /** Of its message. */
  readonly position: number;
  readonly file: FileId;
  readonly name: string;
  /** Sealed bytes. */
  readonly size: number;
  /** Over the sealed chunks, as the message says it. */
  readonly hash: Bytes;
}

/** The next sealed chunk of the file before it. */
export interface BackupPiece {
  readonly v: 1;
  readonly t: 'piece';
  readonly bytes: Bytes;
}

/** A file that could not be had, or not to its end: pieces before this are void. */
export interface BackupAbsent {
  readonly v: 1;
  readonly t: 'absent';
  readonly room: RoomId;
  readonly position: number;
  readonly file: FileId;
  readonly name: string;
  readonly size: number;
  /** The server has it no more; what it gave is not the file that was sent. */
  readonly reason: 'gone' | 'damaged';
}

const name = v.pipe(v.string(), v.maxLength(LIMITS.nameLength * 4));
const placed = {
  v: field.suite,
  room: field.room,
  position: field.positive,
  file: field.file,
  name: v.pipe(v.string(), v.maxLength(LIMITS.fileName)),
  size: field.count,
};
const kinds = Object.keys(ENTRY_KINDS) as EntryKind[];

const schema = v.variant('t', [
  v.strictObject({
    v: field.suite,
    t: v.literal('account'),
    account: field.account,
    name,
    identitySeed: field.key32,
    at: field.time,
    devices: v.array(
      v.strictObject({
        device: field.device,
        name: v.pipe(v.string(), v.maxLength(100)),
        kind: v.picklist(['browser', 'terminal']),
      }),
    ),
  }),
  v.strictObject({
    v: field.suite,
    t: v.literal('person'),
    account: field.account,
    identity: v.nullable(field.signingKey),
    verified: v.boolean(),
    blocked: v.boolean(),
    lists: v.array(field.bytes(65, LIMITS.deviceList)),
  }),
  v.strictObject({
    v: field.suite,
    t: v.literal('room'),
    room: field.room,
    base: field.count,
    chain: field.hash,
    muted: v.boolean(),
    accepted: v.boolean(),
    read: field.count,
    headers: v.array(
      v.strictObject({ position: field.positive, signed: field.bytes(65, LIMITS.epochHeader + 64) }),
    ),
    secrets: v.array(v.strictObject({ header: field.hash, secret: field.key32 })),
  }),
  v.pipe(
    v.strictObject({
      v: field.suite,
      t: v.literal('entries'),
      room: field.room,
      after: field.count,
      entries: v.array(
        v.strictObject({
          time: field.time,
          kind: v.picklist(kinds),
          account: field.account,
          device: field.device,
          id: field.message,
          body: field.bytes(65, LIMITS.message + LIMITS.epochHeader),
        }),
      ),
    }),
    v.check(({ after, entries }) => isCount(after + entries.length), 'entries beyond the last position'),
  ),
  v.strictObject({ ...placed, t: v.literal('file'), hash: field.hash }),
  v.strictObject({ v: field.suite, t: v.literal('piece'), bytes: field.bytes(1, LIMITS.backupPiece) }),
  v.strictObject({ ...placed, t: v.literal('absent'), reason: v.picklist(['gone', 'damaged']) }),
]);

const codec = structure<BackupRecord>('backup record', LIMITS.backupRecord, schema, toCbor);

function toCbor(record: BackupRecord): CborValue {
  switch (record.t) {
    case 'account': {
      const devices = record.devices.map((d) => ({ ...d, device: idBytes(d.device) }));
      return { ...record, account: idBytes(record.account), devices };
    }
    case 'person':
      return { ...record, account: idBytes(record.account) };
    case 'room':
      return { ...record, room: idBytes(record.room), headers: record.headers, secrets: record.secrets };
    case 'entries': {
      const entries = record.entries.map((e) => ({
        ...e,
        account: idBytes(e.account),
        device: idBytes(e.device),
        id: idBytes(e.id),
      }));
      return { ...record, room: idBytes(record.room), entries };
    }
    case 'file':
    case 'absent':
      return { ...record, room: idBytes(record.room), file: idBytes(record.file) };
    case 'piece':
      return { ...record };
  }
}

/** A record with its length before it. */
export function encodeBackupRecord(record: BackupRecord): Bytes {
  const bytes = codec.encode(record);
  return concat(u32(bytes.length), bytes);
}

/** A record as it stands, without its length. @throws MalformedError */
export const decodeBackupRecord = (bytes: Bytes): BackupRecord => codec.decode(bytes);

/** Where a record stands in the stream, its length not counted. */
export interface PlacedRecord {
  readonly record: BackupRecord;
  readonly from: number;
  readonly to: number;
}

/** Records from the parts of a stream, however they are cut. @throws MalformedError */
export async function* readBackupRecords(parts: AsyncIterable<Uint8Array>): AsyncGenerator<PlacedRecord> {
  let held: Bytes = new Uint8Array(0);
  /** Place of `held` in the stream. */
  let base = 0;
  for await (const part of parts) {
    held = concat(held, part);
    let at = 0;
    for (;;) {
      const length = lengthAt(held, at);
      if (length === undefined || held.length < at + 4 + length) break;
      const [from, to] = [at + 4, at + 4 + length];
      yield { record: codec.decode(held.subarray(from, to)), from: base + from, to: base + to };
      at = to;
    }
    held = held.slice(at);
    base += at;
  }
  if (held.length > 0) throw new MalformedError('backup: the last record is cut off');
}

function lengthAt(bytes: Bytes, at: number): number | undefined {
  if (bytes.length < at + 4) return undefined;
  const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(at);
  if (length > LIMITS.backupRecord) throw new MalformedError('backup: a record is too long');
  return length;
}
