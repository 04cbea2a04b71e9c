import type { OpenFile } from '@sotto/client';

/** All bytes of a file as a blob of a type of ours. */
export async function blobOf(file: OpenFile, type: string): Promise<Blob> {
  const parts: Uint8Array<ArrayBuffer>[] = [];
  for await (const part of file.read(0, file.size)) parts.push(part);
  return new Blob(parts, { type });
}
