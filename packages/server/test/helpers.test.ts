import type { AccountId, Asker, DeviceId, HeaderHash } from '@sotto/protocol';
import { expect, onTestFinished, test } from 'vitest';
import { accountTopic } from '../src/bus/bus.ts';
import { openDesk } from '../src/rooms/requests.ts';
import type { Helpers } from '../src/store/store.ts';
import { newGroupId, randomId } from './support/signing.ts';

const someone = (stands: number | null = 1) => ({ account: randomId<AccountId>(), stands });
const asks = (account = randomId<AccountId>()): Asker => ({
  account,
  device: randomId<DeviceId>(),
  room: newGroupId(),
});

/** A desk where all these members are there with one device each; whom it asks, in order. */
function openWith(members: Helpers['members']) {
  const device = randomId<DeviceId>();
  const topics: string[] = [];
  const errors: unknown[] = [];
  const parts = {
    store: {
      delivery: {
        asked: async () => ['header' as HeaderHash],
        helpers: async () => ({ members, lacking: [] }),
      },
    },
    lists: { newest: async () => ({ list: { devices: [{ device }] } }) },
    presence: { isOnline: () => true, hasDevice: () => true },
    bus: { publish: (topic: string) => topics.push(topic) },
    now: Date.now,
  };
  const desk = openDesk(parts as unknown as Parameters<typeof openDesk>[0], (error) => errors.push(error));
  onTestFinished(() => {
    desk.close();
    expect(errors).toEqual([]);
  });
  const asked = async (count: number) => {
    await expect.poll(() => topics.length).toBe(count);
    return topics;
  };
  return { desk, asked, device };
}

test('[R6] the account itself is asked first, then who stands in most of the headers, last who has not accepted', async () => {
  const own = someone(2);
  const [little, none, most, pending] = [someone(1), someone(0), someone(3), someone(null)];
  const order = [own, most, little, none, pending];
  const { desk, asked, device } = openWith([pending, none, little, most, own]);
  const asker = asks(own.account);
  desk.asked(asker);
  for (const [index, { account }] of order.entries()) {
    await asked(index + 1);
    desk.answered(asker, { account, device });
  }
  expect(await asked(order.length)).toEqual(order.map(({ account }) => accountTopic(account)));
});

test('[R6] [attack 50] of members that are alike another one is asked first each time', async () => {
  const members = [someone(), someone(), someone(), someone()];
  const { desk, asked } = openWith(members);
  for (let count = 1; count <= members.length; count += 1) {
    desk.asked(asks());
    await asked(count);
  }
  expect(new Set(await asked(members.length)).size).toBe(members.length);
});
