import type { NewFile } from '@sotto/client';
import { FILES_CONTENT_BYTES } from '../../app/limits.ts';
import { blobBytes } from '../read/blob-bytes.ts';

type Bytes = Uint8Array<ArrayBuffer>;

/** A file as it will be sent: its bytes, and what its message tells of it. */
export interface ReadyFile extends Omit<NewFile, 'open'> {
  readonly blob: Blob;
  /** Its thumbnail ever smaller, for a message with many. */
  readonly smaller?: readonly Bytes[];
}

/** What the message tells of one file besides name and thumbnail: key, hash, sizes, blurred preview, waveform. */
const OTHERS = 400;

/** All of one message. Where their thumbnails are too much for it, all of them get smaller alike, and none is left out alone. */
export function toNewFiles(files: readonly ReadyFile[], body: string): NewFile[] {
  const length = (text: string) => new TextEncoder().encode(text).length;
  const told = files.reduce(
    (sum, { name, type }) => sum + OTHERS + length(name) + length(type),
    length(body),
  );
  const thumbnails = sharing(files.map(ladder), FILES_CONTENT_BYTES - told);
  return files.map(({ blob, smaller: _, thumbnail: __, ...rest }, index) => {
    const thumbnail = thumbnails[index];
    return { ...rest, ...(thumbnail ? { thumbnail } : {}), open: () => blobBytes(blob) };
  });
}

const ladder = ({ thumbnail, smaller = [] }: ReadyFile): Bytes[] =>
  thumbnail ? [thumbnail, ...smaller] : [];

/** Of each its largest one under a bound, the highest at which all of them have room together. */
function sharing(ladders: readonly (readonly Bytes[])[], room: number): (Bytes | undefined)[] {
  const bounds = ladders.flat().map((one) => one.length);
  for (const bound of bounds.sort((a, b) => b - a)) {
    const chosen = ladders.map((each) => each.find((one) => one.length <= bound));
    if (chosen.reduce((sum, one) => sum + (one?.length ?? 0), 0) <= room) return chosen;
  }
  return [];
}
