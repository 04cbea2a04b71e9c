import {
  type AccountId,
  type Bytes,
  type DeviceId,
  equalBytes,
  flawOfMessage,
  type RoomId,
  type Seen,
} from '@sotto/protocol';
import type { Append, FalseClaim } from '../store.ts';
import { chainAt, type Head } from './append.ts';
import type { Database } from './database.ts';

interface Member {
  /** Version of its device list that the current header pins. */
  readonly list: number;
}

interface Counter {
  readonly room: RoomId;
  readonly account: AccountId;
  readonly device: DeviceId;
  newest: number;
  changed: boolean;
}

/**
 * M2, attack 27: clients stop at a message from another history, and refuse one with an old counter or list; so one
 * member must not get such a message into a log. Reads once per batch what its messages are compared with.
 */
export class Claims {
  readonly #db: Database;
  readonly #members = new Map<string, Member | undefined>();
  readonly #counters = new Map<string, Counter>();
  #lastSeen: { room: RoomId; position: number; chain: Bytes } | undefined;

  constructor(db: Database) {
    this.#db = db;
  }

  /** Undefined where the account is not a member now. */
  member({ room, account }: Append, epoch: number): Member | undefined {
    const name = `${room}${account}`;
    if (!this.#members.has(name)) {
      const sql = `SELECT h.list FROM members AS m
        JOIN header_members AS h ON h.room = m.room AND h.epoch = ? AND h.account = m.account
        WHERE m.room = ? AND m.account = ? AND m.until IS NULL`;
      this.#members.set(name, this.#db.get<Member>(sql, epoch, room, account));
    }
    return this.#members.get(name);
  }

  /** The claim that does not hold. */
  check(send: Append, member: Member, head: Head): FalseClaim | 'wrong_epoch' | undefined {
    const { claims, room, epoch } = send;
    if (!claims) return epoch === head.epoch ? undefined : 'wrong_epoch';
    const { list, counter, seen } = claims;
    const here = { epoch: head.epoch, list: member.list, counter: this.#counter(send).newest };
    const flaw = flawOfMessage({ epoch, list, counter }, here);
    return flaw ?? (this.#isInLog(room, seen, head) ? undefined : 'false_seen');
  }

  /** The message is in the log: its counter is used. */
  use(send: Append): void {
    if (!send.claims) return;
    const counter = this.#counter(send);
    counter.newest = send.claims.counter;
    counter.changed = true;
  }

  /** Writes the counters that grew. */
  store(): void {
    for (const { room, account, device, newest, changed } of this.#counters.values()) {
      const sql = 'INSERT OR REPLACE INTO counters (room, account, device, counter) VALUES (?, ?, ?, ?)';
      if (changed) this.#db.run(sql, room, account, device, newest);
    }
  }

  #counter({ room, account, device }: Append): Counter {
    const name = `${room}${account}${device}`;
    const known = this.#counters.get(name);
    if (known) return known;
    const sql = 'SELECT counter FROM counters WHERE room = ? AND account = ? AND device = ?';
    const row = this.#db.get<{ counter: number }>(sql, room, account, device);
    const counter = { room, account, device, newest: row?.counter ?? 0, changed: false };
    this.#counters.set(name, counter);
    return counter;
  }

  #isInLog(room: RoomId, seen: Seen, head: Head): boolean {
    const chain = seen.position === head.position ? head.chain : this.#chainAt(room, seen.position);
    return chain !== undefined && equalBytes(chain, seen.chain);
  }

  /** Messages sent one after another mostly name the same position. */
  #chainAt(room: RoomId, position: number): Bytes | undefined {
    const last = this.#lastSeen;
    if (last?.room === room && last.position === position) return last.chain;
    const chain = chainAt(this.#db, room, position);
    if (chain) this.#lastSeen = { room, position, chain };
    return chain;
  }
}
