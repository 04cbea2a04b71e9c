import type { EpochRequest, RoomId } from '@sotto/protocol';
import type { EngineParts } from '../parts.ts';
import type { RoomRow } from '../rows.ts';

/** How far apart members act on what any of them could do; the first usually makes the others needless. */
const RENEWAL_TURN = 600;
const HELP_TURN = 700;
const HELPERS = 4;

type Parts = Pick<EngineParts, 'context' | 'rows' | 'epochs' | 'secrets' | 'directory' | 'closed'>;

/** What any member's device may do for the room: those online take turns, so that not all do it at once. */
export class Duties {
  readonly #parts: Parts;
  readonly #renewing = new Set<RoomId>();

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** R6: those online answer in turn, the account's own devices first. */
  help(request: EpochRequest): void {
    const row = this.#parts.rows.peek(request.room);
    const { context, secrets } = this.#parts;
    const rank = request.account === context.keys.self.account ? 0 : this.#rank(row);
    if (rank < 0 || rank >= HELPERS) return;
    context.clock.after(rank * HELP_TURN, () => context.background(secrets.answer(request)));
  }

  /** R4: whoever notices makes the next epoch; those further back in the room wait longer. */
  considerRenewal(row: RoomRow): void {
    const { room } = row;
    const { context, epochs } = this.#parts;
    if (!epochs.due(row) || this.#renewing.has(room)) return;
    this.#renewing.add(room);
    const delay = Math.max(0, this.#rank(row)) * RENEWAL_TURN + Math.random() * 200;
    context.clock.after(delay, () => {
      this.#renewing.delete(room);
      if (!this.#parts.closed && context.connection().online) context.background(epochs.renew(room));
    });
  }

  /** This account's place among the members online; -1 where it is no member. */
  #rank(row: RoomRow | undefined): number {
    const { account } = this.#parts.context.keys.self;
    const members = row?.state.header?.header.members ?? [];
    return members
      .filter((m) => m.account === account || this.#parts.directory.isOnline(m.account))
      .findIndex((m) => m.account === account);
  }
}
