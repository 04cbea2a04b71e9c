import {
  type AccountId,
  type Bytes,
  connectionPayload,
  type DeviceId,
  parseClientFrame,
  type Signed,
} from '@sotto/protocol';
import { visibleOnline } from '../accounts/directory.ts';
import { bytesOf } from '../digest.ts';
import { found, Refused } from '../refusal.ts';
import { offerHelp } from '../rooms/requests.ts';
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
  const key = await service.lists.signingKey(account, device);
  const payload = connectionPayload({ origin, nonce, account, device });
  const proves = (signing: Bytes) => verifySignature('connection', payload, bytesOf(signature), signing);
  if (key) {
    if (await proves(key)) return { account, device };
    throw new Refused('unauthenticated');
  }
  const [former, newest] = [
    await service.store.devices.signingKey(account, device),
    await service.store.devices.newest(account),
  ];
  if (former && newest && (await proves(bytesOf(former)))) throw new RemovedDevice(newest.signed);
  throw new Refused('unknown_device');
}

/** Attack 34: the device stood in an earlier list and proved it; here is the newest, which it can verify. */
export class RemovedDevice extends Refused {
  readonly list: Signed;
  constructor(list: Signed) {
    super('unknown_device');
    this.name = 'RemovedDevice';
    this.list = list;
  }
}

/** Subscribes first, reads the heads after: no entry falls between. Then `ready`, before all else. */
export async function welcome(
  service: Service,
  hub: Hub,
  connection: Connection,
  { account, device }: Device,
): Promise<void> {
  const { store, lists, presence, lastSeen, now } = service;
  hub.add(connection, account);
  for (const head of await store.rooms.heads(account))
    if (head.until === null) hub.join(connection, head.room);
  // Its list may have moved on while the signature was verified.
  if (!(await lists.signingKey(account, device))) {
    connection.removed(found(await store.devices.newest(account)).signed);
    return;
  }
  const rooms = await store.rooms.heads(account);
  if (connection.gone) return;
  // Attack 53: it may have been taken out of one between the first look and joining it.
  for (const { room, until } of rooms) if (until !== null) hub.leave(connection, room);
  connection.counted = true;
  presence.connected(account, device);
  lastSeen.note(account, device, now());
  const online = await visibleOnline(service, account, presence.online());
  connection.ready({ t: 'ready', time: now(), rooms, online });
  await offerHelp(service, { account, device });
}
