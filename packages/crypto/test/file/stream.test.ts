import { type Bytes, concat } from '@sotto/protocol';
import { describe, expect, it } from 'vitest';

import {
  chunkCount,
  FILE_CHUNK_BYTES,
  type FileManifest,
  newFileKey,
  openChunk,
  openChunks,
  randomBytes,
  sealChunks,
  sealedRange,
  sealedSize,
  UsageError,
} from '../../src/index.ts';
import { at } from '../support/person.ts';
import { expectRefusal } from '../support/refusal.ts';

const SEALED = FILE_CHUNK_BYTES + 16;

/** Bytes that differ from chunk to chunk; `getRandomValues` gives at most 64 KiB at once. */
function content(length: number): Bytes {
  const bytes = new Uint8Array(length);
  for (let i = 0; i < length; i += 4_096) bytes.set(randomBytes(Math.min(32, length - i)), i);
  return bytes;
}

async function seal(plain: Bytes, named = { name: 'plan.pdf', type: 'application/pdf' }) {
  const key = { ...newFileKey(), ...named };
  const chunks: Bytes[] = [];
  const sealing = sealChunks(key, [plain]);
  for (;;) {
    const step = await sealing.next();
    if (step.done) return { chunks, manifest: { ...key, ...step.value } satisfies FileManifest };
    chunks.push(step.value);
  }
}

const digest = async (bytes: Bytes) => new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));

/** What a download does: everything, or an error. */
async function open(manifest: FileManifest, parts: readonly Uint8Array[]): Promise<Bytes> {
  const out: Bytes[] = [];
  for await (const plain of openChunks(manifest, parts)) out.push(plain);
  return concat(...out);
}

describe('[M6] files', () => {
  it.each([0, 1, 1_000, FILE_CHUNK_BYTES - 1, FILE_CHUNK_BYTES, FILE_CHUNK_BYTES + 1, 3 * FILE_CHUNK_BYTES])(
    'of %i bytes come back as they were',
    async (length) => {
      const plain = content(length);
      const { chunks, manifest } = await seal(plain);
      expect(chunks).toHaveLength(Math.max(1, Math.ceil(length / FILE_CHUNK_BYTES)));
      expect(manifest.size).toBe(length);
      const digests = await Promise.all(chunks.map((chunk) => digest(chunk)));
      const label = new TextEncoder().encode('sotto/v1/file-hash\0');
      expect(manifest.hash).toEqual(await digest(concat(label, ...digests)));
      expect(sameBytes(await open(manifest, chunks), plain)).toBe(true);
    },
  );

  it('do not depend on how the network cuts them', async () => {
    const plain = content(FILE_CHUNK_BYTES + 5_000);
    const { chunks, manifest } = await seal(plain);
    const whole = concat(...chunks);
    const parts: Bytes[] = [new Uint8Array(0)];
    for (let i = 0; i < whole.length; i += 300_007)
      parts.push(whole.slice(i, i + 300_007), new Uint8Array(0));
    expect(sameBytes(await open(manifest, parts), plain)).toBe(true);
  });

  it('agree with the construction written by hand: nonce = 7 zeros ‖ number ‖ last', async () => {
    const plain = content(FILE_CHUNK_BYTES + 10);
    const { chunks, manifest } = await seal(plain);
    const encoder = new TextEncoder();
    const key = await crypto.subtle.importKey('raw', manifest.key, 'AES-GCM', false, ['encrypt']);
    const described = concat(
      new Uint8Array([0, 0, 0, manifest.name.length]),
      encoder.encode(manifest.name + manifest.type),
    );
    const additionalData = concat(
      encoder.encode('sotto/v1/file\0'),
      manifest.file,
      new Uint8Array(await crypto.subtle.digest('SHA-256', described)),
    );
    const second = await crypto.subtle.encrypt(
      { name: 'AES-GCM', iv: new Uint8Array([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1]), additionalData },
      key,
      plain.slice(FILE_CHUNK_BYTES),
    );
    expect(at(chunks, 1)).toEqual(new Uint8Array(second));
  });

  it('may come in shared memory, which Web Crypto refuses', async () => {
    // By way of WebAssembly, since a page that is not isolated has no constructor for it.
    const memory = new WebAssembly.Memory({ initial: 32, maximum: 32, shared: true });
    const shared = new Uint8Array(memory.buffer).fill(7);
    expect(shared.length).toBe(2 * FILE_CHUNK_BYTES);
    await expect(crypto.subtle.digest('SHA-256', shared)).rejects.toThrow();
    const key = { ...newFileKey(), name: '', type: '' };
    let sealed = 0;
    for await (const chunk of sealChunks(key, [shared])) sealed += chunk.length;
    expect(sealed).toBe(sealedSize(shared.length));
  });

  it('take constant memory: four chunks under way and one of look-ahead, whatever the size', async () => {
    let given = 0;
    let taken = 0;
    let widest = 0;
    async function* source() {
      for (let i = 0; i < 9; i++) {
        given += 1;
        widest = Math.max(widest, given - taken);
        yield new Uint8Array(FILE_CHUNK_BYTES);
      }
    }
    for await (const chunk of sealChunks({ ...newFileKey(), name: '', type: '' }, source())) {
      expect(chunk.length).toBe(SEALED);
      taken += 1;
    }
    expect(taken).toBe(9);
    expect(widest).toBe(5);
  });

  it('stop reading where the reader stops', async () => {
    let closed = false;
    async function* source() {
      try {
        for (;;) yield new Uint8Array(FILE_CHUNK_BYTES);
      } finally {
        closed = true;
      }
    }
    for await (const _ of sealChunks({ ...newFileKey(), name: '', type: '' }, source())) break;
    expect(closed).toBe(true);
  });
});

