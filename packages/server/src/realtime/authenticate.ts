import { type AccountId, CLOSE, connectionPayload, type DeviceId, parseClientFrame } from '@sotto/protocol';
import { visibleOnline } from '../accounts/directory.ts';
import { signingKeyNow } from '../devices/lists.ts';
import { bytesOf } from '../digest.ts';
import { Refused } from '../refusal.ts';
import type { Service } from '../service.ts';
import { verifySignature } from '../signatures.ts';
import type { Connection } from './connection.ts';
import type { Hub } from './hub.ts';

type Device = { readonly account: AccountId; readonly device: DeviceId };

/**
 * D5, attack 36: the answer to a challenge that served this connection only, signed for an address of
 * this server by a device that stands in its account's list now.
 * @throws Refused
 */
export async function authenticate(service: Service, nonce: Uint8Array, text: string): Promise<Device> {
  const parsed = parseClientFrame(text);
  if (!parsed.ok) throw new Refused('malformed', `Frame: ${parsed.reason}.`);
  if (parsed.value.t !== 'auth') throw new Refused('unauthenticated');
  const { account, device, origin, signature } = parsed.value;
  if (!service.origins.accepts(origin)) throw new Refused('wrong_origin');
  const key = await signingKeyNow(service.store, account, device);
  if (!key) throw new Refused('unknown_device');
  const payload = connectionPayload({ origin, nonce, account, device });
  if (!(await verifySignature('connection', payload, bytesOf(signature), key))) {
    throw new Refused('unauthenticated');
  }
  return { account, device };
}

/** Subscribes first, reads the heads after: no entry falls between. Then `ready`, before all else. */
export async function welcome(
  service: Service,
  hub: Hub,
  connection: Connection,
  { account, device }: Device,
): Promise<void> {
  const { store, presence, now } = service;
  hub.add(connection, account);
  for (const head of await store.rooms.heads(account))
    if (head.until === null) hub.join(connection, head.room);
  // Its list may have moved on while the signature was verified.
  if (!(await signingKeyNow(store, account, device))) {
    connection.bye('unknown_device', CLOSE.removed);
    return;
  }
  const requests = await store.delivery.openRequests(account, device);
  const rooms = await store.rooms.heads(account);
  if (connection.gone) return;
  connection.counted = true;
  presence.connected(account);
  const online = await visibleOnline(service, account, presence.online());
  connection.ready({ t: 'ready', time: now(), rooms, requests, online });
}
