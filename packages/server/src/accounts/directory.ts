import type { AccountId, PersonEntry, ServerFrame } from '@sotto/protocol';
import { accountTopic, type PlainFrame } from '../bus/bus.ts';
import type { Service } from '../service.ts';
import type { StoredAccount } from '../store/store.ts';

type Parts = Pick<Service, 'config' | 'store' | 'bus'>;

/** Tells a frame about an account to those who may see it. */
export async function tellAudience(
  { config, store, bus }: Parts,
  about: AccountId,
  frame: PlainFrame,
): Promise<void> {
  if (config.directory === 'all') {
    bus.publish('everyone', { type: 'frame', frame });
    return;
  }
  for (const account of await store.accounts.neighbours(about)) {
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

/** Whom of `online` the account may see. */
export async function visibleOnline(
  { config, store }: Parts,
  account: AccountId,
  online: ReadonlySet<AccountId>,
): Promise<AccountId[]> {
  if (config.directory === 'all') return [...online];
  const visible = [account, ...(await store.accounts.neighbours(account))];
  return visible.filter((id) => online.has(id));
}

/** Directory 'rooms': people who meet in a room learn each other's names and presence. */
export async function introduce(
  { config, store, bus, presence }: Parts & Pick<Service, 'presence'>,
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
    const frames: (ServerFrame & PlainFrame)[] = [{ t: 'people', people }];
    const online = others.filter((id) => presence.isOnline(id));
    if (online.length > 0) frames.push({ t: 'presence', people: online.map((id) => presence.describe(id)) });
    for (const frame of frames) bus.publish(accountTopic(account), { type: 'frame', frame });
  }
}
