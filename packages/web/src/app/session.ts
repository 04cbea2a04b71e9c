import type { Profile } from '@sotto/client';
import type { AccountId } from './types.ts';

const KEY = 'sotto.account';

/** Which account is open in this tab (E4): survives a reload, and two tabs can be two people. */
export function profileOfTab(profiles: readonly Profile[]): Profile | undefined {
  const stored = sessionStorage.getItem(KEY);
  return profiles.find((profile) => profile.account === stored);
}

export function rememberAccount(account: AccountId | null): void {
  if (account === null) sessionStorage.removeItem(KEY);
  else sessionStorage.setItem(KEY, account);
}
