import { type Asker, type DeviceWrap, fromBase64Url, type HeaderHash } from '@sotto/protocol';
import type { AskTerms, Helpers } from '../store.ts';
import type { Database } from './database.ts';
import { keyHash } from './devices.ts';
import { insertWrap } from './wraps.ts';

type Device = Pick<Asker, 'account' | 'device'>;

const OF_DEVICE = 'room = ? AND account = ? AND device = ?';
const idsOf = ({ room, account, device }: Asker) => [room, account, device] as const;

/** Number of the room's header of this name, where the account stands in it. */
function epochOf(db: Database, { room, account }: Asker, header: HeaderHash): number | undefined {
  const sql = `SELECT h.epoch FROM headers AS h JOIN header_members AS m ON m.room = h.room AND m.epoch = h.epoch
               WHERE h.room = ? AND h.hash = ? AND m.account = ?`;
  return db.get<{ epoch: number }>(sql, room, fromBase64Url(header) ?? null, account)?.epoch;
}

/** R6: runs inside a transaction. */
export function ask(
  db: Database,
  asker: Asker,
  headers: readonly HeaderHash[],
  { now, since, limits }: AskTerms,
): 'asked' | 'not_entitled' | 'limit' {
  const { room, account, device } = asker;
  const epochs = new Map<HeaderHash, number>();
  for (const header of headers) {
    const epoch = epochOf(db, asker, header);
    if (epoch === undefined) return 'not_entitled';
    epochs.set(header, epoch);
  }
  db.run('DELETE FROM requests WHERE time < ?', since);
  const open = new Set([...asked(db, asker, since), ...epochs.keys()]);
  const others = db.get<{ count: number }>(
    'SELECT count(*) AS count FROM requests WHERE account = ? AND NOT (room = ? AND device = ?)',
    account,
    room,
    device,
  );
  if (open.size > limits.device || open.size + (others?.count ?? 0) > limits.account) return 'limit';
  const sql =
    'INSERT OR REPLACE INTO requests (room, account, device, header, epoch, time) VALUES (?, ?, ?, ?, ?, ?)';
  for (const [header, epoch] of epochs) db.run(sql, ...idsOf(asker), header, epoch, now);
  return 'asked';
}

export function asked(db: Database, asker: Asker, since: number): HeaderHash[] {
  const sql = `SELECT header FROM requests WHERE ${OF_DEVICE} AND time >= ? ORDER BY epoch DESC`;
  return db.all<{ header: HeaderHash }>(sql, ...idsOf(asker), since).map(({ header }) => header);
}

/** Runs inside a transaction. */
export function answer(
  db: Database,
  asker: Asker,
  key: string,
  wraps: readonly Pick<DeviceWrap, 'header' | 'body'>[],
): DeviceWrap[] | 'stale_key' {
  const { room, account, device } = asker;
  if (keyHash(db, account, device) !== key) return 'stale_key';
  const taken: DeviceWrap[] = [];
  for (const { header, body } of wraps) {
    const sql = `DELETE FROM requests WHERE ${OF_DEVICE} AND header = ? RETURNING epoch`;
    const open = db.get<{ epoch: number }>(sql, ...idsOf(asker), header);
    if (!open) continue;
    const of = { room, epoch: open.epoch, header };
    insertWrap(db, of, { account, device, key, body });
    taken.push({ ...of, key, body });
  }
  return taken;
}

export function helpers(db: Database, asker: Asker, since: number): Helpers {
  const members = db.all<Helpers['members'][number]>(
    `SELECT m.account, iif(m.pending IS NULL, count(h.account), NULL) AS stands FROM members AS m
     LEFT JOIN requests AS q ON q.room = m.room AND q.account = ? AND q.device = ? AND q.time >= ?
     LEFT JOIN header_members AS h ON h.room = q.room AND h.epoch = q.epoch AND h.account = m.account
     WHERE m.room = ? AND m.until IS NULL
     GROUP BY m.account`,
    asker.account,
    asker.device,
    since,
    asker.room,
  );
  const lacking = db.all<Device>(
    `SELECT o.account, o.device FROM requests AS q JOIN requests AS o ON o.room = q.room AND o.header = q.header
     WHERE q.room = ?1 AND q.account = ?2 AND q.device = ?3 AND q.time >= ?4 AND o.time >= ?4
     GROUP BY o.account, o.device
     HAVING count(*) = (SELECT count(*) FROM requests
                        WHERE room = ?1 AND account = ?2 AND device = ?3 AND time >= ?4)`,
    ...idsOf(asker),
    since,
  );
  return { members: members.map((row) => ({ ...row })), lacking: lacking.map((row) => ({ ...row })) };
}

export function askers(db: Database, { account, device }: Device, since: number, limit: number): Asker[] {
  return db
    .all<Asker>(
      `SELECT q.room, q.account, q.device FROM members AS m JOIN requests AS q ON q.room = m.room
       WHERE m.account = ? AND m.until IS NULL AND q.time >= ? AND NOT (q.account = ? AND q.device = ?)
       GROUP BY q.room, q.account, q.device ORDER BY max(q.time) DESC LIMIT ?`,
      account,
      since,
      account,
      device,
      limit,
    )
    .map((row) => ({ ...row }));
}
