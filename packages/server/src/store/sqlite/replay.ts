import { equalBytes, type RoomId } from '@sotto/protocol';
import type { LogBeginning, LogExtent, LogPart, Replay, ReplayResult } from '../store.ts';
import { chainAt, headOf } from './append.ts';
import { roomCount } from './consent.ts';
import type { Database } from './database.ts';
import type { Entries } from './entries.ts';
import { commitEpoch, enterHeader, insertRoom } from './epochs.ts';
import { leave } from './leaves.ts';
import { append } from './log.ts';

const NO_CHAIN = new Uint8Array(0);

export function logExtent(db: Database, room: RoomId): LogExtent | undefined {
  const head = headOf(db, room);
  const row = db.get<{ base: number; restored: number }>(
    'SELECT base, restored FROM rooms WHERE room = ?',
    room,
  );
  if (!head || !row) return undefined;
  const { position, chain, time } = head;
  return { base: row.base, head: position, chain, time, still: row.restored === 1 };
}

export function begin(
  db: Database,
  table: Entries,
  { room, by, base, chain, headers, limits }: LogBeginning,
): ReplayResult {
  table.refresh();
  const [opening] = headers;
  if (!opening || headOf(db, room)) return 'conflict';
  if (roomCount(db, by) >= limits.rooms) return 'limit';
  insertRoom(db, opening.commit, { epoch: 1, position: base, chain, time: 0 });
  db.run('UPDATE rooms SET base = ?, base_chain = ?, restored = 1 WHERE room = ?', base, chain, room);
  for (const { position, commit } of headers) {
    // The entry itself was not in the backup; its header is signed, and its chain hash is never asked for.
    const { time, author, id, signed } = commit;
    table.put(room, { position, time, kind: 'epoch', ...author, id, body: signed, chain: NO_CHAIN });
    enterHeader(db, commit, position, { by, counted: false });
  }
  return 'taken';
}

/** By the very functions that take what is new. Where something was written since the log came back, nothing more comes. */
export function replay(db: Database, table: Entries, { room, by, position, run }: Replay): ReplayResult {
  const extent = logExtent(db, room);
  if (extent ? !extent.still || extent.head + 1 !== position : position !== 1) return 'conflict';
  switch (run.kind) {
    case 'epoch': {
      if (!extent && roomCount(db, by) >= run.commit.limits.rooms) return 'limit';
      return commitEpoch(db, table, run.commit, by).type === 'committed' ? 'taken' : 'refused';
    }
    case 'leave':
      return leave(db, table, run.commit, by).type === 'left' ? 'taken' : 'refused';
    case 'messages':
      // One by one: behind one that is refused, none takes its place.
      for (const message of run.messages) {
        if (append(db, table, [message], 0, by)[0]?.type !== 'appended') return 'refused';
      }
      return 'taken';
  }
}

/** The part before everything here: it has to lead to the hash behind which the log begins. */
export function fillIn(db: Database, table: Entries, { room, chain, entries }: LogPart): ReplayResult {
  table.refresh();
  const base = logExtent(db, room)?.base ?? 0;
  const [first, last] = [entries[0], entries.at(-1)];
  const known = chainAt(db, room, base);
  if (!first || !known || last?.position !== base || !equalBytes(last.chain, known)) return 'conflict';
  const beginning = first.position - 1;
  db.run('DELETE FROM log WHERE room = ? AND position > ? AND position <= ?', room, beginning, base);
  for (const entry of entries) table.put(room, entry);
  const behind = beginning === 0 ? null : chain;
  db.run('UPDATE rooms SET base = ?, base_chain = ? WHERE room = ?', beginning, behind, room);
  return 'taken';
}
