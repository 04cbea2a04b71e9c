import type { AccountId, AddressedWrap, DeviceId, EpochRequest, RoomId } from '@sotto/protocol';
import { LIMITS } from '@sotto/protocol';
import { roomTopic } from '../bus/bus.ts';
import { newestList } from '../devices/lists.ts';
import { Refused } from '../refusal.ts';
import type { Service } from '../service.ts';
import type { Store, StoredWrap } from '../store/store.ts';
import { demandMember } from './access.ts';
import { sendWraps } from './commit.ts';

export type IncomingWrap = AddressedWrap;

type Device = { readonly account: AccountId; readonly device: DeviceId };

/**
 * R2: finds whose device each wrap is for. A device is told apart by its exchange key, since nothing keeps
 * a stranger from listing somebody's device id as their own.
 * @throws Refused 'stale_key', 'malformed'
 */
export async function addressWraps(
  store: Store,
  members: readonly AccountId[],
  wraps: readonly IncomingWrap[],
): Promise<StoredWrap[]> {
  if (new Set(wraps.map(({ device }) => device)).size !== wraps.length) {
    throw new Refused('malformed', 'Two wraps are for one device.');
  }
  const owners = new Map<string, AccountId>();
  for (const account of members) {
    const newest = await newestList(store, account);
    const listed = new Set(newest?.list.devices.map(({ device }) => device));
    for (const { device, hash } of await store.devices.keys(account)) {
      if (listed.has(device)) owners.set(`${device}${hash}`, account);
    }
  }
  return wraps.map(({ device, key, body }) => {
    const account = owners.get(`${device}${key}`);
    if (!account) throw new Refused('stale_key');
    return { account, device, key, body };
  });
}

/** R6: a device asks for secrets of epochs in whose headers its account stands. */
export async function askForEpochs(
  { store, bus, now }: Service,
  asker: Device,
  asked: { room: RoomId; epochs: readonly number[] },
): Promise<void> {
  const { room } = asked;
  if (!(await store.rooms.stoodIn(room, asker.account, asked.epochs))) {
    throw new Refused('forbidden', 'This account was not a member in that epoch.');
  }
  const requests = [...new Set(asked.epochs)].map((epoch): EpochRequest => ({ room, epoch, ...asker }));
  if (!(await store.delivery.ask(requests, now(), LIMITS.requests))) {
    throw new Refused('limit', `A device can have at most ${LIMITS.requests} open requests in a room.`);
  }
  for (const request of requests) bus.publish(roomTopic(room), { type: 'request', request });
}

/**
 * R6: a member answers. One answer is kept; all are passed on to who is online, so that whoever answers first
 * with rubbish keeps nobody out (attack 27).
 */
export async function answerRequests(
  { store, bus }: Service,
  author: Device,
  asked: { room: RoomId; epoch: number; wraps: readonly IncomingWrap[] },
): Promise<void> {
  const { room, epoch } = asked;
  await demandMember(store, room, author.account);
  const accounts = await store.rooms.membersAt(room, epoch);
  if (accounts.length === 0) throw new Refused('not_found', 'The room has no such epoch.');
  const wraps = await addressWraps(store, accounts, asked.wraps);
  if ((await store.delivery.answer(room, epoch, wraps)) === 'stale_key') throw new Refused('stale_key');
  sendWraps(bus, room, epoch, wraps);
}
