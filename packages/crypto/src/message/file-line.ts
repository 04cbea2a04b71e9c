import { type Bytes, type FileId, plainLine } from '@sotto/protocol';
import type { Attachment } from './attachment.ts';

/**
 * One file of a message as an interface sees it: without its key. Everything here comes from the sender, and is shown as text or
 * not at all (attack 31).
 */
export interface FileLine {
  readonly file: FileId;
  readonly name: string;
  readonly type: string;
  /** Plaintext bytes. */
  readonly size: number;
  /** Pixels, of pictures and videos. */
  readonly width: number | null;
  readonly height: number | null;
  /** Milliseconds, of sound and video. */
  readonly duration: number | null;
  readonly thumbhash: Bytes | null;
  /** A small JPEG or WebP. */
  readonly thumbnail: Bytes | null;
  /** A voice message: loudness over its time, 0 … 255 each. */
  readonly waveform: Bytes | null;
}

export function fileLine(attachment: Attachment): FileLine {
  const { file, name, type, size, width, height, duration, thumbhash, thumbnail, waveform } = attachment;
  return {
    file,
    name: plainLine(name), // attack 49; in the seal of the bytes it stays as the sender wrote it
    type,
    size,
    width: width ?? null,
    height: height ?? null,
    duration: duration ?? null,
    thumbhash: thumbhash ?? null,
    thumbnail: thumbnail ?? null,
    waveform: waveform ?? null,
  };
}
