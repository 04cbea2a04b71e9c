/** Up to this many members, receipts go out at once: the double tick of two comes as fast as it can. */
const SMALL = 8;
/** Milliseconds per member between two receipts of one device in a larger room. */
const PACE = { read: 100, delivered: 200 } as const;

/** What a receipt would say that the last one did not. That something was read says that it was delivered, too. */
export type ReceiptNews = keyof typeof PACE;

/**
 * How long a device waits before it tells a room how far messages arrived and were read. Everyone's receipts go to
 * everyone, so in a room of n each round costs n². Larger rooms tell less often and scattered: of 50 members each tells
 * what it read every 5 seconds at most, and mere delivery every 10.
 * @param random in [0, 1)
 * @returns milliseconds
 */
export function receiptDelay(
  room: { readonly members: number; readonly news: ReceiptNews; readonly sinceLast: number },
  random: number,
): number {
  const { members, news, sinceLast } = room;
  const delay = 150 + random * 40 * members;
  if (members <= SMALL) return delay;
  const pace = PACE[news] * members * (0.8 + 0.4 * random);
  return Math.max(delay, pace - sinceLast);
}
