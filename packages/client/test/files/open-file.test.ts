import { type Attachment, newFileKey, sealChunks } from '@sotto/crypto';
import { type Bytes, type FileId, toBase64Url } from '@sotto/protocol';
import { expect, test } from 'vitest';
import { openFile } from '../../src/engine/files/open-file.ts';

async function sealed(plain: Bytes) {
  const key = newFileKey();
  const naming = { name: 'notes.bin', type: 'application/octet-stream' };
  const chunks: Bytes[] = [];
  const sealing = sealChunks({ ...key, ...naming }, [plain]);
  for (;;) {
    const step = await sealing.next();
    if (step.done) {
      const attachment: Attachment = {
        ...naming,
        ...step.value,
        key: key.key,
        file: toBase64Url(key.file) as FileId,
      };
      return { attachment, chunks };
    }
    chunks.push(step.value);
  }
}

async function opened(plain: Bytes) {
  const { attachment, chunks } = await sealed(plain);
  return openFile(attachment, {
    async *chunks(first, last) {
      for (const chunk of chunks.slice(first, last + 1)) yield chunk.slice();
    },
    broken: () => Promise.resolve(),
    checksWhole: true,
  });
}

async function read(file: Awaited<ReturnType<typeof opened>>, transfer: boolean): Promise<number[]> {
  const bytes: number[] = [];
  for await (const part of file.read(0, file.size)) {
    bytes.push(...part);
    if (transfer) structuredClone(part, { transfer: [part.buffer] });
  }
  return bytes;
}

test('whoever reads may give the memory of a part away, and read the same place again', async () => {
  const file = await opened(new Uint8Array([1, 2, 3, 4]));
  for (const transfer of [true, true, false, true]) {
    expect(await read(file, transfer)).toEqual([1, 2, 3, 4]);
  }
});

test('an empty file is read as often as asked for', async () => {
  const file = await opened(new Uint8Array(0));
  expect(await read(file, true)).toEqual([]);
  expect(await read(file, true)).toEqual([]);
});
