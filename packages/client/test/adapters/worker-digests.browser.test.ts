import {
  digestsHere,
  FILE_CHUNK_BYTES,
  newFileKey,
  openChunks,
  randomBytes,
  sealChunks,
  sha256,
} from '@sotto/crypto';
import type { Bytes } from '@sotto/protocol';
import { describe, expect, it } from 'vitest';
import { workerDigests } from '../../src/browser/worker-digests.ts';

const address = new URL('../../src/browser/hash-worker.ts', import.meta.url).href;
const digests = workerDigests(address);
const named = { ...newFileKey(), name: 'film.mp4', type: 'video/mp4' };

async function seal(plain: readonly Bytes[], where = digests) {
  const sealed: Bytes[] = [];
  const sealing = sealChunks(named, plain, where);
  for (;;) {
    const step = await sealing.next();
    if (step.done) return { sealed, manifest: { ...named, ...step.value } };
    sealed.push(step.value);
  }
}

describe('[M6] chunks hashed in a dedicated worker', () => {
  it('gives each its hash and the chunk back, several at once', { timeout: 20_000 }, async () => {
    const chunks = Array.from({ length: 6 }, (_, index) => randomBytes(1_000 * (index + 1)));
    const copies = chunks.map((chunk) => chunk.slice());
    const kept = await Promise.all(copies.map((chunk) => digests.keep(chunk)));
    expect(copies.map(({ length }) => length)).toEqual([0, 0, 0, 0, 0, 0]); // handed over, not copied
    for (const [index, chunk] of chunks.entries()) {
      expect(kept[index]).toEqual({ sealed: chunk, digest: await sha256(chunk) });
      expect(await digests.spend(chunk.slice())).toEqual(await sha256(chunk));
    }
  });

  it('leaves whatever else is in the same memory alone', { timeout: 20_000 }, async () => {
    const whole = randomBytes(4_000);
    const part = whole.subarray(1_000, 2_000);
    expect(await digests.spend(part)).toEqual(await sha256(whole.slice(1_000, 2_000)));
    expect(whole.length).toBe(4_000);
  });

  it('seals and opens a file as the page itself does', { timeout: 30_000 }, async () => {
    const plain = Array.from({ length: 3 }, (_, i) => new Uint8Array(FILE_CHUNK_BYTES).fill(i + 1));
    plain.push(new Uint8Array(1_234).fill(9));
    const { sealed, manifest } = await seal(plain);
    const here = await seal(plain, digestsHere);
    expect(manifest).toEqual(here.manifest);
    expect(sealed.every((chunk, i) => chunk.length === here.sealed[i]?.length)).toBe(true);
    const opened = await Array.fromAsync(openChunks(manifest, sealed, digests));
    expect(opened.map((chunk) => [chunk.length, chunk[0]])).toEqual(
      plain.map((chunk) => [chunk.length, chunk[0]]),
    );
    const [first, ...rest] = here.sealed;
    const other = { ...manifest, hash: randomBytes(32) };
    await expect(Array.fromAsync(openChunks(other, [first as Bytes, ...rest], digests))).rejects.toThrow(
      'its hash is another',
    );
  });

  it('without a worker the page hashes itself, and nothing is lost', { timeout: 20_000 }, async () => {
    const missing = workerDigests(new URL('/no-such-worker.js', location.href).href);
    const chunk = randomBytes(500);
    expect(await missing.keep(chunk)).toEqual({ sealed: chunk, digest: await sha256(chunk) });
  });

  it('says so when it dies at work', { timeout: 20_000 }, async () => {
    const source =
      'onmessage = ({ data }) => { if (data.bytes.byteLength) throw new Error("gone"); postMessage({ id: data.id, digest: new ArrayBuffer(32) }); };';
    const dying = URL.createObjectURL(new Blob([source], { type: 'text/javascript' }));
    await expect(workerDigests(dying).keep(randomBytes(10))).rejects.toMatchObject({
      name: 'ClientError',
      code: 'usage',
    });
    URL.revokeObjectURL(dying);
  });
});
