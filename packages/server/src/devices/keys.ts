import { type AccountId, type AccountKeys, LIMITS } from '@sotto/protocol';
import type { Limiter } from '../limits/limiter.ts';
import type { Store } from '../store/store.ts';
import type { DeviceLists } from './lists.ts';

interface Keys {
  readonly accounts: readonly AccountKeys[];
  /** They did not all fit: the others are asked for again. */
  readonly more?: true;
}

/**
 * K3, K2: what somebody needs to wrap for an account. Unknown accounts are left out. Attack 37: each is answered once, so many
 * lists at a time, and so many over time.
 * @throws Refused 'rate_limited'
 */
export async function readKeys(
  { store, lists, limiter }: { store: Store; lists: DeviceLists; limiter: Limiter },
  asking: AccountId,
  asked: readonly { account: AccountId; after: number }[],
): Promise<Keys> {
  const answers = new Map<AccountId, AccountKeys>();
  let size = 0;
  for (const { account, after } of asked) {
    if (answers.has(account)) continue;
    if (size >= LIMITS.keyAnswer) return { accounts: [...answers.values()], more: true };
    const newest = await lists.newest(account);
    if (!newest) continue;
    const listed = new Set(newest.list.devices.map(({ device }) => device));
    const keys = (await store.devices.keys(account)).filter(({ device }) => listed.has(device));
    const later = (await store.devices.listsAfter(account, after)).map(({ signed }) => signed);
    const length = later.reduce((sum, { length }) => sum + length, 0);
    limiter.demand('reading', asking, length);
    size += length;
    answers.set(account, { account, lists: later, keys: keys.map(({ device, key }) => ({ device, key })) });
  }
  return { accounts: [...answers.values()] };
}
