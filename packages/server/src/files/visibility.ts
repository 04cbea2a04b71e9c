import type { AccountId } from '@sotto/protocol';
import type { Store, StoredFile } from '../store/store.ts';

/**
 * Who may fetch a file: members of its room; who is out, those of messages up to where it went; before the message is sent,
 * the account that uploads it. Everybody else gets the answer for what does not exist.
 */
export async function mayFetch(store: Store, file: StoredFile, account: AccountId): Promise<boolean> {
  if (file.completed === null) return false;
  if (file.position === null) return file.account === account;
  const membership = await store.rooms.membership(file.room, account);
  if (!membership) return false;
  return membership.until === null || file.position <= membership.until;
}
