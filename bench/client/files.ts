/** Sealing and opening files, against bare AES-256-GCM on chunks of the same size. */
import {
  type ChunkDigests,
  chunkSealer,
  digestsHere,
  FILE_CHUNK_BYTES,
  type FileManifest,
  newFileKey,
  openChunks,
  sealChunks,
} from '@sotto/crypto';
import type { Bytes } from '@sotto/protocol';
import { type Cost, type Effort, flow, measureTrials } from './cost.ts';

const CHUNKS = 24;
const BYTES = CHUNKS * FILE_CHUNK_BYTES;
const TARGET = 0.7;
/** Chunks under way at a time, as in `sealChunks`. */
const WIDTH = 4;

/** Fresh memory for every chunk, as from a disk or the network: the engine hands it on to other threads. */
function* copies(chunks: readonly Bytes[]): Generator<Bytes> {
  for (const chunk of chunks) yield chunk.slice();
}

/** @param digests where the engine hashes here */
export async function benchFiles(effort: Effort, digests: ChunkDigests = digestsHere): Promise<Cost[]> {
  const chunk = new Uint8Array(FILE_CHUNK_BYTES).fill(7);
  const source = Array.from({ length: CHUNKS }, () => chunk);
  const named = { ...newFileKey(), name: 'film.mp4', type: 'video/mp4' };
  const { sealed, manifest } = await sealAll(named, source);
  const key = await crypto.subtle.importKey('raw', named.key, 'AES-GCM', false, ['encrypt', 'decrypt']);
  const aes = { name: 'AES-GCM', iv: new Uint8Array(12), additionalData: new Uint8Array(60) };
  const sealedChunk = new Uint8Array(await crypto.subtle.encrypt(aes, key, chunk));
  const sealer = await chunkSealer(named);
  const encrypt = () => crypto.subtle.encrypt(aes, key, chunk.slice());
  const decrypt = () => crypto.subtle.decrypt(aes, key, sealedChunk.slice());
  const digest = () => crypto.subtle.digest('SHA-256', sealedChunk);
  const seal = async () => {
    for await (const _ of sealChunks(named, copies(source), digests));
  };
  const open = async () => {
    for await (const _ of openChunks(manifest, copies(sealed), digests));
  };
  const one = { bytes: BYTES, count: 1 };
  const bare = { ...one, of: 'AES-256-GCM', target: TARGET };
  const both = { ...one, of: 'AES-256-GCM, then SHA-256' };
  return measureTrials(
    [
      {
        name: 'encrypt the chunks of a file',
        ours: () => flow(CHUNKS, WIDTH, (index) => sealer(index, index === CHUNKS - 1, chunk.slice())),
        raw: () => flow(CHUNKS, WIDTH, encrypt),
        ...bare,
      },
      {
        name: 'seal a file, its hash included',
        ours: seal,
        raw: () => flow(CHUNKS, WIDTH, encrypt),
        ...bare,
      },
      {
        name: 'seal a file, its hash included',
        ours: seal,
        raw: () => flow(CHUNKS, WIDTH, async () => [await encrypt(), await digest()]),
        ...both,
      },
      {
        name: 'open a file, its hash included',
        ours: open,
        raw: () => flow(CHUNKS, WIDTH, decrypt),
        ...bare,
      },
      {
        name: 'open a file, its hash included',
        ours: open,
        raw: () => flow(CHUNKS, WIDTH, async () => [await decrypt(), await digest()]),
        ...both,
      },
    ],
    // Rates on chunks vary most, by where their results come to lie in memory.
    { rounds: effort.rounds * 2 },
  );
}

async function sealAll(named: Parameters<typeof sealChunks>[0], source: readonly Uint8Array[]) {
  const sealed: Bytes[] = [];
  const sealing = sealChunks(named, source);
  for (;;) {
    const step = await sealing.next();
    if (step.done) return { sealed, manifest: { ...named, ...step.value } satisfies FileManifest };
    sealed.push(step.value);
  }
}
