/** A token bucket: `burst` at once, refilled at `perSecond`. */
export interface Rate {
  readonly burst: number;
  readonly perSecond: number;
  /**
   * Once empty, nothing is taken before this many tokens are back. For what comes in order: all of what is on its
   * way behind a refused one is refused too, so that nothing overtakes.
   */
  readonly reopensAt?: number;
}

/** D7: what an address, a name or a device may do, and how fast (attack 37). */
export interface Rates {
  /** Per address: anything under /api, new connections too. */
  readonly requests: Rate;
  /** Per address: new accounts, and the first step towards one. */
  readonly registrations: Rate;
  /** Per address: device lists. */
  readonly lists: Rate;
  /** Per account: versions of its list. */
  readonly changes: Rate;
  /** Per account: characters of device lists it reads. */
  readonly reading: Rate;
  /** Per account: steps towards a new password (each would test a guess, attack 18). */
  readonly passwords: Rate;
  /** Per address: attempts to log in, recover or start over, under any name. */
  readonly logins: Rate;
  /** Per address: look-ups of invites (attack 38). */
  readonly invites: Rate;
  /** Per device: signed requests. */
  readonly signed: Rate;
  /** Per device: epochs and leaves. */
  readonly epochs: Rate;
  /** Per account and room: epochs. Each stands for ever in the room's chain and in its members' archives (attack 50). */
  readonly rekeys: Rate;
  /** Per account: people brought into rooms (attack 48). */
  readonly bringing: Rate;
  /** Per account: secrets asked for, header by header (attack 50). */
  readonly asking: Rate;
  /** Per device: messages. */
  readonly sends: Rate;
  /** Per device: signals, receipts, pings. */
  readonly signals: Rate;
  /** Per account: uploads announced (M6). */
  readonly uploads: Rate;
  /** Per account: requests that bring bytes of an upload; each costs a sync of the disk. */
  readonly patches: Rate;
  /** Per device: frames refused one after another before the connection is closed. */
  readonly refusals: Rate;
  /** Open connections of one address. */
  readonly sockets: number;
  /** Connections that have not said yet who they are, at once (attack 51). */
  readonly newcomers: { readonly address: number; readonly all: number };
}

const DEFAULTS: Rates = {
  requests: { burst: 5_000, perSecond: 500 },
  registrations: { burst: 100, perSecond: 0.5 },
  lists: { burst: 200, perSecond: 2 },
  changes: { burst: 100, perSecond: 0.01 },
  reading: { burst: 67_108_864, perSecond: 1_048_576 },
  passwords: { burst: 20, perSecond: 0.05 },
  logins: { burst: 60, perSecond: 0.2 },
  invites: { burst: 200, perSecond: 2 },
  // A new device reads every room of its account: some three requests each.
  signed: { burst: 1_200, perSecond: 100 },
  epochs: { burst: 200, perSecond: 5 },
  // No client waits longer than a minute for the next; a member's archive takes 100,000.
  rekeys: { burst: 300, perSecond: 0.02 },
  bringing: { burst: 500, perSecond: 0.02 },
  // All that one may ask for at a time; asked for again, ever more rarely, while nobody is there.
  asking: { burst: 4_000, perSecond: 2 },
  sends: { burst: 200, perSecond: 50, reopensAt: 25 },
  signals: { burst: 200, perSecond: 50 },
  uploads: { burst: 200, perSecond: 2 },
  patches: { burst: 400, perSecond: 20 },
  refusals: { burst: 500, perSecond: 10 },
  sockets: 500,
  newcomers: { address: 128, all: 1_024 },
};

export const withDefaultRates = (overrides: Partial<Rates>): Rates => ({ ...DEFAULTS, ...overrides });

/** The kinds of bucket: all but the plain counts. */
export type RateKind = Exclude<keyof Rates, 'sockets' | 'newcomers'>;
