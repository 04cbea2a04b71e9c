import {
  advanceRoom,
  type EpochSecret,
  openProfile,
  ReadAhead,
  type RoomProfile,
  VerificationError,
  type VerifiedHeader,
} from '@sotto/crypto';
import type { Bytes, LogEntry, RoomId } from '@sotto/protocol';
import type { RoomRow } from '../rows.ts';
import { entryRow } from './apply.ts';
import type { Batch } from './batch.ts';
import { alarmFrom, type RoomContext } from './context.ts';
import type { RoomRows } from './room-rows.ts';
import type { EpochSecrets } from './secrets.ts';
import { withLists } from './start.ts';

/** E2: verifies and decrypts entries, one after the other, into a batch; writes nothing. */
export class EntryReader {
  readonly #context: RoomContext;
  readonly #rows: RoomRows;
  readonly #secrets: EpochSecrets;

  constructor(context: RoomContext, rows: RoomRows, secrets: EpochSecrets) {
    this.#context = context;
    this.#rows = rows;
    this.#secrets = secrets;
  }

  /** For a page of entries that are then taken one by one. */
  ahead(room: RoomId, entries: readonly LogEntry[]): ReadAhead {
    return new ReadAhead(entries, {
      lists: this.#context.directory.lists.lookup,
      secrets: (epoch) => this.#secrets.get(room, epoch),
    });
  }

  /** @throws VerificationError where the server contradicts itself or a member; the batch stays as it was */
  async advance(batch: Batch, entry: LogEntry, ahead?: ReadAhead): Promise<void> {
    const { room } = batch.row;
    const { state, outcome } = await withLists(this.#context, () =>
      advanceRoom(batch.state, entry, {
        lists: this.#context.directory.lists.lookup,
        secrets: (epoch) => this.#secrets.get(room, epoch),
        chainAt: async (position) => batch.chainAt(position) ?? (await this.chainAt(batch.row, position)),
        ...(ahead ? { ahead } : {}),
      }),
    );
    const before = batch.profile;
    if (outcome.type === 'epoch') await this.#enter(batch, outcome.header, entry.position);
    if (outcome.type === 'leave' && outcome.account === this.#context.keys.self.account) {
      batch.standing = 'left';
    }
    if (outcome.type === 'rejected') {
      this.#context.notify(alarmFrom(outcome.error, entry.time, entry.account), room);
    }
    const profile = outcome.type === 'epoch' ? batch.profile : null;
    batch.entries.push(entryRow(entry, outcome, { chain: state.chain, profile, before }));
    batch.state = state;
  }

  async #enter(batch: Batch, header: VerifiedHeader, position: number): Promise<void> {
    batch.headers.push({ header, position });
    const self = this.#context.keys.self.account;
    if (!header.header.members.some((member) => member.account === self)) {
      const left = header.events.some((event) => event.type === 'left' && event.account === self);
      batch.standing = left || batch.standing === 'left' ? 'left' : 'removed';
      return;
    }
    batch.standing = 'member';
    const secret = await this.#secrets.forHeader(header);
    if (!secret) return;
    batch.secrets.set(header.header.epoch, secret);
    batch.profile = await this.#profile(header, secret, batch.profile);
  }

  /** A profile that does not open is its author's fault; the room goes on under the name it had. */
  async #profile(header: VerifiedHeader, secret: EpochSecret, old: RoomProfile): Promise<RoomProfile> {
    try {
      return await openProfile(header.header, secret);
    } catch (error) {
      if (!(error instanceof VerificationError)) throw error;
      const { account } = header.header.author;
      this.#context.notify(alarmFrom(error, header.header.at, account, 'bad-header'), header.header.room);
      return old;
    }
  }

  /** The chain hash at a position, where this device knows it. */
  async chainAt(row: RoomRow, position: number): Promise<Bytes | undefined> {
    if (position === row.state.position) return row.state.chain;
    if (position === row.start.position) return row.start.chain;
    if (position === row.oldest.position) return row.oldest.chain;
    return (await this.#rows.entry(row.room, position))?.chain;
  }
}
