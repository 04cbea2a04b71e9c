import { type Ciphertext, toBase64Url } from '@sotto/protocol';
import { describe, expect, inject, it } from 'vitest';
import {
  type AdvanceContext,
  advanceRoom,
  asEpochSecret,
  type ListLookup,
  openProfile,
  openVault,
  openWrap,
  startRoom,
  verifyDeviceLists,
  verifyExchangeKey,
  verifyHeader,
  verifyLeave,
} from '../src/index.ts';
import { exampleValues } from './example-values.ts';
import { examples } from './examples.ts';

const values = exampleValues();

const lists: ListLookup = async (account) => {
  const { alice, bob } = await values;
  return [alice, bob].find((who) => who.account === account)?.list;
};

async function headerOne() {
  const { alice, epoch } = await values;
  const context = {
    previous: null,
    room: epoch.room,
    author: alice.author,
    lists,
    departed: new Set<never>(),
    time: null,
  };
  return verifyHeader(epoch.signed, context);
}

describe('the examples of docs/protocol.md', () => {
  it('are what the program computes; SOTTO_WRITE_EXAMPLES=1 writes them anew', async () => {
    const written = inject('sotto').examples;
    expect(written, 'docs/protocol.md lacks the marker lines').not.toBeNull();
    expect(written).toBe(await examples());
  });

  it('are the same every time: nothing in them is random', async () => {
    expect(await examples()).toBe(await examples());
  });
});

describe('a client takes the examples as genuine', () => {
  it('[K3] the device lists', async () => {
    const { alice, bob } = await values;
    for (const { account, list } of [alice, bob]) {
      expect(await verifyDeviceLists(null, [list.signed], account)).toEqual([list]);
    }
  });

  it('[K2] the exchange key', async () => {
    const { bob, wrap, time } = await values;
    const expected = { ...bob.author, signing: bob.signing.publicKey, now: time };
    expect(await verifyExchangeKey(wrap.exchangeKey.signed, expected)).toEqual(wrap.exchangeKey);
  });

  it('[R1] [R2] header, profile and wrap', async () => {
    const { bob, epoch, wrap } = await values;
    const header = await headerOne();
    expect(header.hash).toEqual(epoch.hash);
    expect(await openProfile(header.header, epoch.secret)).toMatchObject({ name: 'Lab', topic: '' });
    const own = { verified: wrap.exchangeKey, privateKey: wrap.pair.privateKey };
    const body = toBase64Url(wrap.wrap) as Ciphertext;
    expect(await openWrap(body, header, bob.device, own)).toEqual(epoch.secret);
  });

  it('[D1] [M1] the log with its message', async () => {
    const { epoch, chain } = await values;
    const context: AdvanceContext = {
      lists,
      secrets: async () => asEpochSecret(epoch.secret),
      chainAt: async () => undefined,
    };
    let state = await startRoom(epoch.room);
    expect(state.chain).toEqual(chain.zero);
    const outcomes = [];
    for (const link of [chain.first, chain.second]) {
      const next = await advanceRoom(state, { ...link, body: toBase64Url(link.body) as Ciphertext }, context);
      state = next.state;
      outcomes.push(next.outcome);
    }
    expect(outcomes).toMatchObject([{ type: 'epoch' }, { type: 'message', content: { body: 'Hello, Bob' } }]);
    expect(state.chain).toEqual(chain.two);
  });

  it('[R3] the leave statement', async () => {
    const { bob, leave } = await values;
    expect(await verifyLeave(leave.signed, await headerOne(), lists)).toMatchObject({ account: bob.account });
  });

  it('[K5] the vault', async () => {
    const { vault } = await values;
    expect(await openVault(vault.sealed, vault.place)).toEqual(vault.content);
  });
});
