import { type DeviceList, DeviceListCodec, type Signed, splitSigned, toBase64Url } from '@sotto/protocol';
import { accountTopic } from '../bus/bus.ts';
import { bytesOf } from '../digest.ts';
import { found, Refused } from '../refusal.ts';
import type { Service } from '../service.ts';
import { readExchangeKey } from './exchange-keys.ts';
import { newestList, readList } from './lists.ts';

interface Update {
  readonly list: Signed;
  readonly key?: Signed | undefined;
}

/** K3: takes the next version of a device list; the identity's signature is all that carries it. */
export async function updateDevices(service: Service, update: Update): Promise<void> {
  const { store, now } = service;
  const { account } = DeviceListCodec.decode(splitSigned(bytesOf(update.list)).payload);
  const newest = found(await newestList(store, account), 'There is no such account here.');
  const { list, stored } = await readList(update.list, newest.list.identity);
  const key = update.key ? await readExchangeKey(update.key, { account, list }, now()) : null;
  if (stored.hash === newest.hash) {
    if (key) await store.devices.putKey(account, key); // said again: the first answer may have been lost
    return;
  }
  const extendsNewest =
    list.version === newest.list.version + 1 && list.previous && toBase64Url(list.previous) === newest.hash;
  if (!extendsNewest) throw new Refused('list_conflict'); // attack 10
  const result = await store.devices.extend(account, stored, key);
  if (result === 'conflict') throw new Refused('list_conflict');
  if (result === 'key_changed') {
    throw new Refused('list_conflict', 'A device keeps its key for ever. Give the new key a new device id.');
  }
  await announceList(service, list, update.list);
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
