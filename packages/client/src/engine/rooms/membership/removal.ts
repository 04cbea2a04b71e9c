import type { AccountId, RoomId } from '@sotto/protocol';
import { ClientError, isUncertain } from '../../../error.ts';
import type { RoomRow } from '../../rows.ts';
import type { RoomRows } from '../room-rows.ts';

/** Another change came first: look again and rebase (R4). */
export const RETRY: readonly string[] = ['epoch_conflict', 'stale_key', 'list_conflict'];

/** True where an alarm stops changes too; the one about an unconfirmed change is lifted by making it again. */
export const halted = (row: RoomRow) => row.alarm !== null && !(row.unconfirmed && row.alarm.rule === 'R4');

/** Members whom this user removed and whom the newest header still lists. */
export function pendingRemovals(row: RoomRow): readonly AccountId[] {
  const members = row.state.header?.header.members ?? [];
  return (row.removing ?? []).filter((account) => members.some((member) => member.account === account));
}

/**
 * Attack 11: a removal counts from the moment it is tried. Unless the server or a rule says that it may not be,
 * it is tried again by itself, and nothing is sent under the keys of before.
 * @throws ClientError of `commit`; where it may yet be done, saying so
 */
export async function keepRemoving(
  at: { readonly rows: RoomRows; readonly room: RoomId; readonly remove: readonly AccountId[] },
  commit: () => Promise<number>,
): Promise<number> {
  const { rows, room, remove } = at;
  if (remove.length === 0) return commit();
  await rows.update(room, (row) => ({ ...row, removing: remove }));
  try {
    return await commit();
  } catch (error) {
    const code = error instanceof ClientError ? error.code : 'verification';
    if (RETRY.includes(code)) throw error;
    if (isUncertain(error)) {
      const reason = 'removal_unconfirmed';
      throw new ClientError(error.code, { reason, rule: 'R5', cause: error });
    }
    await rows.update(room, (row) => ({ ...row, removing: [] }));
    throw error;
  }
}
