import { createHash } from 'node:crypto';
import {
  type Engine,
  type FileItem,
  filesIn,
  type MessageItem,
  type NewFile,
  type OpenFile,
} from '@sotto/client';
import type { RoomId } from '@sotto/protocol';

const PART = 262_144;

/** The same bytes for the same seed, wherever one starts reading: a stream of any length that is kept nowhere. */
function patternAt(seed: number, from: number, to: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(to - from);
  for (let index = 0; index < bytes.length; index += 1) {
    const at = from + index;
    bytes[index] = (Math.imul(at ^ (at >>> 9), 2_654_435_761) + seed + (at >>> 20)) & 0xff;
  }
  return bytes;
}

/** A file made of a pattern. */
export function parcel(
  name: string,
  size: number,
  change: Partial<NewFile> & { seed?: number } = {},
): NewFile {
  const { seed = 1, ...more } = change;
  return {
    name,
    type: 'application/octet-stream',
    size,
    async *open() {
      for (let at = 0; at < size; at += PART) yield patternAt(seed, at, Math.min(at + PART, size));
    },
    ...more,
  };
}

export async function digestOf(parts: AsyncIterable<Uint8Array>): Promise<string> {
  const hash = createHash('sha256');
  for await (const part of parts) hash.update(part);
  return hash.digest('hex');
}

export const wholeOf = (file: OpenFile): AsyncIterable<Uint8Array> => file.read(0, file.size);

export const messagesOf = (engine: Engine, room: RoomId): MessageItem[] =>
  engine.timeline(room).state.items.filter((item): item is MessageItem => item.type === 'message');

/** The newest message in the log with a file of this name. */
export function found(
  engine: Engine,
  room: RoomId,
  name: string,
): { item: MessageItem; position: number; file: FileItem } | undefined {
  for (const item of messagesOf(engine, room).toReversed()) {
    const file = filesIn(item).find((one) => one.name === name);
    if (file && item.position !== null) return { item, position: item.position, file };
  }
  return undefined;
}

/** Waits for what has to be asked for. @throws Error naming `what` after the limit */
export async function eventually(
  condition: () => Promise<boolean>,
  what: string,
  limit = 15_000,
): Promise<void> {
  const end = Date.now() + limit;
  while (!(await condition())) {
    if (Date.now() > end) throw new Error(`waited ${limit} ms in vain until ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
