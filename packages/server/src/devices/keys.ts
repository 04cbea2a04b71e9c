import type { AccountId, AccountKeys } from '@sotto/protocol';
import type { Store } from '../store/store.ts';
import { newestList } from './lists.ts';

/** K3, K2: what somebody needs to wrap for an account. Unknown accounts are left out. */
export async function readKeys(
  store: Store,
  asked: readonly { account: AccountId; after: number }[],
): Promise<AccountKeys[]> {
  const answers: AccountKeys[] = [];
  for (const { account, after } of asked) {
    const name = (await store.accounts.get(account))?.name ?? (await store.accounts.absent(account));
    const newest = await newestList(store, account);
    if (name === undefined || !newest) continue;
    const listed = new Set(newest.list.devices.map(({ device }) => device));
    const keys = (await store.devices.keys(account)).filter(({ device }) => listed.has(device));
    const lists = await store.devices.listsAfter(account, after);
    answers.push({
      account,
      name,
      lists: lists.map(({ signed }) => signed),
      keys: keys.map(({ device, key }) => ({ device, key })),
    });
  }
  return answers;
}
