import type { AccountId, Signed, VaultRecord } from '@sotto/protocol';
import { readExchangeKey } from '../devices/exchange-keys.ts';
import { readList } from '../devices/lists.ts';
import { Refused } from '../refusal.ts';
import type { Service } from '../service.ts';
import { comparable, nameOf } from './names.ts';

export interface Registration {
  readonly account: AccountId;
  readonly list: Signed;
  readonly key: Signed;
  readonly password?: { readonly record: string; readonly vault: VaultRecord } | undefined;
}

/** First step towards a password account. @throws Refused where it could not be finished anyway */
export async function startPassword(
  { config, store, passwords }: Service,
  asked: { account: AccountId; name: string; request: string },
): Promise<{ response: string }> {
  if (config.registration === 'closed') throw new Refused('registration_closed');
  // An answer for an existing account would let its password be guessed around the limit on logins.
  if (await store.accounts.get(asked.account)) throw new Refused('id_reused');
  const conflict = await store.accounts.conflict(asked.account, comparable(asked.name));
  if (conflict) throw new Refused(conflict);
  return { response: passwords.register(asked.account, asked.request) };
}

/** K1–K3: an account exists from here on; said twice, it is answered alike. */
export async function createAccount(service: Service, asked: Registration): Promise<void> {
  const { config, store, bus, now } = service;
  if (config.registration === 'closed') throw new Refused('registration_closed');
  const { account } = asked;
  const { list, stored } = await readList(asked.list);
  const first = list.version === 1 && list.previous === null && list.devices.length === 1;
  if (list.account !== account || !first) {
    throw new Refused('malformed', 'A new account starts with version 1 of its list and one device in it.');
  }
  const name = nameOf(list);
  const key = await readExchangeKey(asked.key, { account, list }, now());
  const result = await store.accounts.create({
    account,
    name,
    list: stored,
    key,
    password: asked.password ?? null,
  });
  if (result !== 'created' && result !== 'same') throw new Refused(result);
  if (result === 'same' || config.directory !== 'all') return;
  const kind = asked.password ? 'password' : 'guest';
  bus.publish('everyone', {
    type: 'frame',
    frame: { t: 'people', people: [{ account, name: name.name, kind }] },
  });
}
