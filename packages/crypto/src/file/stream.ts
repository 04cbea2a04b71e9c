import { sha256 } from '@noble/hashes/sha2.js';
import { type Bytes, concat, equalBytes, u32, utf8 } from '@sotto/protocol';
import { UsageError, VerificationError } from '../failure.ts';
import { aesGcmOpen, aesGcmSeal } from '../primitives/aes-gcm.ts';
import { randomBytes } from '../primitives/random.ts';

/** M6: plaintext bytes per chunk; only the last one may be shorter. */
export const FILE_CHUNK_BYTES = 1_048_576;

const TAG_BYTES = 16;
const SEALED_CHUNK_BYTES = FILE_CHUNK_BYTES + TAG_BYTES;
const LAST_COUNTER = 0xffff_ffff;

/** M6: what opens one file; it travels only inside a message. */
export interface FileKey {
  /** 32 random bytes, for this one file. */
  readonly key: Bytes;
  /** 16 random bytes that name the blob. */
  readonly file: Bytes;
}

/** M6: what a message says about a file. The ciphertext is worth nothing without it. */
export interface FileManifest extends FileKey {
  readonly name: string;
  /** Media type. */
  readonly type: string;
  /** Plaintext bytes. */
  readonly size: number;
  /** SHA-256 of the whole ciphertext. */
  readonly hash: Bytes;
}

/** What sealing or opening saw once its generator has ended; sealing puts both into the manifest. */
export interface FileTotals {
  readonly size: number;
  readonly hash: Bytes;
}

type ByteSource = AsyncIterable<Uint8Array> | Iterable<Uint8Array>;
type Named = Pick<FileManifest, 'name' | 'type'>;

export const newFileKey = (): FileKey => ({ key: randomBytes(32), file: randomBytes(16) });

/** 7 zero bytes ‖ chunk number (u32) ‖ 1 in the last chunk, else 0 (STREAM, Hoang et al. 2015). */
function chunkNonce(counter: number, last: boolean): Bytes {
  return concat(new Uint8Array(7), u32(counter), new Uint8Array([last ? 1 : 0]));
}

/** The file's id, and a hash of name and type: swapping either in the manifest opens nothing (attack 16). */
function chunkBinding(key: FileKey, named: Named): Bytes {
  const name = utf8(named.name);
  const described = concat(u32(name.length), name, utf8(named.type));
  return concat(utf8('sotto/v1/file\0'), key.file, sha256(described));
}

function importChunkKey(key: FileKey, use: 'encrypt' | 'decrypt'): Promise<CryptoKey> {
  if (key.key.length !== 32) throw new UsageError(`file key: expected 32 bytes, got ${key.key.length}`);
  if (key.file.length !== 16) throw new UsageError(`file id: expected 16 bytes, got ${key.file.length}`);
  return crypto.subtle.importKey('raw', key.key, 'AES-GCM', false, [use]);
}

/** Pieces of exactly `size` bytes and one shorter or equal rest, told apart by `last`; holds one piece. */
async function* pieces(source: ByteSource, size: number): AsyncGenerator<{ piece: Bytes; last: boolean }> {
  let piece = new Uint8Array(size);
  let filled = 0;
  for await (const part of source) {
    let at = 0;
    while (at < part.length) {
      // A full piece is passed on only once more is there: else it is the last one.
      if (filled === size) {
        yield { piece, last: false };
        piece = new Uint8Array(size);
        filled = 0;
      }
      const taken = Math.min(size - filled, part.length - at);
      piece.set(part.subarray(at, at + taken), filled);
      filled += taken;
      at += taken;
    }
  }
  yield { piece: piece.slice(0, filled), last: true };
}

/**
 * M6: seals a file chunk by chunk with constant memory. A key seals one file, once.
 * @returns at the end: size and hash for the manifest
 */
export async function* sealChunks(
  key: FileKey & Named,
  plaintext: ByteSource,
): AsyncGenerator<Bytes, FileTotals> {
  const chunkKey = await importChunkKey(key, 'encrypt');
  const binding = chunkBinding(key, key);
  const hash = sha256.create();
  let size = 0;
  let counter = 0;
  for await (const { piece, last } of pieces(plaintext, FILE_CHUNK_BYTES)) {
    if (counter === LAST_COUNTER) throw new UsageError('the file is too large');
    const sealed = await aesGcmSeal(chunkKey, chunkNonce(counter, last), piece, binding);
    counter += 1;
    size += piece.length;
    hash.update(sealed);
    yield sealed;
  }
  return { size, hash: new Uint8Array(hash.digest()) };
}

/**
 * M6: opens a file chunk by chunk. What came out is a file only once the generator has ended: the last
 * chunk's flag, the size and the hash are checked at the end (attack 16).
 * @throws VerificationError M6 'bad_file' for whatever is not exactly the file that was sealed
 */
export async function* openChunks(
  manifest: FileManifest,
  ciphertext: ByteSource,
): AsyncGenerator<Bytes, FileTotals> {
  const bad = (why: string) => new VerificationError('M6', 'bad_file', `the file is not whole: ${why}`);
  const chunkKey = await importChunkKey(manifest, 'decrypt');
  const binding = chunkBinding(manifest, manifest);
  const hash = sha256.create();
  let size = 0;
  let counter = 0;
  for await (const { piece, last } of pieces(ciphertext, SEALED_CHUNK_BYTES)) {
    if (piece.length < TAG_BYTES || counter === LAST_COUNTER) throw bad('a chunk is cut off');
    hash.update(piece);
    let plain: Bytes;
    try {
      plain = await aesGcmOpen(chunkKey, chunkNonce(counter, last), piece, binding);
    } catch (cause) {
      if (cause instanceof VerificationError) throw bad('a chunk does not open');
      throw cause;
    }
    counter += 1;
    size += plain.length;
    if (size > manifest.size) throw bad('it is longer than announced');
    if (last) {
      // Before the last chunk goes out: whoever counts bytes instead of awaiting the end is not misled.
      if (size !== manifest.size) throw bad('it is shorter than announced');
      if (!equalBytes(hash.clone().digest(), manifest.hash)) throw bad('its hash is another');
    }
    yield plain;
  }
  return { size, hash: new Uint8Array(hash.digest()) };
}
