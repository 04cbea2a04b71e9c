import { expect, test } from 'vitest';
import { Allowance, WrapBudget } from '../../src/engine/rooms/keys/allowance.ts';
import { someone } from './support/rows.ts';

test('[attack 50] so much at once for each, refilled with time, never beyond; a clock that goes back gives nothing', () => {
  let now = 1_000_000;
  const allowance = new Allowance<string>({ now: () => now }, { burst: 10, perSecond: 2 });
  expect(allowance.left('ann')).toBe(10);
  allowance.spend('ann', 10);
  expect(allowance.left('ann')).toBe(0);
  expect(allowance.left('ben')).toBe(10);
  now += 1_500;
  expect(allowance.left('ann')).toBe(3);
  allowance.spend('ann', 1);
  now -= 60_000;
  expect(allowance.left('ann')).toBe(2);
  now += 3_600_000;
  expect(allowance.left('ann')).toBe(10);
});

test('[attack 29] remembers a thousand, those that spent last', () => {
  const allowance = new Allowance<number>({ now: () => 0 }, { burst: 10, perSecond: 1 });
  for (let key = 0; key <= 1_000; key++) allowance.spend(key, 1);
  expect(allowance.left(0)).toBe(10);
  expect(allowance.left(1)).toBe(9);
  expect(allowance.left(1_000)).toBe(9);
});

test('[attack 50] many accounts that ask without end take nothing from the own devices', () => {
  const self = someone().account;
  const budget = new WrapBudget({ now: () => 0 }, self);
  for (let puppet = 1; puppet <= 5; puppet++) {
    const { account } = someone();
    expect(budget.left(account)).toBe(400);
    budget.spend(account, 400);
    expect(budget.left(account)).toBe(0);
  }
  expect(budget.left(someone().account)).toBe(0); // that is for all others
  expect(budget.left(self)).toBe(400);
  budget.spend(self, 400);
  expect(budget.left(self)).toBe(0);
});
