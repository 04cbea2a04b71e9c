import { createHash } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import {
  type AccountId,
  type Bytes,
  type Ciphertext,
  chainInput,
  type DeviceId,
  type LogEntry,
  type RoomId,
  toBase64Url,
} from '@sotto/protocol';

const FILE = 'sotto.sqlite';

/** Copies a running service's database, as a backup does. */
export function copyDatabase(from: string, to: string): void {
  mkdirSync(to, { recursive: true });
  const db = new DatabaseSync(join(from, FILE), { timeout: 5_000 });
  db.prepare('VACUUM INTO ?').run(join(to, FILE));
  db.close();
}

const sha256 = (bytes: Uint8Array): Bytes => new Uint8Array(createHash('sha256').update(bytes).digest());

type Row = Omit<LogEntry, 'body'> & { readonly body: Uint8Array };
type Forged = Omit<LogEntry, 'position' | 'time' | 'body'> & { readonly body: Uint8Array };

/**
 * A hostile operator, who edits the database of the running service: what they write there, the service then
 * tells everybody alike, in a log whose chain is sound.
 */
export class Operator {
  readonly #db: DatabaseSync;

  constructor(data: string) {
    this.#db = new DatabaseSync(join(data, FILE), { timeout: 5_000 });
    // The service itself never stores one id of one device twice; its operator may.
    this.#db.exec('DROP INDEX IF EXISTS log_by_id');
  }

  log(room: RoomId): LogEntry[] {
    const sql =
      'SELECT position, time, kind, account, device, id, body FROM log WHERE room = ? ORDER BY position';
    const rows = this.#db.prepare(sql).all(room) as unknown as Row[];
    return rows.map((row) => ({ ...row, body: toBase64Url(row.body) as Ciphertext }));
  }

  /** Appends to a room's log, behind its end. @returns the entry as everyone will be told it */
  append(room: RoomId, forged: Forged): LogEntry {
    this.#db.exec('BEGIN IMMEDIATE');
    const tip = this.#db.prepare('SELECT head, chain FROM rooms WHERE room = ?').get(room) as unknown as {
      head: number;
      chain: Uint8Array;
    };
    const position = tip.head + 1;
    const time = Date.now();
    const chain = sha256(chainInput(tip.chain, { ...forged, position, time }));
    this.#db
      .prepare(
        'INSERT INTO log (room, position, time, kind, account, device, id, body, chain) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)',
      )
      .run(room, position, time, forged.kind, forged.account, forged.device, forged.id, forged.body, chain);
    this.#db.prepare('UPDATE rooms SET head = ?, chain = ? WHERE room = ?').run(position, chain, room);
    this.#db.exec('COMMIT');
    return { ...forged, position, time, body: toBase64Url(forged.body) as Ciphertext };
  }

  /** Puts keys of their own making in the place of an account's. */
  replaceKeys(
    account: AccountId,
    forged: { list: Uint8Array; device: DeviceId; signing: Uint8Array; key: Uint8Array },
  ): void {
    this.#db.exec('BEGIN IMMEDIATE');
    for (const table of ['lists', 'devices', 'exchange_keys', 'wraps']) {
      this.#db.prepare(`DELETE FROM ${table} WHERE account = ?`).run(account);
    }
    this.#db
      .prepare('INSERT INTO lists (account, version, signed, hash) VALUES (?, 1, ?, ?)')
      .run(account, toBase64Url(forged.list), toBase64Url(sha256(forged.list)));
    this.#db
      .prepare('INSERT INTO devices (account, device, signing) VALUES (?, ?, ?)')
      .run(account, forged.device, toBase64Url(forged.signing));
    this.#db
      .prepare('INSERT INTO exchange_keys (account, device, signed, hash) VALUES (?, ?, ?, ?)')
      .run(account, forged.device, toBase64Url(forged.key), toBase64Url(sha256(forged.key)));
    this.#db.exec('COMMIT');
  }

  /** Everything the service holds for a device to open. */
  wrapsFor(account: AccountId): { room: RoomId; epoch: number; device: DeviceId }[] {
    const sql = 'SELECT room, epoch, device FROM wraps WHERE account = ?';
    return this.#db.prepare(sql).all(account) as unknown as {
      room: RoomId;
      epoch: number;
      device: DeviceId;
    }[];
  }

  close(): void {
    this.#db.close();
  }
}
