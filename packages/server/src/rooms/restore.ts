import {
  type Bytes,
  checkTransition,
  type EpochHeader,
  EpochHeaderCodec,
  equalBytes,
  LeaveCodec,
  type LogEntry,
  type RoomId,
  splitSigned,
  toBase64Url,
} from '@sotto/protocol';
import { accountTopic } from '../bus/bus.ts';
import { listAt } from '../devices/lists.ts';
import { bytesOf, sha256 } from '../digest.ts';
import { checkEnvelope } from '../log/envelope.ts';
import { Refused } from '../refusal.ts';
import type { Service } from '../service.ts';
import { openSigned } from '../signatures.ts';
import type { RestoredEntry, Store } from '../store/store.ts';
import { asCommit } from './commit.ts';
import { checkDirectId } from './header-rules.ts';
import { readLeave } from './leave.ts';

export interface RestoredPage {
  readonly room: RoomId;
  readonly chain: string;
  readonly headers: readonly { readonly position: number; readonly header: string }[];
  readonly entries: readonly LogEntry[];
}

interface Known {
  readonly header: EpochHeader;
  readonly hash: Bytes;
}

/**
 * D1: a stretch of a log from somebody's backup. Who brings it does not matter: the headers are signed by their authors and
 * follow each other by the rules (R1, R3), the entries are chained, and every client verifies all of it again.
 * @throws Refused 'restore_conflict' where the room went on here, or has another history
 */
export async function restoreRoom(
  service: Service,
  page: RestoredPage,
): Promise<{ base: number; head: number }> {
  const { store, journal } = service;
  const { room } = page;
  const headers = new Headers(store, room);
  const first = page.entries[0]?.position ?? 0;
  for (const [index, { position }] of page.entries.entries()) {
    if (position !== first + index) throw new Refused('malformed', 'The entries do not follow each other.');
  }
  const earlier = [];
  for (const { position, header } of page.headers) {
    if (position >= first) throw new Refused('malformed', 'A header stands in the stretch itself.');
    const signed = bytesOf(header);
    earlier.push({ position, commit: await headers.take(signed) });
  }
  const entries: RestoredEntry[] = [];
  for (const entry of page.entries) entries.push(await readEntry(store, headers, room, entry));
  const stretch = { room, chain: bytesOf(page.chain), headers: earlier, entries };
  const before = await store.rooms.state(room);
  const result = await journal.exclusive(() => store.rooms.restore(stretch));
  if (result.type === 'conflict') throw new Refused('restore_conflict');
  const { base, head } = result;
  if (head !== before?.head) await announce(service, room);
  return { base, head };
}

/** How much of a log is here. Who asks knows the room's id, which nobody guesses. */
export async function hereOf({ store }: Service, room: RoomId): Promise<{ base: number; head: number }> {
  const state = await store.rooms.state(room);
  return { base: state?.base ?? 0, head: state?.head ?? 0 };
}

async function readEntry(
  store: Store,
  headers: Headers,
  room: RoomId,
  entry: LogEntry,
): Promise<RestoredEntry> {
  const { account, device, id, kind, time } = entry;
  const body = bytesOf(entry.body);
  const plain = { ...entry, body };
  if (kind === 'message') {
    const epoch = await headers.epochAt(entry.position);
    if (epoch === 0) throw new Refused('restore_conflict'); // what came before is not here
    const { counter } = checkEnvelope(body, { kind: 'log', room, epoch, account, device, id });
    return { ...plain, counter };
  }
  if (kind === 'leave') {
    const leave = LeaveCodec.decode(splitSigned(body).payload);
    if (leave.account !== account || leave.room !== room) throw new Refused('malformed');
    await readLeave(store, body);
    return plain;
  }
  const commit = { ...(await headers.take(body)), time };
  if (commit.author.account !== account || commit.author.device !== device || commit.id !== id) {
    throw new Refused('malformed', 'A header stands under another author than its own.');
  }
  return { ...plain, commit };
}

/** R1, R3: the headers of one request, each on top of the one before, which may be in the store already. */
class Headers {
  readonly #store: Store;
  readonly #room: RoomId;
  #last: Known | null = null;
  #epoch: number | null = null;

  constructor(store: Store, room: RoomId) {
    this.#store = store;
    this.#room = room;
  }

  /** Of the entries behind the newest header taken, or behind the one that is here. */
  async epochAt(position: number): Promise<number> {
    this.#epoch ??= await this.#store.rooms.epochAt(this.#room, position);
    return this.#epoch;
  }

  async take(signed: Bytes): Promise<ReturnType<typeof asCommit>> {
    const header = EpochHeaderCodec.decode(splitSigned(signed).payload);
    if (header.room !== this.#room) throw new Refused('malformed', 'The header names another room.');
    await openSigned('epochHeader', signed, await this.#authorKey(header), 'epoch header');
    const previous = this.#last ?? (await this.#before(header.epoch));
    const verdict = checkTransition(previous?.header ?? null, header, {
      previousHash: previous?.hash ?? null,
      leavers: new Set(header.leaves.map((leave) => LeaveCodec.decode(splitSigned(leave).payload).account)),
      departed: new Set(),
    });
    if (!verdict.ok) throw new Refused('rule_broken', `${verdict.rule}: ${verdict.reason}.`);
    if (header.kind === 'direct') checkDirectId(header);
    this.#last = { header, hash: sha256(signed) };
    this.#epoch = header.epoch;
    return asCommit(header, { signed, time: header.at, wraps: [] });
  }

  async #before(epoch: number): Promise<Known | null> {
    const known = epoch > 1 ? await this.#store.rooms.header(this.#room, epoch - 1) : undefined;
    if (!known) return null;
    const header = EpochHeaderCodec.decode(splitSigned(known.signed).payload);
    return { header, hash: sha256(known.signed) };
  }

  /** K3: everybody as their list of that version says. */
  async #authorKey(header: EpochHeader): Promise<Bytes> {
    let key: Bytes | undefined;
    for (const member of header.members) {
      const found = await listAt(this.#store, member.account, member.list);
      const same =
        found?.hash === toBase64Url(member.listHash) && equalBytes(found.list.identity, member.identity);
      if (!found || !same) {
        throw new Refused('list_conflict', 'A header names a device list that is not known here.');
      }
      if (member.account !== header.author.account) continue;
      key = found.list.devices.find(({ device }) => device === header.author.device)?.signing;
    }
    if (!key) throw new Refused('unknown_device', 'The author of a header is in no list of its account.');
    return key;
  }
}

/** Members who are here look at the room. */
async function announce({ store, bus }: Service, room: RoomId): Promise<void> {
  const state = await store.rooms.state(room);
  if (!state) return;
  const { head, epoch } = state;
  for (const account of await store.rooms.members(room)) {
    bus.publish(accountTopic(account), { type: 'room', head: { room, head, epoch, until: null } });
  }
}
