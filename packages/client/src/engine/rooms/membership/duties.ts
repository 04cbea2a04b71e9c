import type { VerifiedHeader } from '@sotto/crypto';
import { equalBytes, type RoomId } from '@sotto/protocol';
import { isUncertain } from '../../../error.ts';
import type { RoomRow } from '../../rows.ts';
import type { RoomContext } from '../context.ts';
import type { EpochSecrets } from '../keys/secrets.ts';
import type { RoomRows } from '../room-rows.ts';
import type { Epochs } from './epochs.ts';

/** How far apart members act on what any of them could do; the first usually makes the others needless. */
const RENEWAL_TURN = 600;
/** How long to wait for a wrap that is on its way before asking the others (R6). */
const WRAP_GRACE = 1_500;
/** When nobody helped: time for one that is silent or sends rubbish, and for the next one that is asked. */
const UNHELPED = 6_000;
/** Between asking and asking again; each further pause is twice as long. */
const REMINDER = 4_000;
const REMINDERS = 5;
/** Until an epoch that the server could not take is tried again. */
const AGAIN = 15_000;

interface Needs
  extends Pick<
    RoomContext,
    'background' | 'bus' | 'clock' | 'connection' | 'consent' | 'directory' | 'keys'
  > {
  readonly rows: RoomRows;
  readonly epochs: Epochs;
  readonly secrets: EpochSecrets;
}

/** What any member's device may do for the room: those online take turns, so that not all do it at once. */
export class Duties {
  readonly #needs: Needs;
  readonly #renewing = new Set<RoomId>();
  /** Rooms in which something is due, or may be, once they are accepted. */
  readonly #apart = new Set<RoomId>();
  #held = false;
  #stopped = false;
  #renewals: Promise<void> = Promise.resolve();

  constructor(needs: Needs) {
    this.#needs = needs;
    const { bus } = needs;
    bus.on('entered', ({ header, readable }) => (readable ? undefined : this.#seek(header)));
    bus.on('stored', ({ row }) => this.considerRenewal(row));
    bus.on('consent-changed', () => this.#consented());
  }

  /** Closed: whatever waits for its time finds nothing to do. */
  stop(): void {
    this.#stopped = true;
  }

  /**
   * Attack 48: where a room was not accepted nothing is done for it, now: its members would see that somebody is there.
   * Where it is an account's own device that lacks something, it waits as well.
   */
  #isApart(room: RoomId): boolean {
    if (this.#needs.consent.isOpen(room)) return false;
    this.#apart.add(room);
    return true;
  }

  /** Some rooms may have been accepted since: what waited for that is done. */
  #consented(): void {
    const { background, consent, rows } = this.#needs;
    for (const room of this.#apart) {
      if (!consent.isOpen(room)) continue;
      this.#apart.delete(room);
      this.#consider(room);
      if (rows.peek(room)?.standing === 'member') background(this.seekMissing(room));
    }
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
    const { clock, epochs } = this.#needs;
    if (this.#held || this.#isApart(room) || !epochs.due(row) || this.#renewing.has(room)) return;
    this.#renewing.add(room);
    const delay = Math.max(0, this.#rank(row)) * RENEWAL_TURN + clock.jitter() * 200;
    clock.after(delay, () => {
      this.#renewing.delete(room);
      this.#renewals = this.#renewals.then(() => this.#renew(room));
    });
  }

  async #renew(room: RoomId): Promise<void> {
    const { background, clock, connection, epochs } = this.#needs;
    if (this.#stopped || !connection.online) return;
    const work = epochs.renew(room);
    background(work);
    await work.catch((error: unknown) => {
      if (isUncertain(error)) clock.after(AGAIN, () => this.#consider(room)); // else told by `background`
    });
  }

  #consider(room: RoomId): void {
    const row = this.#needs.rows.peek(room);
    if (row && !this.#stopped) this.considerRenewal(row);
  }

  /** R6: a wrap did not come with its header: waits a moment, asks the others, and in the end makes a new epoch. */
  #seek(header: VerifiedHeader): void {
    const { background, clock, secrets } = this.#needs;
    const { room } = header.header;
    if (this.#isApart(room)) return;
    clock.after(WRAP_GRACE, () => background(ask()));
    const ask = async () => {
      if (this.#stopped || (await secrets.get(header))) return;
      await secrets.collect();
      if (await secrets.get(header)) return;
      this.#giveUpLater(header);
      this.#remind(room, [header]); // also where asking fails now
      await secrets.request(room, [header]);
    };
  }

  /** R6: asks for the secrets of a room that are due to this account and not here. */
  async seekMissing(room: RoomId): Promise<void> {
    const { rows, secrets } = this.#needs;
    if (this.#isApart(room)) return;
    const missing = await secrets.missing(room);
    if (missing.length === 0) return;
    this.#needs.background(secrets.request(room, missing, true));
    this.#remind(room, missing);
    const current = rows.peek(room)?.state.header;
    const unread = missing.find((header) => current && isSame(header, current));
    if (unread) this.#giveUpLater(unread);
  }

  /** R6: who could help may have come, or got the secret, only since: asks again, ever more rarely, a few times. */
  #remind(room: RoomId, headers: readonly VerifiedHeader[], attempt = 1): void {
    const { background, clock, connection, secrets } = this.#needs;
    if (attempt > REMINDERS) return;
    const ask = async () => {
      if (this.#stopped || !connection.online || this.#isApart(room)) return;
      const missing = (await secrets.missing(room)).filter((one) =>
        headers.some((asked) => isSame(asked, one)),
      );
      if (missing.length === 0) return;
      this.#remind(room, missing, attempt + 1);
      await secrets.request(room, missing, true);
    };
    clock.after(REMINDER * 2 ** (attempt - 1), () => background(ask()));
  }

  /** R6, attack 27: an epoch whose key nobody has or gives ends here: any member may make the next. */
  #giveUpLater(header: VerifiedHeader): void {
    const { background, clock } = this.#needs;
    const turn = Math.max(0, this.#rank(this.#needs.rows.peek(header.header.room))) * RENEWAL_TURN;
    clock.after(UNHELPED + turn, () => background(this.#replace(header)));
  }

  async #replace(unread: VerifiedHeader): Promise<void> {
    const { secrets, epochs, rows } = this.#needs;
    const { room } = unread.header;
    const row = rows.peek(room);
    const header = row?.state.header;
    if (this.#stopped || !this.#needs.connection.online) return;
    if (!row || !header || this.#isApart(room)) return;
    if (row.standing !== 'member' || !isSame(header, unread) || (await secrets.get(header))) return;
    await epochs.change(room, {});
  }

  /** This account's place among the members online; -1 where it is no member. */
  #rank(row: RoomRow | undefined): number {
    const { account } = this.#needs.keys.self;
    const members = row?.state.header?.header.members ?? [];
    return members
      .filter((m) => m.account === account || this.#needs.directory.isOnline(m.account))
      .findIndex((m) => m.account === account);
  }
}

const isSame = (a: VerifiedHeader, b: VerifiedHeader): boolean => equalBytes(a.hash, b.hash);
