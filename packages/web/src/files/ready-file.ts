import type { NewFile } from '@sotto/client';
import { blobBytes } from './blob-bytes.ts';

/** A file as it will be sent: its bytes, and what its message tells of it. */
export interface ReadyFile extends Omit<NewFile, 'open'> {
  readonly blob: Blob;
}

export function toNewFile({ blob, ...rest }: ReadyFile): NewFile {
  return { ...rest, open: () => blobBytes(blob) };
}
