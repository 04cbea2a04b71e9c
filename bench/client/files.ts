/** Sealing and opening files, against bare AES-256-GCM on chunks of the same size. */
import {
  chunkSealer,
  FILE_CHUNK_BYTES,
  type FileManifest,
  newFileKey,
  openChunks,
  sealChunks,
} from '@sotto/crypto';
import type { Bytes } from '@sotto/protocol';
import { type Cost, type Effort, timesOf } from './cost.ts';

const CHUNKS = 24;
const BYTES = CHUNKS * FILE_CHUNK_BYTES;
const TARGET = 0.7;

export async function benchFiles(effort: Effort): Promise<Cost[]> {
  const chunk = new Uint8Array(FILE_CHUNK_BYTES).fill(7);
  const source = Array.from({ length: CHUNKS }, () => chunk);
  const named = { ...newFileKey(), name: 'film.mp4', type: 'video/mp4' };
  const { sealed, manifest } = await sealAll(named, source);
  const key = await crypto.subtle.importKey('raw', named.key, 'AES-GCM', false, ['encrypt', 'decrypt']);
  const aes = { name: 'AES-GCM', iv: new Uint8Array(12), additionalData: new Uint8Array(60) };
  const sealedChunk = await crypto.subtle.encrypt(aes, key, chunk);
  const repeat = async (run: () => Promise<unknown>) => {
    for (let index = 0; index < CHUNKS; index += 1) await run();
  };
  const seal = async () => {
    for await (const _ of sealChunks(named, source));
  };
  const sealer = await chunkSealer(named);
  const encryptAll = async () => {
    for (const [index, piece] of source.entries()) await sealer(index, index === CHUNKS - 1, piece);
  };
  const open = async () => {
    for await (const _ of openChunks(manifest, sealed));
  };
  const encrypt = () => crypto.subtle.encrypt(aes, key, chunk);
  const decrypt = () => crypto.subtle.decrypt(aes, key, sealedChunk);
  const digest = () => crypto.subtle.digest('SHA-256', chunk);
  const all = [encryptAll, seal, open, () => repeat(encrypt), () => repeat(decrypt), () => repeat(digest)];
  const [alone = 0, sealing = 0, opening = 0, rawSeal = 0, rawOpen = 0, hashing = 0] = await timesOf(
    all,
    1,
    effort,
  );
  const of = 'AES-256-GCM';
  const withHash = `${of}, then SHA-256`;
  const one = { bytes: BYTES };
  return [
    { name: 'encrypt the chunks of a file', ours: alone, raw: rawSeal, of, target: TARGET, ...one },
    { name: 'seal a file, its hash included', ours: sealing, raw: rawSeal, of, target: TARGET, ...one },
    { name: 'seal a file, its hash included', ours: sealing, raw: rawSeal + hashing, of: withHash, ...one },
    { name: 'open a file, its hash included', ours: opening, raw: rawOpen, of, target: TARGET, ...one },
    { name: 'open a file, its hash included', ours: opening, raw: rawOpen + hashing, of: withHash, ...one },
  ];
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
