import type { AccountId, PersonEntry } from '@sotto/protocol';
import { accountTopic, type PlainFrame } from '../bus/bus.ts';
import type { Service } from '../service.ts';
import type { StoredAccount } from '../store/store.ts';

type Parts = Pick<Service, 'config' | 'store' | 'bus'>;

/** Tells a frame about an account to those who may see it; presence only to those it keeps company with. */
export async function tellAudience(
  { config, store, bus }: Parts,
  about: AccountId,
  frame: PlainFrame,
): Promise<void> {
  if (config.directory === 'all') {
    bus.publish('everyone', { type: 'frame', frame });
    return;
  }
  const audience = frame.t === 'presence' ? 'companions' : 'neighbours';
  for (const account of await store.accounts[audience](about)) {
    bus.publish(accountTopic(account), { type: 'frame', frame });
  }
}

/** Those the account may see, itself among them. */
export async function visiblePeople({ config, store }: Parts, account: AccountId): Promise<StoredAccount[]> {
  if (config.directory === 'all') return store.accounts.everyone();
  const people: StoredAccount[] = [];
  for (const id of [account, ...(await store.accounts.neighbours(account))]) {
    const person = await store.accounts.get(id);
    if (person) people.push(person);
  }
  return people;
}

export const asPerson = ({ account, name, kind }: StoredAccount): PersonEntry => ({ account, name, kind });

/** Attack 48: whose coming and going the account may see; nobody's by bringing them into a room. */
export async function companionsOf(
  { config, store }: Parts,
  account: AccountId,
): Promise<(of: AccountId) => boolean> {
  if (config.directory === 'all') return () => true;
  const visible = new Set([account, ...(await store.accounts.companions(account))]);
  return (of) => visible.has(of);
}

/** Whom of `online` the account may see. */
export async function visibleOnline(
  parts: Parts,
  account: AccountId,
  online: ReadonlySet<AccountId>,
): Promise<AccountId[]> {
  return [...online].filter(await companionsOf(parts, account));
}

/** Directory 'rooms': who came into a room by its own doing, and those who did before, see each other's presence. */
export async function showPresence(
  { config, store, bus, presence }: Parts & Pick<Service, 'presence'>,
  account: AccountId,
): Promise<void> {
  if (config.directory === 'all') return;
  const others = await store.accounts.companions(account);
  const tell = (whom: AccountId, of: readonly AccountId[]) => {
    const people = of.filter((id) => presence.isOnline(id)).map((id) => presence.describe(id));
    if (people.length > 0)
      bus.publish(accountTopic(whom), { type: 'frame', frame: { t: 'presence', people } });
  };
  tell(account, others);
  for (const other of others) tell(other, [account]);
}

/** Directory 'rooms': people who meet in a room learn each other's names. */
export async function introduce(
  { config, store, bus }: Parts,
  joined: readonly AccountId[],
  members: readonly AccountId[],
): Promise<void> {
  if (config.directory === 'all') return;
  const arrived = new Set(joined);
  for (const account of members) {
    const others = members.filter((id) => id !== account && (arrived.has(account) || arrived.has(id)));
    const people: PersonEntry[] = [];
    for (const id of others) {
      const person = await store.accounts.get(id);
      if (person) people.push(asPerson(person));
    }
    if (people.length === 0) continue;
    bus.publish(accountTopic(account), { type: 'frame', frame: { t: 'people', people } });
  }
}
