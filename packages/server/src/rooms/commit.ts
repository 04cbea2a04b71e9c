import {
  type AccountId,
  type Bytes,
  type DeviceId,
  type EpochHeader,
  EpochHeaderCodec,
  idFromBytes,
  LIMITS,
  type MessageId,
  type RoomHead,
  type RoomId,
  toBase64Url,
} from '@sotto/protocol';
import { introduce } from '../accounts/directory.ts';
import { accountTopic, roomTopic } from '../bus/bus.ts';
import { signingKeyNow } from '../devices/lists.ts';
import { bytesOf, sha256 } from '../digest.ts';
import { asLogEntry, idPart } from '../log/entry.ts';
import { Refused } from '../refusal.ts';
import type { Service } from '../service.ts';
import { openSigned } from '../signatures.ts';
import type { EpochCommit, StoredWrap } from '../store/store.ts';
import { checkHeader } from './header-rules.ts';
import { addressWraps, type IncomingWrap } from './wraps.ts';

type Device = { readonly account: AccountId; readonly device: DeviceId };

export interface Committed {
  readonly position: number;
  readonly time: number;
}

/**
 * R1, R4: takes the next header of a room with its wraps. Everything is checked before; the store compares
 * once more in the transaction that writes it all.
 * @throws Refused with the first rule that fails
 */
export async function commitEpoch(
  service: Service,
  author: Device,
  asked: { room: RoomId; header: string; wraps: readonly IncomingWrap[] },
): Promise<Committed> {
  const { store, now } = service;
  const signed = bytesOf(asked.header);
  const key = await signingKeyNow(store, author.account, author.device);
  if (!key) throw new Refused('unknown_device');
  const header = EpochHeaderCodec.decode(await openSigned('epochHeader', signed, key, 'epoch header'));
  if (header.author.account !== author.account || header.author.device !== author.device) {
    throw new Refused('malformed', 'The header names another author than the request.');
  }
  if (header.room !== asked.room) throw new Refused('malformed', 'The header names another room.');
  const hash = sha256(signed);
  const repeated = await alreadyCommitted(service, header, hash);
  if (repeated) return repeated;
  await checkHeader(store, header, now());
  const accounts = header.members.map(({ account }) => account);
  const wraps = await addressWraps(store, accounts, asked.wraps);
  const commit = asCommit(header, { signed, time: now(), wraps });
  return service.journal.exclusive(() => write(service, header, commit));
}

/** A header as the store takes it. */
export function asCommit(
  header: EpochHeader,
  more: { signed: Bytes; time: number; wraps: readonly StoredWrap[] },
): EpochCommit {
  const hash = sha256(more.signed);
  return {
    ...more,
    room: header.room,
    kind: header.kind,
    epoch: header.epoch,
    hash,
    previous: header.previous,
    author: header.author,
    id: idFromBytes<MessageId>(idPart(hash)),
    history: header.policy.history,
    seen: header.seen.position,
    members: header.members.map(({ account, list, listHash }) => ({
      account,
      list,
      listHash: toBase64Url(listHash),
    })),
    invites: header.invites.map(({ key, expires }) => ({ key: toBase64Url(key), expires })),
    roomLimit: LIMITS.rooms,
  };
}

/** The same header said twice is answered alike, so that a lost answer does no harm. */
async function alreadyCommitted(
  { store }: Service,
  header: EpochHeader,
  hash: Uint8Array,
): Promise<Committed | undefined> {
  const known = await store.rooms.header(header.room, header.epoch);
  if (!known || toBase64Url(sha256(known.signed)) !== toBase64Url(hash)) return undefined;
  return { position: known.position, time: known.time };
}

async function write(service: Service, header: EpochHeader, commit: EpochCommit): Promise<Committed> {
  const result = await service.store.rooms.commitEpoch(commit);
  switch (result.type) {
    case 'committed': {
      const { position, time, joined, ended } = result;
      announce(service, commit, { position, time, joined, ended });
      await introduce(
        service,
        joined,
        header.members.map(({ account }) => account),
      );
      return { position, time };
    }
    case 'repeated':
      return { position: result.position, time: result.time };
    case 'conflict':
      throw new Refused('epoch_conflict', undefined, { epoch: result.epoch }); // attack 28
    case 'stale_list':
      throw new Refused('list_conflict');
    case 'limit':
      throw new Refused('limit', `An account can be in at most ${LIMITS.rooms} rooms.`);
    case 'stale_key':
    case 'id_reused':
      throw new Refused(result.type);
  }
}

/** Wraps first, so that a device can open what follows; then who comes in, the entry, and who goes. */
function announce(
  { bus }: Service,
  commit: EpochCommit,
  change: {
    position: number;
    time: number;
    joined: readonly AccountId[];
    ended: readonly AccountId[];
  },
): void {
  const { room, epoch, id, author, signed } = commit;
  const { position, time } = change;
  sendWraps(bus, room, epoch, commit.wraps);
  const head: RoomHead = { room, head: position, epoch, until: null };
  for (const account of change.joined) bus.publish(accountTopic(account), { type: 'room', head });
  const entry = asLogEntry({ position, time, kind: 'epoch', ...author, id, body: signed });
  bus.publish(roomTopic(room), { type: 'entries', room, entries: [entry] });
  for (const account of change.ended) {
    bus.publish(accountTopic(account), { type: 'room', head: { ...head, until: position } });
  }
}

/** R2: each device gets its own wrap only. */
export function sendWraps(
  bus: Service['bus'],
  room: RoomId,
  epoch: number,
  wraps: readonly StoredWrap[],
): void {
  for (const { account, device, key, body } of wraps) {
    bus.publish(accountTopic(account), { type: 'wrap', device, wrap: { room, epoch, key, body } });
  }
}
