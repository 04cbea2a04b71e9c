import type { AccountId, Ciphertext, DeviceId } from '@sotto/protocol';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type HeardReceipt, ReceiptNews } from '../src/realtime/receipt-news.ts';
import { newGroupId, randomId } from './support/signing.ts';

const room = newGroupId();
const ann = randomId<AccountId>();
const heard = (body: string, device = randomId<DeviceId>()): HeardReceipt => ({
  receipt: { account: ann, device, body: body as Ciphertext },
  from: device,
});

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** What was told of `room`, as bodies, to so many connections. */
function open(readers: number) {
  const told: string[][] = [];
  const news = new ReceiptNews((of, receipts) => {
    if (of === room) told.push(receipts.map(({ receipt }) => String(receipt.body)));
    return readers;
  });
  return { news, told };
}

test('the first receipt of a quiet room goes out at once, and two people never wait longer than 20 ms', () => {
  const { news, told } = open(2);
  news.add(room, heard('first'));
  expect(told).toEqual([['first']]);
  news.add(room, heard('second'));
  vi.advanceTimersByTime(20);
  expect(told).toEqual([['first'], ['second']]);
  vi.advanceTimersByTime(40);
  news.add(room, heard('later'));
  expect(told.at(-1)).toEqual(['later']);
});

test('[attack 37] 49 members who have read a message are told in two frames, of each device the newest', () => {
  const { news, told } = open(50);
  const devices = Array.from({ length: 49 }, () => randomId<DeviceId>());
  for (const [at, device] of devices.entries()) news.add(room, heard(`delivered to ${at}`, device));
  for (const [at, device] of devices.entries()) news.add(room, heard(`read by ${at}`, device));
  news.add(newGroupId(), heard('elsewhere'));
  vi.advanceTimersByTime(499);
  expect(told).toEqual([['delivered to 0']]);
  vi.advanceTimersByTime(1);
  const [, together] = told;
  expect(told).toHaveLength(2);
  expect(new Set(together)).toEqual(new Set(devices.map((_, at) => `read by ${at}`)));
});

test('[D4] a crowd of devices is told in frames that stay small', () => {
  const { news, told } = open(800);
  for (let at = 0; at < 200; at += 1) news.add(room, heard(`${at}`));
  vi.advanceTimersByTime(500);
  expect(told.map((receipts) => receipts.length)).toEqual([1, 64, 64, 64, 7]);
});

test('closed, it tells nothing more', () => {
  const { news, told } = open(2);
  news.add(room, heard('first'));
  news.add(room, heard('second'));
  news.close();
  vi.advanceTimersByTime(1_000);
  expect(told).toEqual([['first']]);
});
