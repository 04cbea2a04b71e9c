import { type AccountId, foldName, type Signed, toBase64Url, type VaultRecord } from '@sotto/protocol';
import { readExchangeKey } from '../devices/exchange-keys.ts';
import { type ReadList, readList } from '../devices/lists.ts';
import { announceList } from '../devices/update.ts';
import { Refused } from '../refusal.ts';
import type { Service } from '../service.ts';
import type { NewList } from '../store/store.ts';
import { asPerson, tellAudience } from './directory.ts';

export interface Restored {
  readonly account: AccountId;
  readonly name: string;
  readonly earlier: readonly Signed[];
  readonly list: Signed;
  readonly key: Signed;
  readonly password: { readonly record: string; readonly vault: VaultRecord };
  readonly recovery: string;
}

/**
 * K3: an account that does not exist here comes back from a backup, with its id, its identity and all versions of its list.
 * The identity's signature under the newest one is its authority; a name that is taken stays with who has it.
 * @throws Refused 'id_reused' where the account is here already, 'name_taken', 'registration_closed'
 */
export async function restoreAccount(service: Service, asked: Restored): Promise<void> {
  const { config, store, now } = service;
  if (config.registration === 'closed') throw new Refused('registration_closed');
  const { account, name, password, recovery } = asked;
  if (password.vault.version !== 1) throw new Refused('malformed', 'A new vault has version 1.');
  const lists = await readChain(account, [...asked.earlier, asked.list]);
  const newest = lists.at(-1);
  if (!newest) throw new Refused('malformed');
  const { list, stored } = newest;
  const result = await store.accounts.restore({
    account,
    name,
    folded: foldName(name),
    earlier: lists.slice(0, -1).map((one) => one.stored),
    list: stored,
    key: await readExchangeKey(asked.key, { account, list }, now()),
    password,
    recovery,
  });
  if (result === 'id_reused' || result === 'name_taken') throw new Refused(result);
  if (result === 'same') return;
  const person = asPerson({ account, name, kind: 'password', record: null, recovery: null, seen: null });
  await tellAudience(service, account, { t: 'people', people: [person] });
  await announceList(service, list, asked.list);
}

/** Device lists of people whom a restored log names and who have no account here. @throws Refused */
export async function keepAbsent(
  { store }: Service,
  people: readonly { account: AccountId; name: string; lists: readonly Signed[] }[],
): Promise<void> {
  const absent = [];
  for (const { account, name, lists } of people) {
    const read = await readChain(account, lists);
    absent.push({ account, name, lists: read.map(({ stored }) => stored) });
  }
  await store.devices.keepAbsent(absent);
}

/** K3: versions 1, 2, 3 …, each signed by the identity it names and chained to the one before. @throws Refused */
async function readChain(
  account: AccountId,
  lists: readonly Signed[],
): Promise<{ list: ReadList['list']; stored: NewList }[]> {
  const chain: { list: ReadList['list']; stored: NewList }[] = [];
  for (const signed of lists) {
    const next = await readList(signed);
    const before = chain.at(-1)?.stored.hash ?? null;
    const previous = next.list.previous && toBase64Url(next.list.previous);
    if (next.list.account !== account || next.list.version !== chain.length + 1 || previous !== before) {
      throw new Refused('malformed', 'The device lists are not one chain from version 1.');
    }
    chain.push(next);
  }
  return chain;
}
