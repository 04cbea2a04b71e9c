import type { AccountId, Ciphertext, DeviceId, RoomId } from '@sotto/protocol';
import { describe, expect, onTestFinished, test } from 'vitest';
import { type Bus, roomTopic } from '../src/bus/bus.ts';
import { newGroupId, randomId } from './support/signing.ts';

/** What every bus does (D8). `settle` resolves when what was published has arrived or is lost. */
export function busContract(
  name: string,
  open: () => Promise<{ bus: Bus; settle: () => Promise<void> }>,
): void {
  describe(`${name}: bus`, () => {
    const signal = (number: number, room: RoomId) => ({
      type: 'relay' as const,
      frame: {
        t: 'signal' as const,
        room,
        account: randomId<AccountId>(),
        device: randomId<DeviceId>(),
        body: String(number) as Ciphertext,
      },
      from: 'somewhere',
    });

    async function fresh() {
      const opened = await open();
      onTestFinished(() => opened.bus.close());
      return opened;
    }

    test('every subscriber of a topic gets its events, in order; nobody gets another topic’s', async () => {
      const { bus, settle } = await fresh();
      const [room, other] = [newGroupId(), newGroupId()];
      const got: unknown[][] = [[], [], []];
      for (const [index, topic] of [room, room, other].entries()) {
        bus.subscribe(roomTopic(topic), (event) => got[index]?.push(event));
      }
      const events = [1, 2, 3].map((number) => signal(number, room));
      for (const event of events) bus.publish(roomTopic(room), event);
      await settle();
      expect(got).toEqual([events, events, []]);
    });

    test('nothing arrives after a subscription ended, not even within one event', async () => {
      const { bus, settle } = await fresh();
      const room = newGroupId();
      const got: string[] = [];
      const stops: (() => void)[] = [];
      for (const own of ['a', 'b']) {
        const stop = bus.subscribe(roomTopic(room), () => {
          got.push(own);
          for (const end of stops) end();
        });
        stops.push(stop);
      }
      bus.publish(roomTopic(room), signal(1, room));
      bus.publish(roomTopic(room), signal(2, room));
      await settle();
      expect(got).toHaveLength(1);
      stops[0]?.(); // ending twice does no harm
    });

    test('a subscriber that throws takes nothing from the others', async () => {
      const { bus, settle } = await fresh();
      const room = newGroupId();
      let got = 0;
      bus.subscribe(roomTopic(room), () => {
        throw new Error('mine alone');
      });
      bus.subscribe(roomTopic(room), () => {
        got += 1;
      });
      expect(() => bus.publish(roomTopic(room), signal(1, room))).not.toThrow();
      await settle();
      expect(got).toBe(1);
    });
  });
}
