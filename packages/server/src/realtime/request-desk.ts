import type { AccountId, Asker, HeaderHash } from '@sotto/protocol';

export type Device = Pick<Asker, 'account' | 'device'>;

export interface DeskParts {
  /** Headers whose secrets the device still asks for. */
  open(asker: Asker): Promise<HeaderHash[]>;
  /**
   * Devices that may be asked now, the likeliest to hold these secrets first; never the asker, nor one that asks for the
   * same itself.
   */
  helpers(asker: Asker, headers: readonly HeaderHash[]): Promise<Device[]>;
  /** Hands the request to one device. */
  hand(helper: Device, asker: Asker, headers: readonly HeaderHash[]): void;
  onError(error: unknown): void;
}

/** How long a device has to answer before the next one is asked, in milliseconds: a slow one makes a wrap in 20. */
const patience = (headers: number): number => 2_000 + 20 * headers;
/** Askers remembered; beyond, those longest ago are forgotten. */
const KEPT = 10_000;

interface Ticket {
  readonly asker: Asker;
  /** Devices it was handed to, and in which round: in each, all have one turn. */
  readonly handed: Map<string, number>;
  round: number;
  /** How often each account had it. */
  readonly turns: Map<AccountId, number>;
  /** Devices that had it since the device asked last: they may still answer while nobody has it. */
  readonly had: Set<string>;
  /** Who has it now. */
  helper: { readonly name: string; readonly timer: NodeJS.Timeout } | null;
  /** One step after the other, and how many are to come. */
  last: Promise<void>;
  steps: number;
}

const nameOf = ({ account, device }: Device) => `${account}.${device}`;

/**
 * R6, attack 50: hands what a device asks for to one member's device at a time; the next one gets it where that does not
 * answer, or not all of it. Whoever answers with rubbish is asked last when the device asks again, with all of its devices,
 * and spoils nobody else's turn (attack 27).
 */
export class RequestDesk {
  readonly #parts: DeskParts;
  readonly #patience: typeof patience;
  readonly #tickets = new Map<string, Ticket>();
  #closed = false;

  constructor(parts: DeskParts, patienceFor = patience) {
    this.#parts = parts;
    this.#patience = patienceFor;
  }

  /** The device asks, or asks again. While somebody has its request, that one goes first. */
  asked(asker: Asker): void {
    const ticket = this.#ticketOf(asker);
    if (ticket.helper) return;
    ticket.had.clear();
    this.#step(ticket, () => this.#handOn(ticket, true));
  }

  /** Whether it is the device's turn to answer; late or again too, where nobody else has the turn. */
  handed(asker: Asker, helper: Device): boolean {
    const ticket = this.#tickets.get(keyOf(asker));
    if (!ticket) return false;
    const name = nameOf(helper);
    return ticket.helper ? ticket.helper.name === name : ticket.steps === 0 && ticket.had.has(name);
  }

  /** A device that was asked sent secrets to the asker; what is still missing goes to the next one. */
  answered(asker: Asker, by: Device): void {
    const ticket = this.#tickets.get(keyOf(asker));
    if (ticket?.helper?.name !== nameOf(by)) return;
    this.#next(ticket);
  }

  /** A device came that could help these, which nobody does now. */
  arrived(askers: readonly Asker[]): void {
    for (const asker of askers) {
      const ticket = this.#ticketOf(asker);
      this.#step(ticket, () => this.#handOn(ticket, false));
    }
  }

  /** The device went: what it was asked for goes to the next one. */
  left(helper: Device): void {
    for (const ticket of this.#tickets.values()) {
      if (ticket.helper?.name === nameOf(helper)) this.#next(ticket);
    }
  }

  close(): void {
    this.#closed = true;
    for (const ticket of this.#tickets.values()) this.#release(ticket);
    this.#tickets.clear();
  }

  /** @param again where all had their turn, they get another */
  async #handOn(ticket: Ticket, again: boolean): Promise<void> {
    if (ticket.helper || this.#closed) return;
    const { asker, handed } = ticket;
    const headers = await this.#parts.open(asker);
    if (headers.length === 0) return;
    const helpers = await this.#parts.helpers(asker, headers);
    const turnsOf = ({ account }: Device) =>
      account === asker.account ? 0 : (ticket.turns.get(account) ?? 0);
    const fair = helpers.toSorted((a, b) => turnsOf(a) - turnsOf(b));
    let helper = fair.find((one) => handed.get(nameOf(one)) !== ticket.round);
    if (!helper && again) {
      ticket.round += 1;
      [helper] = fair;
    }
    if (!helper || this.#closed) return;
    const name = nameOf(helper);
    handed.set(name, ticket.round);
    ticket.had.add(name);
    ticket.turns.set(helper.account, (ticket.turns.get(helper.account) ?? 0) + 1);
    const timer = setTimeout(() => this.#next(ticket), this.#patience(headers.length));
    ticket.helper = { name, timer };
    this.#parts.hand(helper, asker, headers);
  }

  #next(ticket: Ticket): void {
    this.#release(ticket);
    this.#step(ticket, () => this.#handOn(ticket, false));
  }

  #release(ticket: Ticket): void {
    clearTimeout(ticket.helper?.timer);
    ticket.helper = null;
  }

  #step(ticket: Ticket, work: () => Promise<void>): void {
    ticket.steps += 1;
    const done = () => {
      ticket.steps -= 1;
    };
    ticket.last = ticket.last
      .then(work)
      .catch((error: unknown) => this.#parts.onError(error))
      .then(done);
  }

  #ticketOf(asker: Asker): Ticket {
    const key = keyOf(asker);
    const known = this.#tickets.get(key);
    const fresh = { asker, handed: new Map(), round: 0, turns: new Map(), had: new Set<string>() };
    const ticket: Ticket = known ?? { ...fresh, helper: null, last: Promise.resolve(), steps: 0 };
    // The newest last, so that the one forgotten is the one longest ago.
    this.#tickets.delete(key);
    this.#tickets.set(key, ticket);
    const oldest = this.#tickets.entries().next();
    if (this.#tickets.size > KEPT && !oldest.done) {
      this.#release(oldest.value[1]);
      this.#tickets.delete(oldest.value[0]);
    }
    return ticket;
  }
}

const keyOf = (asker: Asker) => `${asker.room}/${nameOf(asker)}`;
