import * as v from 'valibot';
import type { Bytes } from './bytes.ts';
import { type CborValue, decodeCbor, encodeCbor } from './cbor.ts';
import {
  type AccountId,
  type DeviceId,
  type FileId,
  ID_BYTES,
  idFromBytes,
  type MessageId,
  type RoomId,
} from './ids.ts';

/** The one suite of this version. Nothing negotiates: another number is refused (attack 13). */
export const SUITE = 1;

/** A structure does not have its form: wrong type, range, version or encoding. */
export class MalformedError extends Error {
  readonly code: 'malformed' | 'unknown_version';
  constructor(what: string, options: { version?: boolean; cause?: unknown } = {}) {
    super(what, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'MalformedError';
    this.code = options.version ? 'unknown_version' : 'malformed';
  }
}

/** Field schemas shared by the structures below; each maps bytes on the wire to the typed field. */
const bytesOf = (length: number) =>
  v.pipe(
    v.instance(Uint8Array),
    v.check((b) => b.length === length, `expected ${length} bytes`),
    v.transform((b): Bytes => new Uint8Array(b)),
  );

const idField = <Id extends AccountId | DeviceId | RoomId | MessageId | FileId>() =>
  v.pipe(
    v.instance(Uint8Array),
    v.check((b) => b.length === ID_BYTES, `expected ${ID_BYTES} bytes`),
    v.transform((b) => idFromBytes<Id>(b)),
  );

export const field = {
  suite: v.literal(SUITE),
  account: idField<AccountId>(),
  device: idField<DeviceId>(),
  room: idField<RoomId>(),
  message: idField<MessageId>(),
  file: idField<FileId>(),
  hash: bytesOf(32),
  key32: bytesOf(32),
  id: bytesOf(ID_BYTES),
  signature: bytesOf(64),
  bytes: (min: number, max: number) =>
    v.pipe(
      v.instance(Uint8Array),
      v.check((b) => b.length >= min && b.length <= max, `expected ${min} to ${max} bytes`),
      v.transform((b): Bytes => new Uint8Array(b)),
    ),
  /** Counters, positions, versions. */
  count: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
  /** Milliseconds since 1970. */
  time: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
} as const;

/**
 * Codec of one CBOR structure. `decode` bounds the size before parsing, then depth, form and fields.
 * @throws MalformedError with code 'unknown_version' where `v` is another suite, else 'malformed'
 */
export function structure<T>(
  name: string,
  maxBytes: number,
  schema: v.GenericSchema<unknown, T>,
  toCbor: (value: T) => CborValue,
): { encode(value: T): Bytes; decode(bytes: Uint8Array): T } {
  return {
    encode(value) {
      const bytes = encodeCbor(toCbor(value));
      if (bytes.length > maxBytes)
        throw new MalformedError(`${name}: ${bytes.length} bytes, at most ${maxBytes}`);
      return bytes;
    },
    decode(bytes) {
      if (bytes.length > maxBytes)
        throw new MalformedError(`${name}: ${bytes.length} bytes, at most ${maxBytes}`);
      let raw: unknown;
      try {
        raw = decodeCbor(bytes);
      } catch (cause) {
        throw new MalformedError(`${name}: not deterministic CBOR`, { cause });
      }
      if (typeof raw === 'object' && raw !== null && 'v' in raw && raw.v !== SUITE) {
        throw new MalformedError(`${name}: version ${String(raw.v)} is not known here`, { version: true });
      }
      const parsed = v.safeParse(schema, raw);
      if (!parsed.success) {
        const issue = parsed.issues[0];
        throw new MalformedError(`${name}: ${v.getDotPath(issue) ?? 'value'}: ${issue.message}`);
      }
      return parsed.output;
    },
  };
}
