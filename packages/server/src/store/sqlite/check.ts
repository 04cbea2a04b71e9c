import { DatabaseSync } from 'node:sqlite';
import { type Bytes, chainGenesisInput, equalBytes, parseRoomId, type RoomId } from '@sotto/protocol';
import { sha256 } from '../../digest.ts';
import { nextChain } from '../../log/chain.ts';
import type { StoredEntry } from '../store.ts';

export interface Report {
  readonly rooms: number;
  readonly entries: number;
  /** What is wrong, one sentence each; empty where all is well. */
  readonly problems: readonly string[];
}

type Row = StoredEntry & { readonly chain: Uint8Array };
type Head = { readonly room: RoomId; readonly head: number; readonly chain: Uint8Array };

/** More would only repeat each other. */
const ENOUGH = 20;

/**
 * Reads a whole database as of one moment, also while a server writes to it: SQLite's own pages and indexes, then every
 * room's log: gapless positions, each link of the hash chain from the first to the head (D1), every header in its place.
 */
export function checkDatabase(file: string): Report {
  const db = new DatabaseSync(file, { readOnly: true, timeout: 5_000 });
  const problems: string[] = [];
  let entries = 0;
  try {
    db.exec('BEGIN');
    for (const row of db.prepare(`PRAGMA integrity_check(${ENOUGH})`).all()) {
      if (row.integrity_check !== 'ok') problems.push(`SQLite: ${row.integrity_check}.`);
    }
    const rooms = db.prepare('SELECT room, head, chain FROM rooms ORDER BY room').all() as Head[];
    for (const head of rooms) {
      const wrong = checkRoom(db, head);
      if (typeof wrong === 'string') problems.push(`Room ${head.room}: ${wrong}`);
      else entries += wrong;
      if (problems.length >= ENOUGH) break;
    }
    problems.push(...checkHeaders(db), ...checkIds(db));
    db.exec('COMMIT');
    return { rooms: rooms.length, entries, problems };
  } finally {
    db.close();
  }
}

/** @returns the number of entries, or what is wrong */
function checkRoom(db: DatabaseSync, { room, head, chain }: Head): number | string {
  let expected: Bytes = sha256(chainGenesisInput(parseRoomId(room)));
  let position = 0;
  const rows = db.prepare(
    'SELECT position, time, kind, account, device, id, body, chain FROM log WHERE room = ? ORDER BY position',
  );
  for (const row of rows.iterate(room) as Iterable<Row>) {
    position += 1;
    if (row.position !== position) return `entry ${position} is missing; the next is ${row.position}.`;
    expected = nextChain(expected, row);
    if (!equalBytes(expected, row.chain)) return `the hash chain breaks at entry ${position}.`;
  }
  if (position !== head) return `the log ends at ${position}, its head says ${head}.`;
  return equalBytes(expected, chain) ? position : 'the head names another chain hash than the last entry.';
}

function checkHeaders(db: DatabaseSync): string[] {
  const lost = db
    .prepare(
      `SELECT h.room, h.epoch FROM headers AS h LEFT JOIN log AS l ON l.room = h.room AND l.position = h.position
       WHERE l.kind IS NOT 'epoch' LIMIT ${ENOUGH}`,
    )
    .all();
  return lost.map(({ room, epoch }) => `Room ${room}: the header of epoch ${epoch} is not in the log.`);
}

/** D3: of a room and device, an id stands once. */
function checkIds(db: DatabaseSync): string[] {
  const twice = db
    .prepare(
      `SELECT room, id FROM log GROUP BY room, account, device, id HAVING count(*) > 1 LIMIT ${ENOUGH}`,
    )
    .all();
  return twice.map(({ room, id }) => `Room ${room}: two entries stand under the id ${id}.`);
}
