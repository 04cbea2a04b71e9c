import { type AccountId, type DeviceId, type Signed, toBase64Url, type VaultRecord } from '@sotto/protocol';
import { asPerson, tellAudience } from '../accounts/directory.ts';
import { nameOf } from '../accounts/names.ts';
import { readExchangeKey } from '../devices/exchange-keys.ts';
import { type ReadList, readList } from '../devices/lists.ts';
import { announceList } from '../devices/update.ts';
import { Refused } from '../refusal.ts';
import type { Service } from '../service.ts';
import type { NewList } from '../store/store.ts';
import { charge, weightOf } from './loads.ts';

export interface Restored {
  readonly account: AccountId;
  readonly earlier: readonly Signed[];
  readonly list: Signed;
  readonly key: Signed;
  readonly password: { readonly record: string; readonly vault: VaultRecord };
  readonly recovery: string;
}

/**
 * K3: an account that does not exist here comes back from a backup, with its id, its identity and all versions of its list.
 * The identity's signature under the newest one is its authority; a name that is taken stays with who has it.
 * @throws Refused 'id_reused' where the account is here already, 'name_taken', 'name_confusable', 'registration_closed'
 */
export async function restoreAccount(service: Service, asked: Restored): Promise<void> {
  const { config, store, now } = service;
  if (config.registration === 'closed') throw new Refused('registration_closed');
  const { account, password, recovery } = asked;
  const lists = await readChain(account, [...asked.earlier, asked.list]);
  const newest = lists.at(-1);
  if (!newest) throw new Refused('malformed');
  const { list, stored } = newest;
  const name = nameOf(list);
  await charge(store, account, { bytes: lists.reduce((sum, one) => sum + weightOf.list(one.stored), 0) });
  const result = await store.accounts.restore({
    account,
    name,
    earlier: lists.slice(0, -1).map((one) => one.stored),
    list: stored,
    key: await readExchangeKey(asked.key, { account, list }, now()),
    password,
    recovery,
  });
  if (result === 'same') return;
  if (result !== 'created') throw new Refused(result);
  const person = asPerson({
    account,
    name: name.name,
    kind: 'password',
    record: null,
    recovery: null,
    seen: null,
  });
  await tellAudience(service, account, { t: 'people', people: [person] });
  await announceList(service, list, asked.list);
}

/** Device lists of people whom a restored log names and who have no account here. @throws Refused */
export async function keepAbsent(
  { store }: Service,
  by: AccountId,
  people: readonly { account: AccountId; lists: readonly Signed[] }[],
): Promise<void> {
  const absent = [];
  for (const { account, lists } of people) {
    const read = await readChain(account, lists);
    absent.push({ account, lists: read.map(({ stored }) => stored) });
  }
  const bytes = absent.flatMap(({ lists }) => lists).reduce((sum, list) => sum + weightOf.list(list), 0);
  await charge(store, by, { people: absent.length, bytes });
  await store.devices.keepAbsent(absent);
}

/**
 * K3: versions 1, 2, 3 …, each signed by the identity it names and chained to the one before; a device keeps its key.
 * @throws Refused
 */
async function readChain(
  account: AccountId,
  lists: readonly Signed[],
): Promise<{ list: ReadList['list']; stored: NewList }[]> {
  const chain: { list: ReadList['list']; stored: NewList }[] = [];
  const keys = new Map<DeviceId, string>();
  for (const signed of lists) {
    const next = await readList(signed);
    const before = chain.at(-1)?.stored.hash ?? null;
    const previous = next.list.previous && toBase64Url(next.list.previous);
    if (next.list.account !== account || next.list.version !== chain.length + 1 || previous !== before) {
      throw new Refused('malformed', 'The device lists are not one chain from version 1.');
    }
    for (const { device, signing } of next.stored.devices) {
      if ((keys.get(device) ?? signing) !== signing) {
        throw new Refused('malformed', 'A device changes its key in these device lists.');
      }
      keys.set(device, signing);
    }
    chain.push(next);
  }
  return chain;
}
