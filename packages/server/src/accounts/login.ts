import { type AccountId, foldName, type WorkDone } from '@sotto/protocol';
import { found, Refused } from '../refusal.ts';
import type { Service } from '../service.ts';

/**
 * Attacks 37, 51: limited per address; a name that was tried often costs work, and is locked for nobody. Answered alike
 * whether the name is known. @throws Refused 'rate_limited', 'work_needed'
 */
export async function startLogin(
  { store, limiter, work, passwords }: Service,
  asked: { name: string; request: string; work?: WorkDone | undefined },
  address: string,
) {
  const folded = foldName(asked.name);
  limiter.demand('logins', address);
  work.demand(folded, asked.request, asked.work);
  return passwords.startLogin(folded, await store.accounts.byName(folded), asked.request);
}

/** What a new device needs to go on: the vault opens with the export key that only the client has (K5). */
export async function finishLogin(service: Service, asked: { login: string; finish: string }) {
  const { account, record } = service.passwords.finishLogin(asked.login, asked.finish);
  // The password may have been replaced since the login began: the old one gives nothing any more.
  const known = await service.store.accounts.get(account);
  if (known?.record !== record) throw new Refused('bad_login');
  service.work.forgive(foldName(known.name));
  return belongings(service, account);
}

/** Account, newest list and vault. */
export async function belongings({ store }: Service, id: AccountId) {
  const { account } = found(await store.accounts.get(id));
  const list = found(await store.devices.newest(account)).signed;
  const vault = found(await store.accounts.vault(account));
  return { account, list, vault };
}
