import { LIMITS, PATHS, toBase64Url } from '@sotto/protocol';
import type { Clock, Locks } from '../../seams/index.ts';
import type { SignedCalls } from '../calls.ts';
import { type DeviceKeys, type ExchangeKeys, type KeyKeeping, makeExchangeKey } from './keys.ts';

/** A wrap made just before the new key was published may still be on its way. */
const GRACE = 60_000;

/**
 * K2: replaces this device's exchange key weekly and forgets the private halves no pending wrap needs.
 * Call after the pending wraps were taken. One tab at a time does it.
 */
export async function rotateExchangeKey(
  device: { keys: DeviceKeys; exchange: ExchangeKeys; keeping: KeyKeeping },
  outside: { calls: SignedCalls; clock: Clock; locks: Locks },
): Promise<void> {
  const { keys, exchange, keeping } = device;
  await outside.locks.exclusive('rotation', async () => {
    const now = outside.clock.now();
    await exchange.forgetReplaced(now - GRACE);
    const current = (await exchange.all()).find((row) => row.replacedAt === null);
    if (current && now - current.key.notBefore < LIMITS.exchangeKeyRotation) return;
    const { account, device: id } = keys.self;
    const fresh = await makeExchangeKey({ account, device: id, signing: keys.signing, at: now, keeping });
    // The private half rests here before anyone can wrap to it.
    await exchange.add(fresh.row, now);
    await outside.calls.put(PATHS.exchangeKey, { key: toBase64Url(fresh.verified.signed) });
  });
}
