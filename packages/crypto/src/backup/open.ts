import { type Bytes, equalBytes } from '@sotto/protocol';
import { VerificationError } from '../failure.ts';
import { type ChunkStep, chunkOpener } from '../file/chunk.ts';
import { FILE_CHUNK_BYTES, FILE_TAG_BYTES, SEALED_CHUNK_BYTES } from '../file/layout.ts';
import { type BackupVersion, backupKeys, HEAD_BYTES, MAGIC_BYTES, magicOf, SALT_BYTES } from './head.ts';

/** Bytes that rest somewhere and can be read in any place; it is never asked for many of them at once. */
export interface ByteRanges {
  readonly size: number;
  /** The bytes `from` … `to` (exclusive), which are there. */
  read(from: number, to: number): Promise<Bytes>;
}

/** Opened chunks that are held: readers of a few places at once do not open each other's anew. */
const HELD = 4;

const bad = (why: string) => new VerificationError('M6', 'bad_file', why);

/**
 * Opens a backup for reading in any place, in constant memory. Its head and its last chunk are verified here, every other
 * chunk as it is read: it is whole once all of it was.
 * @throws VerificationError K5 'bad_phrase' for another phrase's file; 'unknown_version' for a newer program's; M6 'bad_file'
 *   for what is no backup, or one that is cut off
 */
export async function openBackup(phraseKey: Bytes, file: ByteRanges): Promise<OpenBackup> {
  const head = await file.read(0, Math.min(file.size, HEAD_BYTES));
  const version = versionOf(head);
  if (file.size < HEAD_BYTES + FILE_TAG_BYTES) throw bad('the backup is cut off');
  const salt = head.slice(MAGIC_BYTES, MAGIC_BYTES + SALT_BYTES);
  const keys = await backupKeys(phraseKey, salt, version);
  if (!equalBytes(keys.check, head.slice(MAGIC_BYTES + SALT_BYTES))) {
    throw new VerificationError('K5', 'bad_phrase', 'the backup was made under another recovery phrase');
  }
  const backup = new OpenBackup(file, await chunkOpener(keys), version);
  await backup.checkEnd();
  return backup;
}

function versionOf(head: Bytes): BackupVersion {
  const magic = new TextDecoder().decode(head.subarray(0, MAGIC_BYTES));
  if (magic === magicOf(1)) return 1;
  if (magic === magicOf(2)) return 2;
  if (!/^sotto backup \d/.test(magic)) throw bad('this file is not a backup');
  throw new VerificationError(
    'K5',
    'unknown_version',
    'the backup was made by a newer version of the program',
  );
}

/** A backup under its phrase: what was sealed, in any place. */
export class OpenBackup {
  readonly version: BackupVersion;
  /** Bytes of what was sealed. */
  readonly size: number;
  readonly #file: ByteRanges;
  readonly #open: ChunkStep;
  readonly #chunks: number;
  readonly #held = new Map<number, Promise<Bytes>>();

  constructor(file: ByteRanges, open: ChunkStep, version: BackupVersion) {
    this.#file = file;
    this.#open = open;
    this.version = version;
    const sealed = file.size - HEAD_BYTES;
    this.#chunks = Math.ceil(sealed / SEALED_CHUNK_BYTES);
    this.size = sealed - this.#chunks * FILE_TAG_BYTES;
  }

  /** @throws VerificationError M6 'bad_file' where the file ends before its end, or is damaged there */
  async checkEnd(): Promise<void> {
    try {
      await this.#chunk(this.#chunks - 1);
    } catch (cause) {
      if (!(cause instanceof VerificationError)) throw cause;
      throw new VerificationError('M6', 'bad_file', 'the backup is cut off, or damaged at its end', {
        cause,
      });
    }
  }

  /** The bytes `from` … `to` (exclusive), in parts. @throws VerificationError M6 'bad_file' where they are damaged */
  async *read(from = 0, to = this.size): AsyncGenerator<Bytes> {
    for (let at = from; at < to; ) {
      const index = Math.floor(at / FILE_CHUNK_BYTES);
      const plain = await this.#chunk(index);
      const start = at - index * FILE_CHUNK_BYTES;
      const part = plain.subarray(start, Math.min(plain.length, start + to - at));
      if (part.length === 0) return;
      at += part.length;
      yield part;
    }
  }

  #chunk(index: number): Promise<Bytes> {
    const known = this.#held.get(index);
    if (known) return known;
    const opening = this.#opened(index);
    this.#held.set(index, opening);
    const [oldest] = this.#held.keys();
    if (this.#held.size > HELD && oldest !== undefined) this.#held.delete(oldest);
    return opening;
  }

  async #opened(index: number): Promise<Bytes> {
    const start = HEAD_BYTES + index * SEALED_CHUNK_BYTES;
    const end = Math.min(start + SEALED_CHUNK_BYTES, this.#file.size);
    if (end - start < FILE_TAG_BYTES) throw bad('a chunk is cut off');
    try {
      return await this.#open(index, index === this.#chunks - 1, await this.#file.read(start, end));
    } catch (cause) {
      this.#held.delete(index);
      if (!(cause instanceof VerificationError)) throw cause;
      throw new VerificationError('M6', 'bad_file', `the backup is damaged behind byte ${start}`, { cause });
    }
  }
}
