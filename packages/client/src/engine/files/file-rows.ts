import type { FileId } from '@sotto/protocol';
import type { Storage } from '../../seams/index.ts';
import type { FileRow, KeptFile, OutboxRow, OutgoingFile } from '../rows.ts';

/** The table of files: the store is the truth, nothing is mirrored. */
export class FileRows {
  readonly #storage: Storage;

  constructor(storage: Storage) {
    this.#storage = storage;
  }

  get(file: FileId): Promise<FileRow | undefined> {
    return this.#storage.transaction(['files'], 'read', (tx) => tx.get<FileRow>('files', [file]));
  }

  all(): Promise<FileRow[]> {
    return this.#storage.transaction(['files'], 'read', (tx) => tx.range<FileRow>('files', { prefix: [] }));
  }

  /** @param change makes the new row; null deletes it, and the same row leaves it. @returns the row that stands now */
  update(
    file: FileId,
    change: (row: FileRow | undefined) => FileRow | null | undefined,
  ): Promise<FileRow | null | undefined> {
    return this.#storage.transaction(['files'], 'write', async (tx) => {
      const row = await tx.get<FileRow>('files', [file]);
      const next = change(row);
      if (next === null) await tx.delete('files', [file]);
      else if (next && next !== row) await tx.put('files', [file], next);
      return next;
    });
  }

  /** The message has been sent: its sealed files are kept from now on like any others. */
  async settleSent(used: number): Promise<void> {
    await this.#storage.transaction(['files', 'outbox'], 'write', async (tx) => {
      const sending = (await tx.range<FileRow>('files', { prefix: [] })).filter(
        (row) => row.state === 'outgoing',
      );
      if (sending.length === 0) return;
      const waiting = new Set((await tx.range<OutboxRow>('outbox', { prefix: [] })).map(({ id }) => id));
      for (const row of sending) {
        if (waiting.has(row.message)) continue;
        await tx.put('files', [row.file], keptFrom(row, used));
      }
    });
  }
}

const keptFrom = ({ file, room, size }: OutgoingFile, used: number): KeptFile => ({
  state: 'kept',
  file,
  room,
  position: 0,
  size,
  whole: true,
  held: false,
  used,
});
