import { type ExchangeKey, type KeyAge, LIMITS, succession } from '@sotto/protocol';

/** How one exchange key of this device stands. */
export type KeyStanding =
  /** It rests here; whether the server has it is not known. */
  | { readonly state: 'publishing' }
  /** The server showed it as this device's newest. */
  | { readonly state: 'confirmed' }
  /** A newer one is confirmed; kept while a wrap for it waits. */
  | { readonly state: 'replaced'; readonly at: number };

export interface OwnKey extends KeyAge, Pick<ExchangeKey, 'notAfter'> {
  readonly standing: KeyStanding;
}

/** What the renewal does next. */
export type RenewalStep =
  | { readonly type: 'rest' }
  /** @param at beginning of its lifetime */
  | { readonly type: 'make'; readonly at: number }
  /** @param wentBack attack 43: the server showed a newer one before */
  | { readonly type: 'publish'; readonly hash: string; readonly wentBack: boolean }
  /** The server shows it: those before it are replaced. */
  | { readonly type: 'confirm'; readonly hash: string };

/**
 * K2: the time that keys of this device go by. None begins ahead of the server's clock, which would refuse it, nor where only
 * the server says so: nobody goes back behind a key that lies ahead. A clock here that would leave a key less than half its
 * life is no witness.
 */
export function keyTime(own: number, server: number): number {
  const earlier = Math.round(Math.min(own, server));
  return server - earlier > LIMITS.exchangeKeyLifetime / 2 ? server : earlier;
}

/**
 * K2: what brings this device and the server to one key, a week old at most. Each step is decided anew by what rests here
 * and what the server shows, so a lost answer or a crash anywhere only means that it goes on. Pure.
 * @param own everything that rests here
 * @param shown what the server shows as this device's key; null where it shows none that is sound
 * @param now milliseconds since 1970
 */
export function nextRenewalStep(own: readonly OwnKey[], shown: KeyAge | null, now: number): RenewalStep {
  const newest = own.toSorted((a, b) => a.notBefore - b.notBefore).at(-1);
  const make = (): RenewalStep => {
    // Whatever the clock says: it has to be newer than all that anybody may have seen.
    const after = Math.max(newest?.notBefore ?? 0, shown?.notBefore ?? 0);
    return { type: 'make', at: Math.max(now, after + 1) };
  };
  if (!newest) return make();
  const standing = shown && succession(newest, shown);
  // Made by another life of this device, such as one that a restored disk has forgotten: its private half is not here.
  if (standing === 'newer') return make();
  if (standing === 'same') {
    if (newest.standing.state !== 'confirmed') return { type: 'confirm', hash: newest.hash };
    return now - newest.notBefore >= LIMITS.exchangeKeyRotation ? make() : { type: 'rest' };
  }
  if (now > newest.notAfter) return make();
  const confirmed = own.find((key) => key.standing.state === 'confirmed');
  const wentBack = confirmed !== undefined && (!shown || succession(confirmed, shown) === 'older');
  return { type: 'publish', hash: newest.hash, wentBack };
}

/** How a key stands once the server shows `confirmed` as this device's newest. */
export function standingAfter({ hash, standing }: OwnKey, confirmed: string, at: number): KeyStanding {
  if (hash === confirmed) return { state: 'confirmed' };
  return standing.state === 'replaced' ? standing : { state: 'replaced', at };
}

/**
 * K2: replaced keys whose private half is to go: that is the forward secrecy of the key exchange.
 * @param waiting keys that a wrap at the server names. It could name one for ever, so a week is the end of it: who
 *   lacks a secret then asks for it (R6)
 */
export function forgettable(own: readonly OwnKey[], waiting: ReadonlySet<string>, now: number): string[] {
  return own
    .filter(({ hash, standing }) => {
      if (standing.state !== 'replaced') return false;
      return !waiting.has(hash) || now - standing.at >= LIMITS.exchangeKeyRotation;
    })
    .map(({ hash }) => hash);
}
