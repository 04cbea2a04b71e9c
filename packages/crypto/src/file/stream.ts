import { type Bytes, equalBytes } from '@sotto/protocol';
import { badFile, chunkOpener, chunkSealer } from './chunk.ts';
import { type ChunkDigests, digestsHere } from './digests.ts';
import { FileHash } from './hash.ts';
import { chunkCount, FILE_CHUNK_BYTES, FILE_TAG_BYTES, SEALED_CHUNK_BYTES } from './layout.ts';
import type { FileKey, FileManifest, FileNaming, FileTotals } from './manifest.ts';
import { type ByteSource, inOrder, pieces } from './pieces.ts';

/** Chunks sealed or opened at a time: enough to keep the platform's threads busy, little enough to hold (4 MiB). */
const WIDTH = 4;

/**
 * M6: seals a file chunk by chunk with constant memory. A key seals one file, once.
 * @returns at the end: size and hash for the manifest
 */
export async function* sealChunks(
  key: FileKey & FileNaming,
  plaintext: ByteSource,
  digests: ChunkDigests = digestsHere,
): AsyncGenerator<Bytes, FileTotals> {
  const seal = await chunkSealer(key);
  const hash = new FileHash();
  let size = 0;
  const sealing = inOrder(pieces(plaintext, FILE_CHUNK_BYTES), WIDTH, async ({ piece, index, last }) => {
    // Throws before a number would come round again.
    chunkCount((index + 1) * FILE_CHUNK_BYTES);
    const { length } = piece;
    return { ...(await digests.keep(await seal(index, last, piece))), length };
  });
  for await (const { sealed, digest, length } of sealing) {
    hash.add(digest);
    size += length;
    yield sealed;
  }
  return { size, hash: hash.value() };
}

/**
 * M6: opens a file chunk by chunk. Its ciphertext is `digests`' to spend. What came out is a file only once the generator has ended: the last
 * chunk's flag, the size and the hash are checked at the end (attack 16).
 * @throws VerificationError M6 'bad_file' for whatever is not exactly the file that was sealed
 */
export async function* openChunks(
  manifest: FileManifest,
  ciphertext: ByteSource,
  digests: ChunkDigests = digestsHere,
): AsyncGenerator<Bytes, FileTotals> {
  const open = await chunkOpener(manifest);
  const count = chunkCount(manifest.size);
  const hash = new FileHash();
  let size = 0;
  const opening = inOrder(pieces(ciphertext, SEALED_CHUNK_BYTES), WIDTH, async ({ piece, index, last }) => {
    if (piece.length < FILE_TAG_BYTES) throw badFile('a chunk is cut off');
    if (index >= count) throw badFile('it is longer than announced');
    // Web Crypto has its copy of the chunk once it is called: in this order the chunk can go elsewhere meanwhile.
    const opening = open(index, last, piece);
    const [plain, digest] = await Promise.all([opening, digests.spend(piece)]);
    return { plain, digest, last };
  });
  for await (const { plain, digest, last } of opening) {
    hash.add(digest);
    size += plain.length;
    if (size > manifest.size) throw badFile('it is longer than announced');
    if (last) {
      // Before the last chunk goes out: whoever counts bytes instead of awaiting the end is not misled.
      if (size !== manifest.size) throw badFile('it is shorter than announced');
      if (!equalBytes(hash.value(), manifest.hash)) throw badFile('its hash is another');
    }
    yield plain;
  }
  return { size, hash: hash.value() };
}
