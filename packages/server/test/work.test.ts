import { WORK, type Work, workInput, workTry, zeroBits } from '@sotto/protocol';
import { describe, expect, test } from 'vitest';
import { WorkGate } from '../src/accounts/work.ts';
import { sha256 } from '../src/digest.ts';
import { Tries } from '../src/limits/tries.ts';
import { Refused } from '../src/refusal.ts';

/** What a client does, or less of it. */
function work({ seed, bits }: Work, request: string, least = bits) {
  const hash = sha256(workInput({ seed }, request));
  const nonce = Buffer.alloc(8);
  while (zeroBits(sha256(workTry(hash, nonce))) < least) nonce.writeUInt32BE(nonce.readUInt32BE(4) + 1, 4);
  return { seed, nonce: nonce.toString('base64url') };
}

/** The challenge of a refusal. */
function challenge(gate: WorkGate, ...asked: Parameters<WorkGate['demand']>): Work {
  try {
    gate.demand(...asked);
  } catch (error) {
    if (error instanceof Refused && error.code === 'work_needed' && error.details.work)
      return error.details.work;
    throw error;
  }
  throw new Error('it was let through');
}

function gateAfter(tries: number, clock = { now: 1_800_000_000_000 }) {
  const gate = new WorkGate(() => clock.now);
  for (let n = 0; n < tries; n += 1) gate.demand('ann', `guess ${n}`, undefined);
  return { gate, clock };
}

describe('[attack 51] a name that was tried often', () => {
  test('costs work, whoever asks, and is locked for nobody', () => {
    const { gate } = gateAfter(WORK.free);
    const asked = challenge(gate, 'ann', 'a', undefined);
    expect(asked.bits).toBe(WORK.least);
    gate.demand('ann', 'a', work(asked, 'a'));
    gate.demand('ben', 'b', undefined); // another name is as it was
  });

  test('takes work for the request it was done for, the name it was asked for, and no less', () => {
    const { gate } = gateAfter(WORK.free);
    const asked = challenge(gate, 'ann', 'a', undefined);
    const done = work(asked, 'a');
    challenge(gate, 'ann', 'b', done);
    challenge(gate, 'ann', 'a', work(asked, 'a', 1));
    const [seed] = [Buffer.from(asked.seed, 'base64url')];
    seed[6] = 1; // "one bit will do"
    challenge(gate, 'ann', 'a', work({ seed: seed.toString('base64url'), bits: 1 }, 'a'));
    for (let n = 0; n < WORK.free; n += 1) gate.demand('eve', `guess ${n}`, undefined);
    challenge(gate, 'eve', 'a', done);
    const { gate: restarted } = gateAfter(WORK.free);
    challenge(restarted, 'ann', 'a', done);
  });

  test('takes it for two minutes, and asks for more where many try on', () => {
    const { gate, clock } = gateAfter(WORK.free);
    const asked = challenge(gate, 'ann', 'a', undefined);
    const done = work(asked, 'a');
    for (let n = 0; n < 150; n += 1) gate.demand('ann', 'a', done); // pays once for all: it is the same guess
    expect(challenge(gate, 'ann', 'b', undefined).bits).toBe(WORK.least + 2);
    challenge(gate, 'ann', 'a', done); // what was cheap at first is not any more
    clock.now += 10 * WORK.halfLife;
    gate.demand('ann', 'c', undefined); // they went away
    const { gate: other, clock: later } = gateAfter(WORK.free);
    const old = work(challenge(other, 'ann', 'a', undefined), 'a');
    later.now += WORK.lifetime + 1;
    for (let n = 0; n < 8; n += 1) other.demand('ann', `more ${n}`, undefined); // and a quarter of those before
    challenge(other, 'ann', 'a', old);
  });

  test('is easier again for each time its owner came in', () => {
    const { gate } = gateAfter(WORK.free);
    gate.forgive('ann');
    gate.demand('ann', 'a', undefined);
    challenge(gate, 'ann', 'a', undefined);
  });
});

test('[attack 37] what is kept of tries is bounded, and what weighs most stays', () => {
  const tries = new Tries(1_000, () => 0);
  for (let n = 0; n < 50; n += 1) tries.add('ann');
  for (let n = 0; n < 50_000; n += 1) tries.add(`name ${n}`);
  expect(tries.count('ann')).toBe(50);
  expect(tries.count('name 0')).toBe(0);
});
