import type { Engine } from '@sotto/client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  everyFate,
  expectAllHistory,
  expectDevices,
  expectPassword,
  HOWS,
  makePast,
  NEW,
  OLD,
  type Past,
  resumeOr,
  type Way,
} from '../support/interrupted.ts';

let past: Past;
beforeAll(async () => {
  past = await makePast();
});
afterAll(() => past.end());

describe('[E3] a cleared browser', () => {
  const way: Way = {
    device: 'phone',
    within: 'all',
    go: (sotto) => sotto.signIn('Paula', OLD),
    async back(sotto) {
      const engine = await resumeOr(sotto, () => sotto.signIn('Paula', OLD));
      await expectAllHistory(engine, past);
      await expectDevices(engine, 2);
    },
  };

  test.each(HOWS)('signing in anew, interrupted everywhere (%s), ends with one new device', async (how) => {
    expect(await everyFate(past, how, way)).toBeGreaterThan(10);
  });
});

describe('[K5] a forgotten password', () => {
  const recover = (sotto: Parameters<Way['go']>[0]): Promise<Engine> =>
    sotto.recover({ name: 'Paula', phrase: past.phrase, password: NEW });
  const way: Way = {
    device: 'phone',
    within: 'call',
    go: recover,
    async back(sotto, stage) {
      const engine = await resumeOr(sotto, () => recover(sotto));
      await expectAllHistory(engine, past);
      await expectDevices(engine, 2);
      await expectPassword(stage, NEW);
    },
  };

  test.each(HOWS)('the phrase, interrupted everywhere (%s), sets the new one', async (how) => {
    expect(await everyFate(past, how, way)).toBeGreaterThan(2);
  });
});
