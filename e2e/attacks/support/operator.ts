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
  fromBase64Url,
  type LogEntry,
  type RoomId,
  toBase64Url,
} from '@sotto/protocol';

import type { ShownKey } from '../../support/exchange-keys.ts';

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

interface StoredVault {
  readonly version: number;
  readonly body: string;
  readonly password_lock: string;
  readonly phrase_lock: string | null;
}

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

  /** The account's vault as it is stored now. */
  vault(account: AccountId): StoredVault {
    const sql = 'SELECT version, body, password_lock, phrase_lock FROM vaults WHERE account = ?';
    return this.#db.prepare(sql).get(account) as unknown as StoredVault;
  }

  /** Version of the account's newest device list. */
  listSeen(account: AccountId): number {
    const row = this.#db.prepare('SELECT max(version) AS version FROM lists WHERE account = ?').get(account);
    return Number(row?.version ?? 0);
  }

  /** Attack 52: shows an earlier device list and an earlier vault from now on, to everybody. */
  rollBack(account: AccountId, to: { readonly list?: number; readonly vault?: StoredVault }): void {
    if (to.list !== undefined) {
      this.#db.prepare('DELETE FROM lists WHERE account = ? AND version > ?').run(account, to.list);
    }
    if (!to.vault) return;
    const { version, body, password_lock, phrase_lock } = to.vault;
    const sql =
      'UPDATE vaults SET version = ?, body = ?, password_lock = ?, phrase_lock = ? WHERE account = ?';
    this.#db.prepare(sql).run(version, body, password_lock, phrase_lock, account);
  }

  /** Appends to a room's log, behind its end. @returns the entry as everyone will be told it */
  append(room: RoomId, forged: Forged): LogEntry {
    this.#db.exec('BEGIN IMMEDIATE');
    const sql = 'SELECT head AS position, chain FROM rooms WHERE room = ?';
    const head = this.#db.prepare(sql).get(room) as unknown as {
      position: number;
      chain: Uint8Array;
    };
    const position = head.position + 1;
    const time = Date.now();
    const chain = sha256(chainInput(head.chain, { ...forged, position, time }));
    this.#db
      .prepare(
        'INSERT INTO log (room, position, time, kind, account, device, id, body, chain) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)',
      )
      .run(room, position, time, forged.kind, forged.account, forged.device, forged.id, forged.body, chain);
    this.#db.prepare('UPDATE rooms SET head = ?, chain = ? WHERE room = ?').run(position, chain, room);
    this.#db.exec('COMMIT');
    return { ...forged, position, time, body: toBase64Url(forged.body) as Ciphertext };
  }

  /** The account's newest device list, signed. */
  newestList(account: AccountId): Bytes {
    const sql = 'SELECT signed FROM lists WHERE account = ? ORDER BY version DESC LIMIT 1';
    const row = this.#db.prepare(sql).get(account) as unknown as { signed: string };
    return fromBase64Url(row.signed) as Bytes;
  }

  /** Puts keys of their own making in the place of an account's. */
  replaceKeys(
    account: AccountId,
    forged: { version: number; list: Uint8Array; device: DeviceId; signing: Uint8Array; key: Uint8Array },
  ): void {
    this.#db.exec('BEGIN IMMEDIATE');
    for (const table of ['devices', 'exchange_keys', 'wraps']) {
      this.#db.prepare(`DELETE FROM ${table} WHERE account = ?`).run(account);
    }
    this.#db
      .prepare('INSERT INTO lists (account, version, signed, hash) VALUES (?, ?, ?, ?)')
      .run(account, forged.version, toBase64Url(forged.list), toBase64Url(sha256(forged.list)));
    this.#db
      .prepare('INSERT INTO devices (account, device, signing) VALUES (?, ?, ?)')
      .run(account, forged.device, toBase64Url(forged.signing));
    this.#db
      .prepare('INSERT INTO exchange_keys (account, device, signed, hash, not_before) VALUES (?, ?, ?, ?, 1)')
      .run(account, forged.device, toBase64Url(forged.key), toBase64Url(sha256(forged.key)));
    this.#db.exec('COMMIT');
  }

  /** Puts an exchange key that a device signed once in the place of its newest, as restoring an old backup would. */
  putBackKey(account: AccountId, { device, hash, signed, notBefore }: ShownKey): void {
    this.#db
      .prepare(
        'UPDATE exchange_keys SET hash = ?, signed = ?, not_before = ? WHERE account = ? AND device = ?',
      )
      .run(hash, signed, notBefore, account, device);
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

  /** The one device of an account. */
  deviceOf(account: AccountId): DeviceId | undefined {
    const sql = 'SELECT device FROM exchange_keys WHERE account = ?';
    return (this.#db.prepare(sql).get(account) as unknown as { device: DeviceId } | undefined)?.device;
  }

  close(): void {
    this.#db.close();
  }
}
