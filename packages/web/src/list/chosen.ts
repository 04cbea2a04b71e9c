import type { Chosen } from '@sotto/client';
import type { AccountId } from '../app/types.ts';
import type { ErrorWords } from '../texts/errors.ts';

/** People chosen so far, each by the name that was shown (attack 49: what was seen is what is accepted). */
export type ChosenPeople = ReadonlyMap<AccountId, string>;

export const asChosen = (chosen: ChosenPeople): Chosen[] =>
  [...chosen].map(([account, name]) => ({ account, name }));

/** After the user was told that somebody is called otherwise: doing it again means the name that was told. */
export function withToldName(chosen: ChosenPeople, { names }: ErrorWords): ChosenPeople {
  if (!names) return chosen;
  return new Map(
    [...chosen].map(([account, name]) => [account, account === names.account ? names.name : name]),
  );
}
