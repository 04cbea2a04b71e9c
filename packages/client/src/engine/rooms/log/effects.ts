import { saidOf, type VerifiedHeader } from '@sotto/crypto';
import type { RoomId } from '@sotto/protocol';
import { summaryOf } from '../../files/summary.ts';
import type { EngineParts } from '../../parts.ts';
import type { EntryRow, RoomRow } from '../../rows.ts';
import { unlockEpoch } from '../keys/unlock.ts';

/** E2: what follows from entries once they are stored. */
export class RoomEffects {
  readonly #parts: EngineParts;
  /** When this engine first knew all there was: what is younger is news, also after a break. */
  #newsFrom = Number.POSITIVE_INFINITY;

  constructor(parts: EngineParts) {
    this.#parts = parts;
  }

  /** All that waited at the server has been read. @param time by the server's clock */
  caughtUp(time: number): void {
    if (this.#newsFrom === Number.POSITIVE_INFINITY) this.#newsFrom = time;
  }

  stored(row: RoomRow, entries: readonly EntryRow[], live: boolean): void {
    const { room } = row;
    const { context, receipts, outbox, duties, files } = this.#parts;
    this.#parts.openTimeline(room)?.append(entries);
    files.stored(room, entries);
    const { account, device } = context.keys.self;
    if (entries.some((entry) => entry.device === device)) context.background(outbox.reload(room));
    for (const entry of entries) {
      if (entry.account === account || entry.what.type !== 'message') continue;
      receipts.stopTyping(room, entry.account);
      if (live || entry.time >= this.#newsFrom) this.#announce(row, entry);
    }
    // After a new epoch, whoever made it, what was told under the one before counts no more (§5).
    if (entries.some((entry) => entry.account !== account || entry.kind === 'epoch')) receipts.schedule(room);
    duties.considerRenewal(row);
  }

  /** A new message of another, for notifications. */
  #announce(row: RoomRow, entry: EntryRow): void {
    if (entry.what.type !== 'message') return;
    const { consent } = this.#parts;
    if (consent.ofRow(row) !== 'open' || !consent.hears(entry.account)) return; // attack 48
    const said = saidOf(entry.what.content);
    if (!said) return;
    const mentionsSelf = said.mentions.includes(this.#parts.context.keys.self.account);
    const { position, account } = entry;
    this.#parts.incoming.emit({
      room: row.room,
      position,
      account,
      body: said.body,
      ...summaryOf(said.files),
      mentionsSelf,
      muted: row.muted,
    });
  }

  entered(row: RoomRow, header: VerifiedHeader, readable: boolean): void {
    const { room } = row;
    const { context, secrets, outbox, duties } = this.#parts;
    if (row.standing !== 'member') return;
    for (const member of row.state.header?.header.members ?? []) {
      const listed = context.directory.lists.newest(member.account);
      context.background(listed.then(() => this.#parts.roomChanged(room)));
    }
    if (readable) {
      context.background(secrets.followLinks(header));
      outbox.pump(room);
      return;
    }
    duties.seek(header);
  }

  /** The log contradicted what was stored here, and does no more. */
  healed(room: RoomId): void {
    const { context, outbox } = this.#parts;
    context.background(this.#parts.openTimeline(room)?.reload() ?? Promise.resolve());
    outbox.pump(room);
  }

  async unlocked(header: VerifiedHeader): Promise<void> {
    const { context, rows, secrets, outbox } = this.#parts;
    const { room } = header.header;
    await unlockEpoch(context, rows, secrets, header);
    await this.#parts.openTimeline(room)?.reload();
    outbox.pump(room);
  }
}
