import * as v from 'valibot';
import type { Bytes } from './bytes.ts';
import { type CborValue, decodeCbor, encodeCbor } from './cbor.ts';
import { isSignature, isSigningKey } from './ed25519.ts';
import { type AccountId, type DeviceId, ID_BYTES, idFromBytes, type MessageId, type RoomId } from './ids.ts';
import { LIMITS } from './limits.ts';
import { count, positive, time } from './numbers.ts';

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

const idField = <Id extends AccountId | DeviceId | RoomId | MessageId>() =>
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
  hash: bytesOf(32),
  /** K1, K2, R7: an Ed25519 public key. */
  signingKey: v.pipe(
    bytesOf(32),
    v.check((key: Bytes) => isSigningKey(key), 'not a key that may be used'),
  ),
  id: bytesOf(ID_BYTES),
  signature: v.pipe(
    bytesOf(64),
    v.check((bytes: Bytes) => isSignature(bytes), 'not a signature'),
  ),
  bytes: (min: number, max: number) =>
    v.pipe(
      v.instance(Uint8Array),
      v.check((b) => b.length >= min && b.length <= max, `expected ${min} to ${max} bytes`),
      v.transform((b): Bytes => new Uint8Array(b)),
    ),
  count,
  positive,
  time,
  /**
   * A person's name as signed. Only its size is looked at: which characters a name may have depends on the reader's
   * version of Unicode, and no honest client may refuse a list that another takes (attack 47).
   */
  name: v.pipe(
    v.string(),
    v.check((text) => text.isWellFormed(), 'expected well-formed text'),
    v.check(
      (text) => text.length > 0 && [...text].length <= LIMITS.nameLength,
      'expected 1 to 40 characters',
    ),
  ),
} as const;

/** Bytes of one structure and its value. `encode` and `decode` @throws MalformedError */
export interface Codec<T> {
  encode(value: T): Bytes;
  decode(bytes: Uint8Array): T;
}

/**
 * Codec of one CBOR structure. `decode` bounds the size before parsing, then depth, form and fields.
 * @throws MalformedError with code 'unknown_version' where `v` is another suite, else 'malformed'
 */
export function structure<T>(
  name: string,
  maxBytes: number,
  schema: v.GenericSchema<unknown, T>,
  toCbor: (value: T) => CborValue,
): Codec<T> {
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
