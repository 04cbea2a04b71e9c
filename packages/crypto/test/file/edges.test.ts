import { LIMITS } from '@sotto/protocol';
import { expect, it, vi } from 'vitest';
import { chunkSealer } from '../../src/file/chunk.ts';
import {
  chunkCount,
  FILE_CHUNK_BYTES,
  newFileKey,
  openChunk,
  openChunks,
  randomBytes,
  sealChunks,
  UsageError,
} from '../../src/index.ts';
import { expectRefusal } from '../support/refusal.ts';

const named = { name: 'a', type: 'text/plain' };

async function sealed(plain: Uint8Array<ArrayBuffer>) {
  const key = { ...newFileKey(), ...named };
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  const sealing = sealChunks(key, [plain]);
  for (let step = await sealing.next(); ; step = await sealing.next()) {
    if (step.done) return { chunks, manifest: { ...key, ...step.value }, totals: step.value };
    chunks.push(step.value);
  }
}

async function drain(chunks: AsyncGenerator<unknown, unknown>) {
  for (;;) {
    const { done, value } = await chunks.next();
    if (done) return value;
  }
}

it('[M6] a key or an id of another length seals and opens nothing', async () => {
  const { key, file } = newFileKey();
  const made = { key, file, ...named };
  await expect(chunkSealer({ ...made, key: randomBytes(16) })).rejects.toThrow(UsageError);
  await expect(chunkSealer({ ...made, file: randomBytes(15) })).rejects.toThrow(UsageError);
});

it('[M6] the key in use cannot be taken out again', async () => {
  const imported = vi.spyOn(crypto.subtle, 'importKey');
  await chunkSealer({ ...newFileKey(), ...named });
  expect(imported.mock.calls.map(([, , , extractable]) => extractable)).toEqual([false]);
  imported.mockRestore();
});

it('[M6] a file has as many chunks as a number of 32 bits names, and no more', () => {
  expect(chunkCount(LIMITS.count)).toBeLessThanOrEqual(0xffff_ffff);
  expect(() => chunkCount(LIMITS.count + 1)).toThrow(UsageError);
});

it('[M6] [attack 16] bytes of another length than the chunk’s are refused before they are tried', async () => {
  const { chunks, manifest } = await sealed(randomBytes(100));
  const [chunk = randomBytes(0)] = chunks;
  const tried = vi.spyOn(crypto.subtle, 'decrypt');
  for (const cut of [chunk.slice(1), new Uint8Array([...chunk, 0]), randomBytes(0)]) {
    await expectRefusal(openChunk(manifest, 0, cut), 'M6', 'bad_file');
  }
  await expectRefusal(drain(openChunks(manifest, [chunk.slice(0, 15)])), 'M6', 'bad_file');
  expect(tried).not.toHaveBeenCalled();
  tried.mockRestore();
});

it('[M6] [attack 16] what is longer than announced is refused before more of it is opened', async () => {
  const { chunks, manifest } = await sealed(randomBytes(100));
  const tried = vi.spyOn(crypto.subtle, 'decrypt');
  const whole = new Uint8Array(FILE_CHUNK_BYTES + 16);
  await expectRefusal(drain(openChunks(manifest, [whole, whole, ...chunks])), 'M6', 'bad_file');
  expect(tried.mock.calls.length).toBeLessThanOrEqual(1);
  tried.mockRestore();
});

it('[M6] the end of opening says what was opened', async () => {
  const { chunks, manifest, totals } = await sealed(randomBytes(100));
  expect(await drain(openChunks(manifest, chunks))).toEqual(totals);
});

it('a fault that is not the file’s is told as what it is', async () => {
  const { chunks, manifest } = await sealed(randomBytes(100));
  const [chunk = randomBytes(0)] = chunks;
  const broken = vi.spyOn(crypto.subtle, 'decrypt').mockRejectedValue(new TypeError('out of order'));
  await expect(openChunk(manifest, 0, chunk)).rejects.toThrow(/out of order|whole/);
  broken.mockRestore();
});
