import type { AccountId, AddressedWrap } from '@sotto/protocol';
import type { DeviceLists } from '../devices/lists.ts';
import { Refused } from '../refusal.ts';
import type { Store, StoredWrap } from '../store/store.ts';

/**
 * R2: finds whose device each wrap is for. A device is told apart by its exchange key, since nothing keeps
 * a stranger from listing somebody's device id as their own.
 * @throws Refused 'stale_key', 'malformed'
 */
export async function addressWraps(
  { store, lists }: { store: Store; lists: DeviceLists },
  members: readonly AccountId[],
  wraps: readonly AddressedWrap[],
): Promise<StoredWrap[]> {
  if (new Set(wraps.map(({ device }) => device)).size !== wraps.length) {
    throw new Refused('malformed', 'Two wraps are for one device.');
  }
  const owners = new Map<string, AccountId>();
  for (const account of members) {
    const newest = await lists.newest(account);
    const listed = new Set(newest?.list.devices.map(({ device }) => device));
    for (const { device, hash } of await store.devices.keys(account)) {
      if (listed.has(device)) owners.set(`${device}${hash}`, account);
    }
  }
  return wraps.map(({ device, key, body }) => {
    const account = owners.get(`${device}${key}`);
    if (!account) throw new Refused('stale_key');
    return { account, device, key, body };
  });
}
