import type { Engine } from '@sotto/client';
import { PATHS, toBase64Url } from '@sotto/protocol';
import type { LyingServer } from './lying-server.ts';
import type { Operator } from './operator.ts';
import { makeImpostor, type Puppet } from './puppet.ts';

interface Keys {
  accounts: { account: string; lists: string[]; keys: { device: string; key: string }[] }[];
}

/** Another identity under the person's account, in the one place where their list can go on with one (K4). */
export const impostorOf = (operator: Operator, { id: account, state }: Engine): Promise<Puppet> =>
  makeImpostor(state.self.name, account, operator.newestList(account));

/** Answers every question for the person's keys with those of an impostor. */
export function impersonate(liar: LyingServer, impostor: Puppet): void {
  liar.answer = ({ path, status, json }) => {
    if (path !== PATHS.keys || status !== 200) return undefined;
    const { accounts } = json as Keys;
    const own = toBase64Url(impostor.list.signed);
    return {
      accounts: accounts.map((entry) =>
        entry.account === impostor.account
          ? {
              ...entry,
              lists: [...entry.lists.filter((list) => list !== own), own],
              keys: [{ device: impostor.device, key: toBase64Url(impostor.key) }],
            }
          : entry,
      ),
    };
  };
}
