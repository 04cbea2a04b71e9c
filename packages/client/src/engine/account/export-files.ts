import type { RoomId } from '@sotto/protocol';
import { ClientError } from '../../error.ts';
import type { Files } from '../../files.ts';
import { filesIn } from '../../message-item.ts';
import type { FileItem, TimelineItem } from '../../state.ts';

/** An export is made in memory: files go in up to this many bytes, and the rest is named. */
const ROOM_FOR_FILES = 100 * 1_048_576;

export interface ExportedFiles {
  /** Bytes by name inside of the conversation's folder. */
  readonly files: ReadonlyMap<string, Uint8Array>;
  /** A line for each one that is not in it, with why. */
  readonly leftOut: readonly string[];
}

/** Gathers files for an export over all conversations, until its room is used up. */
export class FileExport {
  readonly #files: Pick<Files, 'stream'>;
  #left = ROOM_FOR_FILES;

  constructor(files: Pick<Files, 'stream'>) {
    this.#files = files;
  }

  /** The files of a conversation that are kept here or can be fetched. */
  async gather(room: RoomId, items: readonly TimelineItem[]): Promise<ExportedFiles> {
    const files = new Map<string, Uint8Array>();
    const leftOut: string[] = [];
    for (const item of items) {
      if (item.type !== 'message') continue;
      for (const [index, file] of filesIn(item).entries()) {
        const name = `${item.position ?? 'waiting'}-${index + 1} ${plainName(file.name)}`;
        if (file.size > this.#left) {
          leftOut.push(
            `${name}: ${file.size} bytes are too much for an export; save it in the conversation\n`,
          );
          continue;
        }
        const read =
          item.position === null ? 'it has not been sent' : await this.#read(room, item.position, file);
        if (typeof read === 'string') leftOut.push(`${name}: ${read}\n`);
        else files.set(name, read);
      }
    }
    return { files, leftOut };
  }

  /** @returns its bytes, or why there are none */
  async #read(room: RoomId, position: number, file: FileItem): Promise<Uint8Array | string> {
    try {
      const opened = await this.#files.stream(room, position, file.file);
      const bytes = new Uint8Array(file.size);
      let at = 0;
      for await (const part of opened.read(0, file.size)) {
        bytes.set(part, at);
        at += part.length;
      }
      this.#left -= file.size;
      return bytes;
    } catch (error) {
      if (error instanceof ClientError) return error.message;
      throw error;
    }
  }
}

/** A file's name as every file system takes it; nothing in it leads out of the folder. */
function plainName(name: string): string {
  return (
    name
      .replace(/[^\p{L}\p{N} _.-]/gu, '_')
      .replace(/^\.+/, '')
      .slice(-100) || 'file'
  );
}
