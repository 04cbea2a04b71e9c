import type { FileId, MessageId, RoomId } from '@sotto/protocol';
import type { Transaction } from '../../seams/index.ts';
import type { FileRow } from '../rows.ts';

/** A message is given up: its files go too, here and at the server; files that it would have deleted stay. */
export async function giveUpFiles(tx: Transaction, room: RoomId, message: MessageId): Promise<void> {
  for (const row of await tx.range<FileRow>('files', { prefix: [] })) {
    const { file } = row;
    if (row.state === 'outgoing' && row.message === message)
      await tx.put<FileRow>('files', [file], { state: 'doomed', file, room, after: null });
    else if (row.state === 'doomed' && row.after === message) await tx.delete('files', [file]);
  }
}

/** The server does not have them after all: they go up again. */
export async function uploadFilesAgain(tx: Transaction, files: readonly FileId[]): Promise<void> {
  for (const file of files) {
    const row = await tx.get<FileRow>('files', [file]);
    if (row?.state === 'outgoing') await tx.put<FileRow>('files', [file], { ...row, step: 'sealed' });
  }
}
