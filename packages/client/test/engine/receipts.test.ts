import { type DeviceReceipt, LIMITS, type RoomId } from '@sotto/protocol';
import { describe, expect, test } from 'vitest';
import { receiptDelay } from '../../src/engine/rooms/receipts/receipt-pace.ts';
import { WaitingReceipts } from '../../src/engine/rooms/receipts/waiting-receipts.ts';
import { deliveryOf, redeliver } from '../../src/engine/timeline/delivery.ts';
import { project } from '../../src/engine/timeline/project.ts';
import { someone, text, waiting } from './support/rows.ts';

const room = 'a room' as RoomId;

describe('when a device tells how far it got', () => {
  const long = Number.POSITIVE_INFINITY;
  const delay = (members: number, news: 'read' | 'delivered', sinceLast: number) =>
    [0, 0.5, 0.999].map((random) => Math.round(receiptDelay({ members, news, sinceLast }, random)));

  test('two people learn it in a fifth of a second, however short ago the last receipt was', () => {
    for (const news of ['read', 'delivered'] as const) {
      expect(delay(2, news, 0)).toEqual([150, 190, 230]);
      expect(delay(8, news, 0)).toEqual(delay(8, news, long));
    }
  });

  test('a large room that was quiet learns it within two seconds, scattered', () => {
    expect(delay(LIMITS.members, 'read', long)).toEqual([150, 1_150, 2_148]);
    expect(delay(LIMITS.members, 'delivered', long)).toEqual([150, 1_150, 2_148]);
  });

  test('in a large room that talks, a device tells what was read every 5 seconds, mere delivery every 10', () => {
    expect(delay(50, 'read', 0)).toEqual([4_000, 5_000, 5_998]);
    expect(delay(50, 'delivered', 0)).toEqual([8_000, 10_000, 11_996]);
    expect(delay(50, 'read', 4_500)).toEqual([150, 1_150, 2_148]);
    expect(delay(20, 'read', 0)[1]).toBe(2_000);
  });
});

describe('receipts that wait', () => {
  const receipt = (body: string) => {
    const { account, device } = someone();
    return { account, device, body } as DeviceReceipt;
  };

  test('of each device the last that came is opened, in the turn in which it came', () => {
    const [ann, ben] = [receipt('ann 1'), receipt('ben 1')];
    const annAgain = { ...ann, body: 'ann 2' } as DeviceReceipt;
    const waits = new WaitingReceipts();
    waits.add(room, [ann, ben]);
    waits.add('another room' as RoomId, [ann]);
    waits.add(room, [annAgain]);
    expect(waits.take(room, [ann, ben])).toEqual([ben]);
    expect(waits.take(room, [annAgain])).toEqual([annAgain]);
    expect(waits.take('another room' as RoomId, [ann])).toEqual([ann]);
    expect(waits.take(room, [annAgain]), 'taken once').toEqual([]);
  });

  test('[attack 29] a frame that names a device again and again is opened once', () => {
    const ann = receipt('ann');
    const many = Array.from({ length: 1_000 }, (_, at) => ({ ...ann, body: `ann ${at}` }) as DeviceReceipt);
    const waits = new WaitingReceipts();
    waits.add(room, many);
    expect(waits.take(room, many)).toEqual([many.at(-1)]);
  });
});

describe('what receipts change of a conversation', () => {
  const [me, ann, ben] = [someone(), someone(), someone()];
  const members = [me.account, ann.account, ben.account];
  const receipt = (who: typeof ann, delivered: number, read: number) => ({
    account: who.account,
    device: who.device,
    counter: 1,
    delivered,
    read,
  });
  const entries = [text(1, me, 'first'), text(2, ann, 'hers'), text(3, me, 'second')];
  const items = project({
    entries,
    outbox: [waiting(1, { kind: 'text', body: 'not sent yet' })],
    lines: [],
    receipts: [],
    self: me,
    members,
    hears: () => true,
    entitled: () => true,
  });
  const after = (...receipts: ReturnType<typeof receipt>[]) =>
    redeliver(items, deliveryOf({ receipts, members, self: me.account }));

  test('own messages in the log say who has them; everything else stays the same object', () => {
    const next = after(receipt(ann, 3, 1), receipt(ben, 1, 0), receipt(me, 9, 9));
    const deliveries = next.map((item) => (item.type === 'message' ? item.delivery : null));
    expect(deliveries).toEqual([
      { state: 'read', by: [ann.account], of: 2 },
      null,
      { state: 'delivered', to: 1, of: 2 },
      { state: 'waiting' },
    ]);
    expect(next[1]).toBe(items[1]);
    expect(next[3]).toBe(items[3]);
    const unread = after(receipt(ann, 0, 0));
    expect(unread).toBe(items);
  });

  test('the same as making all lines anew', () => {
    const receipts = [receipt(ann, 3, 3), receipt(ben, 2, 2)];
    const anew = project({
      entries,
      outbox: [],
      lines: [],
      receipts,
      self: me,
      members,
      hears: () => true,
      entitled: () => true,
    });
    expect(after(...receipts).slice(0, 3)).toEqual(anew);
  });
});
