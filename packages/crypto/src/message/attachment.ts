import {
  type Bytes,
  type CborValue,
  type FileId,
  ID_BYTES,
  idBytes,
  idFromBytes,
  isCount,
  LIMITS,
  utf8,
} from '@sotto/protocol';

/** M6: a file as a message tells of it. Nothing of this is known to the server but the id and the sealed size. */
export interface Attachment {
  readonly file: FileId;
  /** 32 random bytes, for this file alone. */
  readonly key: Bytes;
  /** SHA-256 over the ciphertext as `file/stream.ts` says. */
  readonly hash: Bytes;
  readonly name: string;
  /** Media type as the sender says; it decides nothing without a look at our own list. */
  readonly type: string;
  /** Plaintext bytes. */
  readonly size: number;
  /** Pixels, of pictures and videos. */
  readonly width?: number | undefined;
  readonly height?: number | undefined;
  /** Milliseconds, of sound and video. */
  readonly duration?: number | undefined;
  /** ThumbHash: some 25 bytes that give a blurred picture. */
  readonly thumbhash?: Bytes | undefined;
  /** A small JPEG or WebP, up to `LIMITS.thumbnail` bytes. */
  readonly thumbnail?: Bytes | undefined;
  /** Loudness of a voice message over its time, 0 … 255 each, up to `LIMITS.waveform`. */
  readonly waveform?: Bytes | undefined;
}

const MAX_PIXELS = 100_000;
const THUMBHASH_BYTES = 64;

const OPTIONAL = ['width', 'height', 'duration', 'thumbhash', 'thumbnail', 'waveform'] as const;

/** The CBOR map of one file. */
export function encodeAttachment(attachment: Attachment): CborValue {
  const { file, key, hash, name, type, size } = attachment;
  const rest: { [key: string]: CborValue } = {};
  for (const field of OPTIONAL) {
    const value = attachment[field];
    if (value !== undefined) rest[field] = value;
  }
  return { file: idBytes(file), key, hash, name, type, size, ...rest };
}

const isBytes = (value: unknown, min: number, max: number): value is Bytes =>
  value instanceof Uint8Array && value.length >= min && value.length <= max;
const isName = (value: unknown, max: number): value is string =>
  typeof value === 'string' && value.length > 0 && utf8(value).length <= max;

/** Attack 29: undefined where any field has another form or size than allowed. */
export function decodeAttachment(value: unknown): Attachment | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const { file, key, hash, name, type, size, width, height, duration, thumbhash, thumbnail, waveform } =
    value as Record<string, unknown>;
  if (!isBytes(file, ID_BYTES, ID_BYTES) || !isBytes(key, 32, 32) || !isBytes(hash, 32, 32)) return undefined;
  if (!isName(name, LIMITS.fileName) || !isName(type, LIMITS.fileType)) return undefined;
  if (!isCount(size)) return undefined;
  const absent = undefined;
  if (!(width === absent || isCount(width, MAX_PIXELS))) return undefined;
  if (!(height === absent || isCount(height, MAX_PIXELS))) return undefined;
  if (!(duration === absent || isCount(duration))) return undefined;
  if (!(thumbhash === absent || isBytes(thumbhash, 1, THUMBHASH_BYTES))) return undefined;
  if (!(thumbnail === absent || isBytes(thumbnail, 1, LIMITS.thumbnail))) return undefined;
  if (!(waveform === absent || isBytes(waveform, 1, LIMITS.waveform))) return undefined;
  const found = { file: idFromBytes<FileId>(file), key, hash, name, type, size };
  return { ...found, width, height, duration, thumbhash, thumbnail, waveform };
}
