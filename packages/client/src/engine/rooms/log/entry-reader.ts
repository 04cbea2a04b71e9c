import { advanceRoom, demandSame, ReadAhead, type VerifiedHeader } from '@sotto/crypto';
import type { Bytes, LogEntry } from '@sotto/protocol';
import type { RoomRow } from '../../rows.ts';
import { alarmFrom, type RoomContext } from '../context.ts';
import type { EpochSecrets } from '../keys/secrets.ts';
import { nameAfter } from '../membership/profile.ts';
import type { RoomRows } from '../room-rows.ts';
import { entryRow } from './apply.ts';
import type { Batch } from './batch.ts';
import { admittedBy, withLists } from './start.ts';

interface Needs extends Pick<RoomContext, 'directory' | 'keys' | 'notify'> {
  readonly rows: RoomRows;
  readonly secrets: EpochSecrets;
}

/** E2: verifies and decrypts entries, one after the other, into a batch; writes nothing. */
export class EntryReader {
  readonly #context: Needs;
  readonly #rows: RoomRows;
  readonly #secrets: EpochSecrets;

  constructor(context: Needs) {
    this.#context = context;
    this.#rows = context.rows;
    this.#secrets = context.secrets;
  }

  /** For a page of entries that are then taken one by one. */
  ahead(entries: readonly LogEntry[]): ReadAhead {
    return new ReadAhead(entries, {
      lists: this.#context.directory.lists.lookup,
      secrets: (header) => this.#secrets.get(header),
    });
  }

  /** @throws VerificationError where the server contradicts itself or a member; the batch stays as it was */
  async advance(batch: Batch, entry: LogEntry, ahead?: ReadAhead): Promise<void> {
    const { room } = batch.row;
    const { state, outcome } = await withLists(this.#context, () =>
      advanceRoom(batch.state, entry, {
        lists: this.#context.directory.lists.lookup,
        secrets: (header) => this.#secrets.get(header),
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

  /** @throws VerificationError R4 'fork' where this device was shown another header of that number (attack 42) */
  async #enter(batch: Batch, header: VerifiedHeader, position: number): Promise<void> {
    const { room, epoch } = header.header;
    demandSame((await this.#rows.header(room, epoch))?.header, header.hash);
    batch.headers.push({ header, position });
    const self = this.#context.keys.self.account;
    if (!header.header.members.some((member) => member.account === self)) {
      const left = header.events.some((event) => event.type === 'left' && event.account === self);
      batch.standing = left || batch.standing === 'left' ? 'left' : 'removed';
      return;
    }
    if (batch.standing !== 'member') batch.admitted = admittedBy(header);
    batch.standing = 'member';
    batch.unsaid = false;
    const secret = await this.#secrets.forHeader(header);
    if (!secret) return;
    batch.secrets.set(header, secret);
    const { profile, unsaid, broken } = await nameAfter(header.header, secret, batch.profile);
    batch.profile = profile;
    batch.unsaid = unsaid;
    // Its author's fault; the room goes on under the name it had.
    if (broken) {
      const { account } = header.header.author;
      this.#context.notify(alarmFrom(broken, header.header.at, account, 'bad-header'), header.header.room);
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
