import type { BackupSource } from '../backup.ts';
import { ClientError } from '../error.ts';

/** A chosen file as a backup; it is read piece by piece, as it is needed. */
export function backupFromBlob(blob: Blob): BackupSource {
  return {
    size: blob.size,
    read: async (from, to) => {
      try {
        return new Uint8Array(await blob.slice(from, to).arrayBuffer());
      } catch (cause) {
        if (!(cause instanceof DOMException)) throw cause;
        const message = 'The backup cannot be read any more: it was changed or moved. Choose it again.';
        throw new ClientError('usage', { message, cause });
      }
    },
  };
}
