import { beforeAll, describe, expect, test } from 'vitest';
import { fuzz } from '../../bench/torture/fuzz.ts';
import { fillDisk, type Outcome, torture } from '../../bench/torture/torture.ts';
import { chanceFrom } from './chance.ts';

function randomFrom(seed: number): () => number {
  const chance = chanceFrom(seed);
  return () => chance.below(1_000_000) / 1_000_000;
}

/** The short form of `npm run torture`. */
describe('[D2] [D3] what was acknowledged is there, once and in its place', () => {
  let hasCompiler = true;
  beforeAll(async () => {
    hasCompiler = (await torture({ kills: 0, powerLosses: 0 })) !== undefined;
  });
  const found = (outcome: Outcome | undefined) => {
    if (!outcome) throw new Error('the shim was there a moment ago');
    return outcome;
  };

  test('after kill -9 and loss of power at random moments under load', async ({ skip }) => {
    if (!hasCompiler) skip('power loss is played by a shim that needs the C compiler `cc`');
    const seed = Date.now();
    const outcome = await torture({ kills: 3, powerLosses: 3, random: randomFrom(seed) });
    const { acknowledged, ...rest } = found(outcome);
    expect(rest, `seed ${seed}`).toEqual({ kills: 3, powerLosses: 3, lost: 0, duplicated: 0, reordered: 0 });
    expect(acknowledged).toBeGreaterThan(500);
  });

  test('and a disk without room refuses what it cannot keep, and takes it later', async ({ skip }) => {
    if (!hasCompiler) skip('a full disk is played by the same shim');
    const outcome = await fillDisk();
    expect(outcome).toMatchObject({ acknowledged: 400, lost: 0 });
    expect(outcome?.refused).toBeGreaterThan(0);
  });

  test.each([
    ['commits that are not fsynced', 'synchronous-off', { kills: 0, powerLosses: 2 }],
    ['acknowledgements before the sync', 'acknowledge-unsynced', { kills: 0, powerLosses: 3 }],
    ['acknowledgements before the commit', 'acknowledge-early', { kills: 2, powerLosses: 0 }],
  ] as const)('[planted] the torture finds %s', async (_name, planted, ends) => {
    const outcome = await torture({ ...ends, planted, load: [300, 500] });
    if (outcome) expect(outcome.lost).toBeGreaterThan(0);
  });
});

test('[attack 29] [attack 37] a flood of malformed frames leaves the server healthy and others served', async () => {
  const seed = Date.now();
  const { refused, messages, p99, growth } = await fuzz(10_000, randomFrom(seed));
  expect(refused, `seed ${seed}`).toBeGreaterThan(9_000);
  expect(messages).toBeGreaterThan(20);
  expect(p99).toBeLessThan(2_000); // `npm run bench -- floods` measures against the target
  expect(growth).toBeLessThan(150e6);
});
