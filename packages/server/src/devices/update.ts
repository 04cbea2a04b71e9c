import {
  type AccountId,
  type DeviceList,
  DeviceListCodec,
  LIMITS,
  type Signed,
  splitSigned,
  toBase64Url,
} from '@sotto/protocol';
import { asPerson, tellAudience } from '../accounts/directory.ts';
import { nameOf } from '../accounts/names.ts';
import { accountTopic } from '../bus/bus.ts';
import { bytesOf } from '../digest.ts';
import { found, Refused } from '../refusal.ts';
import type { Service } from '../service.ts';
import { readExchangeKey } from './exchange-keys.ts';
import { readList } from './lists.ts';

interface Update {
  readonly list: Signed;
  readonly key?: Signed | undefined;
}

/** K3: takes the next version of a device list; the identity's signature is all that carries it. */
export async function updateDevices(service: Service, update: Update): Promise<void> {
  const { store, lists, now } = service;
  const { account } = DeviceListCodec.decode(splitSigned(bytesOf(update.list)).payload);
  const newest = found(await lists.newest(account), 'There is no such account here.');
  const { list, stored } = await readList(update.list, newest.list.identity);
  // Said again, since the first answer may have been lost: list and key are here, and nothing changes (attack 43).
  if (stored.hash === newest.hash) return;
  const key = update.key ? await readExchangeKey(update.key, { account, list }, now()) : null;
  if (key && newest.list.devices.some(({ device }) => device === key.device)) {
    throw new Refused('forbidden', 'A device that is listed already replaces its exchange key itself.');
  }
  const extendsNewest =
    list.version === newest.list.version + 1 && list.previous && toBase64Url(list.previous) === newest.hash;
  if (!extendsNewest) throw new Refused('list_conflict'); // attack 10
  // Attack 37: whoever meets the account reads all of them, and each makes its rooms anew.
  if (list.version > LIMITS.listVersions) {
    throw new Refused('limit', `A device list can be changed at most ${LIMITS.listVersions} times.`);
  }
  service.limiter.demand('changes', account);
  const name = nameOf(list);
  const result = await store.devices.extend(account, { list: stored, name, key });
  if (result === 'conflict') throw new Refused('list_conflict');
  if (result === 'name_taken' || result === 'name_confusable') throw new Refused(result);
  if (result === 'key_changed') {
    throw new Refused('list_conflict', 'A device keeps its key for ever. Give the new key a new device id.');
  }
  if (name.name !== newest.list.name) await announceName(service, account);
  await announceList(service, list, update.list);
}

/** Whoever may see the account hears its new name; what counts for them is the list that carries it. */
async function announceName(service: Service, account: AccountId): Promise<void> {
  const people = [asPerson(found(await service.store.accounts.get(account)))];
  await tellAudience(service, account, { t: 'people', people });
}

/** Those who meet the account look at its list; devices that it lacks are sent away. */
export async function announceList({ store, bus }: Service, list: DeviceList, signed: Signed): Promise<void> {
  const { account, version } = list;
  const frame = { t: 'list', account, version } as const;
  for (const neighbour of [account, ...(await store.accounts.neighbours(account))]) {
    bus.publish(accountTopic(neighbour), { type: 'frame', frame });
  }
  bus.publish(accountTopic(account), {
    type: 'devices',
    kept: list.devices.map(({ device }) => device),
    list: signed,
  });
}
