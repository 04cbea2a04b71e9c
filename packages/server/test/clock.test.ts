import { describe, expect, test } from 'vitest';
import { forwardClock } from '../src/clock.ts';
import { Limiter } from '../src/limits/limiter.ts';
import { withDefaultRates } from '../src/limits/rates.ts';

/** A wall clock that can be set, and time that passes. */
function makeTime() {
  const time = { wall: 1_790_000_000_000, elapsed: 5_000.25 };
  const now = forwardClock(
    () => time.wall,
    () => time.elapsed,
  );
  const pass = (milliseconds: number) => {
    time.wall += milliseconds;
    time.elapsed += milliseconds;
  };
  return { time, now, pass };
}

describe('[D5] the server’s clock', () => {
  test('is the wall clock, in whole milliseconds', () => {
    const { time, now, pass } = makeTime();
    expect(now()).toBe(time.wall);
    pass(1_234);
    expect(now()).toBe(time.wall);
  });

  test('goes on by the time that passes where the wall clock is set back', () => {
    const { time, now, pass } = makeTime();
    const before = now();
    time.wall -= 7_200_000;
    expect(now()).toBe(before);
    pass(250);
    expect(now()).toBe(before + 250);
  });

  test('follows where the wall clock is set ahead, and once it has caught up', () => {
    const { time, now, pass } = makeTime();
    time.wall += 3_600_000;
    expect(now()).toBe(time.wall);
    time.wall -= 3_600_000;
    pass(10);
    expect(now()).toBe(time.wall + 3_600_000);
    time.wall += 3_700_000;
    expect(now()).toBe(time.wall);
  });
});

test('[D7] a limit that is used up refills though the wall clock was set back', () => {
  const { time, now, pass } = makeTime();
  const limiter = new Limiter(withDefaultRates({ sends: { burst: 3, perSecond: 1 } }), now);
  const take = () => limiter.take('sends', 'a device');
  expect([take(), take(), take()]).toEqual([0, 0, 0]);
  time.wall -= 7_200_000;
  expect(take()).toBe(1_000);
  pass(1_000);
  expect(take()).toBe(0);
});
