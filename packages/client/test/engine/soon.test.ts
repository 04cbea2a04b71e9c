import { expect, test } from 'vitest';
import { Soon } from '../../src/engine/soon.ts';
import { ClientError, type ClientErrorCode } from '../../src/error.ts';
import { FakeClock } from './support/fake-clock.ts';

function setUp() {
  const clock = new FakeClock();
  const state = { online: true, runs: 0, fails: null as ClientErrorCode | null };
  const told: unknown[] = [];
  const context = {
    clock,
    connection: state,
    background: (work: Promise<unknown>) => void work.catch((error: unknown) => told.push(error)),
  };
  const soon = new Soon(context, 1_000, async () => {
    state.runs += 1;
    if (state.fails) throw new ClientError(state.fails);
  });
  return { clock, state, told, soon };
}

test('many changes of a moment are one run; what is left for soon can be done at once', async () => {
  const { clock, state, soon } = setUp();
  soon.schedule();
  soon.schedule();
  await clock.pass(1_000);
  expect(state.runs).toBe(1);
  soon.schedule();
  await soon.flush();
  await soon.flush();
  await clock.pass(10_000);
  expect(state.runs).toBe(2);
});

test('[attack 40] `internal` is tried again, ever more slowly, until it is done', async () => {
  const { clock, state, told, soon } = setUp();
  state.fails = 'internal';
  soon.schedule();
  await clock.pass(60_000);
  expect(state.runs).toBe(5); // after 1, 2, 4, 8, 16 s
  expect(told).toHaveLength(5);
  state.fails = null;
  await clock.pass(60_000);
  expect(state.runs).toBe(6);
  await clock.pass(600_000);
  expect(state.runs).toBe(6);
});

test('what the server refuses for good is not tried again; offline, the next connection begins with it', async () => {
  const { clock, state, soon } = setUp();
  state.fails = 'forbidden';
  soon.schedule();
  await clock.pass(600_000);
  expect(state.runs).toBe(1);
  state.fails = null;
  state.online = false;
  soon.schedule();
  await clock.pass(600_000);
  expect(state.runs).toBe(1);
  await soon.run();
  expect(state.runs).toBe(2);
});

test('stopped, it leaves no timer behind: neither one that waits, nor one for work that fails only then', async () => {
  const { clock, state, soon } = setUp();
  soon.schedule();
  soon.stop();
  await clock.pass(600_000);
  expect(state.runs).toBe(0);
  const late = setUp();
  late.state.fails = 'internal';
  const failing = late.soon.run();
  late.soon.stop();
  await expect(failing).rejects.toMatchObject({ code: 'internal' });
  expect([...clock.waiting, ...late.clock.waiting]).toEqual([]);
  await late.clock.pass(600_000);
  expect(late.state.runs).toBe(1);
});
