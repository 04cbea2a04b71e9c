import type { EpochRequest, RoomId } from '@sotto/protocol';
import type { EngineParts } from '../parts.ts';
import type { RoomRow } from '../rows.ts';

/** How far apart members act on what any of them could do; the first usually makes the others needless. */
const RENEWAL_TURN = 600;
const HELP_TURN = 700;
const HELPERS = 4;
/** How long to wait for a wrap that is on its way before asking the others (R6). */
const WRAP_GRACE = 1_500;
/** When nobody helped: time for all helpers' turns, and the way there and back. */
const UNHELPED = 5_000;
/** Between asking and asking again; the next pause is longer. */
const REMINDER = 8_000;
const REMINDERS = 4;

type Parts = Pick<EngineParts, 'context' | 'rows' | 'epochs' | 'secrets' | 'directory' | 'closed'>;

/** What any member's device may do for the room: those online take turns, so that not all do it at once. */
export class Duties {
  readonly #parts: Parts;
  readonly #renewing = new Set<RoomId>();
  #held = false;
  #renewals: Promise<void> = Promise.resolve();

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** R6: those online who were in the epoch, and so hold its secret, answer in turn; the account's own first. */
  help(request: EpochRequest): void {
    this.#parts.context.background(this.#help(request));
  }

  async #help(request: EpochRequest): Promise<void> {
    const { context, secrets, rows, directory } = this.#parts;
    const { account } = context.keys.self;
    if (!(await secrets.get(request.room, request.epoch))) return;
    const then = (await rows.header(request.room, request.epoch))?.header.header.members ?? [];
    const able = then.filter((m) => m.account === account || directory.isOnline(m.account));
    const others = able.filter((m) => m.account !== request.account);
    // Who came later and holds it by a link comes after all those.
    const place = others.findIndex((m) => m.account === account);
    const turn = request.account === account ? 0 : place < 0 ? others.length : place;
    const delay = Math.min(turn, HELPERS) * HELP_TURN;
    context.clock.after(delay, () => context.background(secrets.answer(request)));
  }

  /** While the rooms are being read, nothing is renewed: what the user waits for comes first. */
  hold(): void {
    this.#held = true;
  }

  /** All rooms were read: they are considered now. */
  release(): void {
    this.#held = false;
  }

  /** R4: whoever notices makes the next epoch; those further back in the room wait longer. One room at a time. */
  considerRenewal(row: RoomRow): void {
    const { room } = row;
    const { context, epochs } = this.#parts;
    if (this.#held || !epochs.due(row) || this.#renewing.has(room)) return;
    this.#renewing.add(room);
    const delay = Math.max(0, this.#rank(row)) * RENEWAL_TURN + Math.random() * 200;
    context.clock.after(delay, () => {
      this.#renewing.delete(room);
      this.#renewals = this.#renewals.then(() => this.#renew(room));
    });
  }

  async #renew(room: RoomId): Promise<void> {
    const { context, epochs, closed } = this.#parts;
    if (closed || !context.connection().online) return;
    const work = epochs.renew(room);
    context.background(work);
    await work.catch(() => undefined); // told by `background`
  }

  /** R6: a wrap did not come with its header: waits a moment, asks the others, and in the end makes a new epoch. */
  seek(room: RoomId, epoch: number): void {
    const { context, secrets } = this.#parts;
    context.clock.after(WRAP_GRACE, () => context.background(ask()));
    const ask = async () => {
      if (this.#parts.closed || (await secrets.get(room, epoch))) return;
      await secrets.collect();
      if (await secrets.get(room, epoch)) return;
      await secrets.request(room, [epoch]);
      this.giveUpLater(room, epoch);
      this.remind(room, [epoch]);
    };
  }

  /** R6: who could help may have come, or got the secret, only since: asks again, ever more rarely, a few times. */
  remind(room: RoomId, epochs: readonly number[], attempt = 1): void {
    const { context, secrets } = this.#parts;
    if (attempt > REMINDERS) return;
    const ask = async () => {
      if (this.#parts.closed || !context.connection().online) return;
      const missing = (await secrets.missing(room)).filter((epoch) => epochs.includes(epoch));
      if (missing.length === 0) return;
      await secrets.request(room, missing, true);
      this.remind(room, missing, attempt + 1);
    };
    context.clock.after(REMINDER * attempt, () => context.background(ask()));
  }

  /** R6, attack 27: an epoch whose key nobody has or gives ends here: any member may make the next. */
  giveUpLater(room: RoomId, epoch: number): void {
    const { context } = this.#parts;
    const turn = Math.max(0, this.#rank(this.#parts.rows.peek(room))) * RENEWAL_TURN;
    context.clock.after(UNHELPED + turn, () => context.background(this.#replace(room, epoch)));
  }

  async #replace(room: RoomId, epoch: number): Promise<void> {
    const { context, secrets, epochs, rows } = this.#parts;
    const row = rows.peek(room);
    const header = row?.state.header?.header;
    if (this.#parts.closed || !context.connection().online || !row || !header) return;
    if (row.standing !== 'member' || header.epoch !== epoch || (await secrets.get(room, epoch))) return;
    // Who never read here does not know the room's name, which the next header has to carry.
    if (header.kind === 'group' && !(await secrets.any(room))) return;
    await epochs.change(room, { lockedOut: true });
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