describe('[M6] one chunk on its own, for seeking', () => {
  it.each([0, 1, FILE_CHUNK_BYTES, FILE_CHUNK_BYTES + 1, 3 * FILE_CHUNK_BYTES])(
    'opens from its range of a file of %i bytes',
    async (length) => {
      const plain = content(length);
      const { chunks, manifest } = await seal(plain);
      const whole = concat(...chunks);
      expect(whole).toHaveLength(sealedSize(length));
      expect(chunks).toHaveLength(chunkCount(length));
      for (let index = chunkCount(length) - 1; index >= 0; index--) {
        const { start, end } = sealedRange(index, length);
        const opened = await openChunk(manifest, index, whole.slice(start, end));
        const from = index * FILE_CHUNK_BYTES;
        expect(sameBytes(opened, plain.slice(from, from + FILE_CHUNK_BYTES))).toBe(true);
      }
    },
  );

  it('[attack 16] opens at no other place, not cut, and not as the end of a shorter file', async () => {
    const { chunks, manifest } = await seal(content(2 * FILE_CHUNK_BYTES + 500));
    const refused = (changed: FileManifest, index: number, bytes: Bytes) =>
      expectRefusal(openChunk(changed, index, bytes), 'M6', 'bad_file');
    await refused(manifest, 1, at(chunks, 0));
    await refused(manifest, 2, at(chunks, 2).slice(1));
    await refused(manifest, 1, at(chunks, 2));
    await refused({ ...manifest, size: 2 * FILE_CHUNK_BYTES }, 1, at(chunks, 1));
    await refused({ ...manifest, name: 'plan.exe' }, 0, at(chunks, 0));
  });

  it('does not exist behind the end, before the start or in a file of no size', () => {
    for (const index of [3, -1, 0.5])
      expect(() => sealedRange(index, 2 * FILE_CHUNK_BYTES + 1)).toThrow(UsageError);
    for (const size of [-1, 0.5, Number.NaN, 2 ** 53 - 1]) expect(() => chunkCount(size)).toThrow(UsageError);
  });
});

describe('[attack 16] a download is whole or it fails', () => {
  const three = seal(content(2 * FILE_CHUNK_BYTES + 500));
  const refused = async (manifest: FileManifest, parts: readonly Uint8Array[]) =>
    expectRefusal(open(manifest, parts), 'M6', 'bad_file');

  it('cut after a chunk, inside a chunk, to nothing', async () => {
    const { chunks, manifest } = await three;
    await refused(manifest, chunks.slice(0, 2));
    await refused(manifest, chunks.slice(0, 1));
    await refused(manifest, [...chunks.slice(0, 2), at(chunks, 2).slice(0, 100)]);
    await refused(manifest, [...chunks.slice(0, 2), at(chunks, 2).slice(0, 5)]);
    await refused(manifest, []);
  });

  it('reordered, with a chunk twice, or with something behind the end', async () => {
    const { chunks, manifest } = await three;
    const [first, second, last] = [at(chunks, 0), at(chunks, 1), at(chunks, 2)];
    await refused(manifest, [second, first, last]);
    await refused(manifest, [first, first, second, last]);
    await refused(manifest, [first, second, last, last]);
    await refused(manifest, [first, second, last, new Uint8Array(1)]);
    await refused(manifest, [last]);
  });

  it('with a changed byte in any chunk', async () => {
    const { chunks, manifest } = await three;
    for (let index = 0; index < 3; index++) {
      const changed = at(chunks, index).slice();
      changed[99] = (changed[99] as number) ^ 1;
      await refused(
        manifest,
        chunks.map((chunk, i) => (i === index ? changed : chunk)),
      );
    }
  });

  it('spliced from two files, even under one key', async () => {
    const { chunks, manifest } = await three;
    const other = await seal(content(2 * FILE_CHUNK_BYTES + 500));
    await refused(manifest, [at(chunks, 0), at(other.chunks, 1), at(chunks, 2)]);
    await refused(manifest, other.chunks);
    await refused({ ...manifest, key: other.manifest.key }, other.chunks);
    await refused({ ...manifest, file: other.manifest.file }, chunks);
  });

  it('under a swapped name or type, size or hash', async () => {
    const { chunks, manifest } = await three;
    await refused({ ...manifest, name: 'plan.exe' }, chunks);
    await refused({ ...manifest, type: 'text/html' }, chunks);
    await refused({ ...manifest, name: 'plan.pdfa', type: 'pplication/pdf' }, chunks);
    await refused({ ...manifest, size: manifest.size + 1 }, chunks);
    await refused({ ...manifest, size: manifest.size - 1 }, chunks);
    await refused({ ...manifest, hash: new Uint8Array(32) }, chunks);
  });

  it('nothing is said to be complete before the end was verified', async () => {
    const { chunks, manifest } = await three;
    const opening = openChunks(manifest, chunks.slice(0, 2));
    expect((await opening.next()).done).toBe(false);
    await expectRefusal(opening.next(), 'M6', 'bad_file');
  });
});

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, index) => byte === b[index]);
}
