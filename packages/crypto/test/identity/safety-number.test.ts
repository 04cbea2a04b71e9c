import { type AccountId, concat, idBytes } from '@sotto/protocol';
import { describe, expect, it } from 'vitest';
import { randomId, safetyNumber } from '../../src/index.ts';
import { Person } from '../support/person.ts';

/** The same computation, written again with nothing of ours. */
async function halfByHand(side: { account: AccountId; identity: Uint8Array }): Promise<string> {
  const own = concat(side.identity, idBytes(side.account));
  const digest = async (bytes: Uint8Array<ArrayBuffer>) =>
    new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  let hash = await digest(concat(new TextEncoder().encode('sotto/v1/safety\0'), own));
  for (let i = 0; i < 5_200; i++) hash = await digest(concat(hash, own));
  const view = new DataView(hash.buffer);
  return Array.from({ length: 6 }, (_, i) => {
    const value = BigInt(view.getUint8(i * 5)) * 2n ** 32n + BigInt(view.getUint32(i * 5 + 1));
    return String(value % 100_000n).padStart(5, '0');
  }).join(' ');
}

describe('[K4] the safety number', () => {
  it('is twelve groups of five digits, the same on both sides', async () => {
    const [alice, bob] = [await Person.create('alice'), await Person.create('bob')];
    const number = await safetyNumber(alice.side, bob.side);
    expect(number).toMatch(/^(\d{5} ){11}\d{5}$/);
    expect(await safetyNumber(bob.side, alice.side)).toBe(number);
  });

  it('agrees with an independent computation, the smaller identity first', async () => {
    const [alice, bob] = [await Person.create('alice'), await Person.create('bob')];
    const [first, second] = [alice.side, bob.side].sort((a, b) =>
      a.identity.toHex() < b.identity.toHex() ? -1 : 1,
    );
    if (!first || !second) throw new Error('two sides were made');
    const expected = `${await halfByHand(first)} ${await halfByHand(second)}`;
    expect(await safetyNumber(alice.side, bob.side)).toBe(expected);
  });

  it('[attack 2] differs on both sides where the server swapped a key at first contact', async () => {
    const [alice, bob, server] = [
      await Person.create('alice'),
      await Person.create('bob'),
      await Person.create('bob'),
    ];
    const seenByAlice = await safetyNumber(alice.side, { ...bob.side, identity: server.side.identity });
    const seenByBob = await safetyNumber(bob.side, alice.side);
    expect(seenByAlice).not.toBe(seenByBob);
  });

  it('is symmetric even for one identity under two accounts', async () => {
    const { side } = await Person.create('alice');
    const other = { ...side, account: randomId<AccountId>() };
    expect(await safetyNumber(side, other)).toBe(await safetyNumber(other, side));
    expect(await safetyNumber(side, other)).not.toBe(await safetyNumber(side, side));
  });
});
