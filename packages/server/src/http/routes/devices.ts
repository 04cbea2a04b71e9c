import { KeysRequestSchema, LIMITS, PATHS, PutExchangeKeySchema, UpdateDevicesSchema } from '@sotto/protocol';
import { readExchangeKey } from '../../devices/exchange-keys.ts';
import { readKeys } from '../../devices/keys.ts';
import { ownDevices } from '../../devices/own.ts';
import { updateDevices } from '../../devices/update.ts';
import { found, Refused } from '../../refusal.ts';
import type { Service } from '../../service.ts';
import { jsonLimit } from '../body.ts';
import type { Endpoints } from '../endpoint.ts';

/** Device lists, exchange keys, and the wraps that wait for a device. */
export function deviceRoutes(endpoints: Endpoints, service: Service): void {
  const { store, lists, now } = service;

  endpoints.open(
    {
      method: 'POST',
      path: PATHS.devices,
      body: UpdateDevicesSchema,
      limit: jsonLimit(LIMITS.deviceList + LIMITS.exchangeKey),
      rate: 'lists',
    },
    (body) => updateDevices(service, body),
  );
  endpoints.signed({ method: 'GET', path: PATHS.ownDevices }, ({ account }) => ownDevices(service, account));
  endpoints.signed(
    {
      method: 'PUT',
      path: PATHS.exchangeKey,
      body: PutExchangeKeySchema,
      limit: jsonLimit(LIMITS.exchangeKey),
    },
    async ({ account, device }, body) => {
      const { list } = found(await lists.newest(account));
      const key = await readExchangeKey(body.key, { account, list }, now());
      if (key.device !== device)
        throw new Refused('forbidden', 'A device replaces its own exchange key only.');
      if ((await store.devices.putKey(account, key)) === 'older') {
        throw new Refused('stale_key', 'A newer exchange key of this device is here already.'); // attack 43
      }
    },
  );
  endpoints.signed(
    { method: 'POST', path: PATHS.keys, body: KeysRequestSchema, limit: 16_384 },
    ({ account }, { accounts }) => readKeys(service, account, accounts),
  );
  endpoints.signed({ method: 'GET', path: PATHS.wraps }, async ({ account, device }) => ({
    wraps: await store.delivery.wraps(account, device),
  }));
}
