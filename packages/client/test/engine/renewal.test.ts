import { type KeyAge, LIMITS, succession } from '@sotto/protocol';
import { describe, expect, test } from 'vitest';
import {
  forgettable,
  keyTime,
  nextRenewalStep,
  type OwnKey,
  type RenewalStep,
  standingAfter,
} from '../../src/engine/account/renewal.ts';

const WEEK = LIMITS.exchangeKeyRotation;
const T = 1_800_000_000_000;

const key = (
  hash: string,
  notBefore: number,
  standing: OwnKey['standing'] = { state: 'confirmed' },
): OwnKey => ({
  hash,
  notBefore,
  notAfter: notBefore + LIMITS.exchangeKeyLifetime,
  standing,
});
const publishing: OwnKey['standing'] = { state: 'publishing' };

test('[K2] keys go by the earlier of two clocks, unless the own one is no witness', () => {
  const half = LIMITS.exchangeKeyLifetime / 2;
  expect([T, T - 1, T - half, T - half - 1, 0].map((own) => keyTime(own, T))).toEqual([
    T,
    T - 1,
    T - half,
    T,
    T,
  ]);
  expect(keyTime(T + 10 * half, T)).toBe(T); // nor does one begin ahead of the server's clock
});

describe('[K2] the next step of a renewal', () => {
  const old = key('old', T);
  const fresh = key('fresh', T + WEEK, publishing);

  test('nothing for a week; then a new key, which is published, confirmed, and the old one replaced', () => {
    expect(nextRenewalStep([old], old, T + WEEK - 1)).toEqual({ type: 'rest' });
    expect(nextRenewalStep([old], old, T + WEEK)).toEqual({ type: 'make', at: T + WEEK });
    expect(nextRenewalStep([old, fresh], old, T + WEEK)).toEqual({
      type: 'publish',
      hash: 'fresh',
      wentBack: false,
    });
    expect(nextRenewalStep([old, fresh], fresh, T + WEEK)).toEqual({ type: 'confirm', hash: 'fresh' });
    expect(standingAfter(old, 'fresh', 7)).toEqual({ state: 'replaced', at: 7 });
    expect(standingAfter({ ...old, standing: { state: 'replaced', at: 3 } }, 'fresh', 7)).toMatchObject({
      at: 3,
    });
    expect(standingAfter(fresh, 'fresh', 7)).toEqual({ state: 'confirmed' });
  });

  test('[attack 43] a server that shows an older key, or none, is given the newest again, and told of', () => {
    const now = T + WEEK + 1;
    const replaced = { ...old, standing: { state: 'replaced', at: now } } as const;
    const confirmed = { ...fresh, standing: { state: 'confirmed' } } as const;
    const again = { type: 'publish', hash: 'fresh', wentBack: true };
    expect(nextRenewalStep([replaced, confirmed], old, now)).toEqual(again);
    expect(nextRenewalStep([replaced, confirmed], null, now)).toEqual(again);
    expect(nextRenewalStep([old, fresh], key('older', T - WEEK), now)).toEqual(again);
    expect(nextRenewalStep([key('first', T, publishing)], null, T)).toMatchObject({ wentBack: false });
  });

  test('a key that this device does not hold, from a life that it forgot, gives way to a newer one', () => {
    const foreign = { hash: 'foreign', notBefore: T + 5 };
    expect(nextRenewalStep([old], foreign, T + 3)).toEqual({ type: 'make', at: T + 6 });
    expect(nextRenewalStep([], null, T)).toEqual({ type: 'make', at: T });
  });

  test('a clock that was set back never makes a key that nobody would take', () => {
    const late = T + LIMITS.exchangeKeyLifetime + 1;
    expect(nextRenewalStep([old], null, late)).toEqual({ type: 'make', at: late });
    expect(nextRenewalStep([old], key('foreign', T + 50), T - WEEK)).toEqual({ type: 'make', at: T + 51 });
  });

  test('[K2] a replaced half goes once no wrap names it; a server that goes on naming it keeps it for a week', () => {
    const replaced = key('old', T - WEEK, { state: 'replaced', at: T });
    const own = [replaced, key('new', T)];
    expect(forgettable(own, new Set(), T)).toEqual(['old']);
    expect(forgettable(own, new Set(['old']), T + WEEK - 1)).toEqual([]);
    expect(forgettable(own, new Set(['old', 'new']), T + WEEK)).toEqual(['old']);
    expect(forgettable([key('a', T - 2 * WEEK), key('b', T, publishing)], new Set(), T)).toEqual([]);
  });
});

/** A device and an honest server between which anything may be lost. */
class World {
  own: OwnKey[] = [];
  server: KeyAge | null = null;
  now = T;
  made = 0;

  /** @param lost where the program ends or the connection breaks: before it is done, or before it hears of it */
  step(lost: 'nothing' | 'request' | 'answer'): RenewalStep {
    const next = nextRenewalStep(this.own, this.server, this.now);
    if (lost === 'request') return next;
    switch (next.type) {
      case 'make':
        this.made += 1;
        this.own.push(key(`key ${this.made}`, next.at, publishing));
        break;
      case 'publish': {
        const published = this.own.find(({ hash }) => hash === next.hash);
        if (published && succession(this.server ?? undefined, published) === 'newer') this.server = published;
        break;
      }
      case 'confirm':
        this.own = this.own.map((known) => ({
          ...known,
          standing: standingAfter(known, next.hash, this.now),
        }));
        break;
      case 'rest': {
        const gone = forgettable(this.own, new Set(), this.now);
        this.own = this.own.filter(({ hash }) => !gone.includes(hash));
      }
    }
    return next;
  }
}

/** A small generator with a seed, for runs that can be repeated. */
function chance(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

test.each(Array.from({ length: 40 }, (_, seed) => seed + 1))(
  '[K2] [attack 43] whatever is lost, both come to one key, whose private half is here (seed %i)',
  (seed) => {
    const pick = chance(seed);
    const world = new World();
    for (let round = 0; round < 200; round++) {
      world.step((['nothing', 'request', 'answer'] as const)[pick(3)] ?? 'nothing');
      world.now += [1, 60_000, WEEK / 3][pick(3)] ?? 1;
      if (pick(12) === 0) {
        const kept = world.own.find(({ hash }) => hash !== world.server?.hash);
        world.server = kept ?? null; // restored from a backup
      } else if (world.server && round > 1) {
        expect(world.own.map(({ hash }) => hash)).toContain(world.server.hash);
      }
    }
    for (let rest = 0; world.step('nothing').type !== 'rest'; rest++) expect(rest).toBeLessThan(5);
    expect(world.own).toMatchObject([{ hash: world.server?.hash, standing: { state: 'confirmed' } }]);
    expect(world.now - (world.server?.notBefore ?? 0)).toBeLessThan(WEEK);
  },
);
