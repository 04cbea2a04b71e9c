import { equalBytes } from '@sotto/protocol';
import type { LeaveCommit, LeaveResult } from '../store.ts';
import { headOf, isFull, isMember, storeHead } from './append.ts';
import type { Database } from './database.ts';
import type { Entries } from './entries.ts';
import { endMembership } from './epochs.ts';

/** R3, R4: the statement goes into the log; the member is out from here on. Runs inside a transaction. */
export function leave(db: Database, entries: Entries, commit: LeaveCommit): LeaveResult {
  const { room, account, device, id, time } = commit;
  entries.refresh();
  const before = entries.find(commit);
  if (before) {
    if (before.kind !== 'leave') return { type: 'id_reused' };
    return { type: 'repeated', position: before.position, time: before.time };
  }
  const head = headOf(db, room);
  if (!head || !isMember(db, room, account)) return { type: 'not_member' };
  const current = db.get<{ hash: Uint8Array }>(
    'SELECT h.hash FROM rooms AS r JOIN headers AS h ON h.room = r.room AND h.epoch = r.epoch WHERE r.room = ?',
    room,
  );
  if (isFull(head)) return { type: 'full' };
  if (!current || !equalBytes(current.hash, commit.header)) return { type: 'stale_epoch', epoch: head.epoch };
  const position = entries.append(room, head, {
    time,
    kind: 'leave',
    account,
    device,
    id,
    body: commit.signed,
  });
  storeHead(db, room, head);
  endMembership(db, commit, position);
  db.run('UPDATE members SET departed = 1 WHERE room = ? AND account = ?', room, account);
  return { type: 'left', position, time: head.time, epoch: head.epoch };
}
