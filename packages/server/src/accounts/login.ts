import { type AccountId, foldName } from '@sotto/protocol';
import { found, Refused } from '../refusal.ts';
import type { Service } from '../service.ts';

/** Attack 37: limited per name and per address, answered alike whether the name is known. */
export async function startLogin(
  { store, limiter, passwords }: Service,
  asked: { name: string; request: string },
  address: string,
) {
  const folded = foldName(asked.name);
  limiter.demand('loginsPerAddress', address);
  limiter.demand('logins', folded);
  return passwords.startLogin(folded, await store.accounts.byName(folded), asked.request);
}

/** What a new device needs to go on: the vault opens with the export key that only the client has (K5). */
export async function finishLogin(service: Service, asked: { login: string; finish: string }) {
  const { account, record } = service.passwords.finishLogin(asked.login, asked.finish);
  // The password may have been replaced since the login began: the old one gives nothing any more.
  if ((await service.store.accounts.get(account))?.record !== record) throw new Refused('bad_login');
  return belongings(service, account);
}

/** Account, newest list and vault. */
export async function belongings({ store }: Service, id: AccountId) {
  const { account, name } = found(await store.accounts.get(id));
  const list = found(await store.devices.newest(account)).signed;
  const vault = found(await store.accounts.vault(account));
  return { account, name, list, vault };
}
