import type { RoomId } from '@sotto/protocol';
import type { TabChange } from '../seams/index.ts';
import type { EngineParts } from './parts.ts';

type Parts = Pick<EngineParts, 'rows' | 'outbox' | 'directory' | 'consent' | 'files' | 'timelines'> & {
  /** The account was erased in another tab. */
  onErased(): Promise<void>;
};

/** E4: another tab of this account changed rows: they are read again. */
export async function takeTabChange(parts: Parts, change: TabChange): Promise<void> {
  switch (change.type) {
    case 'room': {
      const room = change.room as RoomId;
      await parts.rows.reloadReceipts(room);
      await parts.rows.reload(room);
      await parts.timelines.peek(room)?.reload();
      return;
    }
    case 'outbox':
      await parts.outbox.reload(change.room as RoomId);
      parts.outbox.pump(change.room as RoomId); // the tab that wrote it may be gone or offline
      return;
    case 'people':
      await parts.directory.load();
      parts.directory.lists.forget();
      await parts.consent.load();
      return;
    case 'files':
      await parts.files.tabChanged();
      return;
    case 'erased':
      await parts.onErased();
  }
}
