import type { AccountId } from '@sotto/protocol';
import { demandMember, demandMessage } from '../rooms/access.ts';
import type { Service } from '../service.ts';
import type { NewFile, Store, StoredFile } from '../store/store.ts';

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

/**
 * Who may bring bytes of a file: members of its room; of one that comes back from a backup, who may read its message, while
 * the operator lets people come back (attack 46).
 * @throws Refused 'not_member', 'not_found', 'restore_closed'
 */
export async function demandUploader(
  { store, restoring }: Pick<Service, 'store' | 'restoring'>,
  { room, account, brought }: Pick<NewFile, 'room' | 'account' | 'brought'>,
): Promise<void> {
  if (brought === null) {
    await demandMember(store, room, account);
    return;
  }
  await restoring.demand();
  await demandMessage(store, { room, position: brought, account });
}
