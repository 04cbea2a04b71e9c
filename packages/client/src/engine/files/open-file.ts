import {
  type Attachment,
  chunkCount,
  FILE_CHUNK_BYTES,
  FileHash,
  type FileManifest,
  openChunk,
  sha256,
  VerificationError,
} from '@sotto/crypto';
import { type Bytes, equalBytes, idBytes, release } from '@sotto/protocol';
import type { OpenFile } from '../../files.ts';
import { asTold } from '../../told.ts';
import { badFile } from './failures.ts';

/** M6: what opens a file, from what its message says. */
export const manifestOf = ({ file, key, name, type, size, hash }: Attachment): FileManifest => ({
  file: idBytes(file),
  key,
  name,
  type,
  size,
  hash,
});

interface Source {
  /** Sealed chunks `first` … `last`, from wherever. */
  chunks(first: number, last: number): AsyncIterable<Bytes>;
  /** The bytes are not this file's: whatever is kept of it goes. */
  broken(): Promise<void>;
  /** False where the hash over all of it was checked before. */
  readonly checksWhole: boolean;
}

/** A file of which any place can be read; every chunk is opened on its own. */
export function openFile(attachment: Attachment, source: Source): OpenFile {
  const { name, type, size } = attachment;
  const manifest = manifestOf(attachment);
  const whole = source.checksWhole ? new WholeCheck(manifest) : null;
  /** The chunk read last: media are read in small steps. */
  let recent: { readonly index: number; readonly plain: Bytes } | null = null;
  let failure: VerificationError | null = null;

  async function* opened(first: number, last: number): AsyncGenerator<Bytes> {
    let index = first;
    // Whoever read it may have given its memory back: only an empty chunk is that short by itself.
    if (recent?.index === index && (recent.plain.length > 0 || size === 0)) {
      yield recent.plain;
      index += 1;
    }
    if (index > last) return;
    for await (const sealed of source.chunks(index, last)) {
      const plain = await openChunk(manifest, index, sealed);
      await whole?.add(index, sealed);
      release(sealed);
      recent = { index, plain };
      yield plain;
      index += 1;
    }
  }

  return {
    name,
    type,
    size,
    async *read(from, to) {
      const start = Math.max(0, from);
      const end = Math.min(to, size);
      // An empty file is read too: its one chunk says that it is empty.
      if (start >= end && size > 0) return;
      const first = Math.floor(start / FILE_CHUNK_BYTES);
      const last = size === 0 ? 0 : Math.floor((end - 1) / FILE_CHUNK_BYTES);
      try {
        if (failure) throw failure;
        let base = first * FILE_CHUNK_BYTES;
        for await (const plain of opened(first, last)) {
          const part = plain.subarray(Math.max(0, start - base), Math.max(0, end - base));
          if (part.length > 0) yield part;
          base += plain.length;
        }
      } catch (error) {
        if (error instanceof VerificationError && !failure) {
          failure = error;
          recent = null;
          await source.broken();
        }
        throw asTold(error);
      }
    },
  };
}

/** Once every chunk was read, in any order, the hash over all of them is checked before the last one goes out. */
class WholeCheck {
  readonly #manifest: FileManifest;
  readonly #digests: (Bytes | undefined)[];
  #left: number;

  constructor(manifest: FileManifest) {
    this.#manifest = manifest;
    this.#left = chunkCount(manifest.size);
    this.#digests = new Array<Bytes | undefined>(this.#left);
  }

  /** @throws VerificationError M6 'bad_file' */
  async add(index: number, sealed: Bytes): Promise<void> {
    const digest = await sha256(sealed);
    const before = this.#digests[index];
    // Another chunk in a place already read opens only where the sender made two: then the hash fits one at most.
    if (before && !equalBytes(before, digest)) throw badFile('a chunk changed while it was read');
    if (before) return;
    this.#digests[index] = digest;
    this.#left -= 1;
    if (this.#left > 0) return;
    const hash = new FileHash();
    for (const one of this.#digests) if (one) hash.add(one);
    if (!equalBytes(hash.value(), this.#manifest.hash)) throw badFile('its hash is another');
  }
}
