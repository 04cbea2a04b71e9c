import { LIMITS } from '@sotto/protocol';
import { expect, onTestFinished, test } from 'vitest';
import { Nonces } from '../src/http/nonces.ts';
import { openSqliteStore } from '../src/store/sqlite/index.ts';
import { makeFolder } from './support/server.ts';

const START = 1_790_000_000_000;
/** How long a name can come back. */
const LONG = 2 * LIMITS.clockSkew;

async function openNonces() {
  const time = { now: START };
  const store = await openSqliteStore(await makeFolder());
  onTestFinished(() => store.close());
  const open = () => Nonces.open(store, () => time.now);
  return { time, open, nonces: await open(), kept: () => store.proofs.after(0) };
}

const codeOf = (work: () => void): unknown => {
  try {
    work();
    return undefined;
  } catch (error) {
    return (error as { code: string }).code;
  }
};

test('[D5] [attack 36] a time is taken from as far back as to as far ahead as clocks may be apart, none from before the start', async () => {
  const { time, nonces } = await openNonces();
  const at = (moment: number) => codeOf(() => nonces.checkTime(moment));
  expect([at(START), at(START - 1)]).toEqual([undefined, 'clock']);
  time.now += LONG;
  const { now } = time;
  const { clockSkew } = LIMITS;
  expect([now - clockSkew, now + clockSkew].map(at)).toEqual([undefined, undefined]);
  expect([now - clockSkew - 1, now + clockSkew + 1].map(at)).toEqual(['clock', 'clock']);
});

test('[D5] [attack 36] a name serves once for as long as it can come back, then it is forgotten', async () => {
  const { time, nonces } = await openNonces();
  const isFresh = (name: string) => codeOf(() => nonces.checkFresh(name)) === undefined;
  const use = (name: string) => nonces.use(name, time.now);
  await use('first');
  await expect(use('first')).rejects.toMatchObject({ code: 'replayed' });
  time.now += LONG;
  await use('second'); // beside the first, which is as old as it may become
  time.now += 1;
  await use('third');
  expect(['first', 'second', 'third'].map(isFresh)).toEqual([false, false, false]);
  time.now += LONG;
  await use('fourth');
  expect(['first', 'second', 'third'].map(isFresh)).toEqual([false, false, false]);
  time.now += 1;
  await use('fifth');
  expect(['first', 'second', 'third', 'fourth'].map(isFresh)).toEqual([true, true, false, false]);
});

test('[D5] [attack 36] of what was signed ahead of the clock alone the name outlives a restart', async () => {
  const { time, open, nonces, kept } = await openNonces();
  await nonces.use('now', START);
  expect(await kept()).toEqual([]);
  await nonces.use('ahead', START + 1_000);
  expect(await kept()).toEqual(['ahead']);
  time.now += 500;
  const next = await open();
  expect(codeOf(() => next.checkFresh('ahead'))).toBe('replayed');
  expect(codeOf(() => next.checkFresh('now'))).toBeUndefined(); // its time is refused
  expect(codeOf(() => next.checkTime(START))).toBe('clock');
});
