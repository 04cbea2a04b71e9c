import {
  type AccountId,
  type AddressedWrap,
  type Bytes,
  type DeviceId,
  type EpochHeader,
  EpochHeaderCodec,
  headerEntryId,
  headerHash,
  LIMITS,
  type RoomHead,
  type RoomId,
  toBase64Url,
} from '@sotto/protocol';
import { introduce, showPresence } from '../accounts/directory.ts';
import { accountTopic, roomTopic } from '../bus/bus.ts';
import { bytesOf, sha256 } from '../digest.ts';
import { asLogEntry } from '../log/entry.ts';
import { Refused } from '../refusal.ts';
import type { Service } from '../service.ts';
import { openSigned } from '../signatures.ts';
import type { EpochCommit, HeaderPlace, StoredWrap } from '../store/store.ts';
import { FULL } from './access.ts';
import { addressWraps } from './address-wraps.ts';
import { checkHeader, groundFor, misdated } from './header-rules.ts';

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
  asked: { room: RoomId; header: string; wraps: readonly AddressedWrap[] },
): Promise<Committed> {
  const { store, lists, now } = service;
  const signed = bytesOf(asked.header);
  const key = await lists.signingKey(author.account, author.device);
  if (!key) throw new Refused('unknown_device');
  const header = EpochHeaderCodec.decode(await openSigned('epochHeader', signed, key, 'epoch header'));
  if (header.author.account !== author.account || header.author.device !== author.device) {
    throw new Refused('malformed', 'The header names another author than the request.');
  }
  if (header.room !== asked.room) throw new Refused('malformed', 'The header names another room.');
  const hash = sha256(signed);
  const repeated = await alreadyCommitted(service, header, hash);
  if (repeated) return repeated;
  await checkHeader(lists, header, await groundFor(store, header), now());
  const accounts = header.members.map(({ account }) => account);
  const wraps = await addressWraps(service, accounts, asked.wraps);
  await demandBringing(service, header);
  service.limiter.demand('rekeys', `${author.account}/${header.room}`);
  const commit = asCommit(header, { signed, time: now(), wraps });
  return service.journal.exclusive(() => write(service, header, commit));
}

/** A header as the store takes it. */
function asCommit(
  header: EpochHeader,
  more: { signed: Bytes; time: number; wraps: readonly StoredWrap[] },
): EpochCommit {
  const hash = sha256(more.signed);
  return {
    ...more,
    room: header.room,
    epoch: header.epoch,
    hash,
    previous: header.previous,
    author: header.author,
    id: headerEntryId(hash),
    at: header.at,
    history: header.policy.history,
    seen: header.seen.position,
    members: header.members.map(({ account, list, listHash }) => ({
      account,
      list,
      listHash: toBase64Url(listHash),
    })),
    invites: header.invites.map(({ key, expires }) => ({ key: toBase64Url(key), expires })),
    limits: LIMITS,
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
      if (joined.includes(header.author.account)) await showPresence(service, header.author.account);
      return { position, time };
    }
    case 'repeated':
      return { position: result.position, time: result.time };
    case 'conflict':
      // Attack 53: who is not in it, its founder taken out since too, learns no epoch.
      if (!(await service.store.rooms.standing(commit.room, header.author.account)) && !header.admission) {
        throw new Refused('not_member');
      }
      throw new Refused('epoch_conflict', undefined, { epoch: result.epoch }); // attack 28
    case 'misdated':
      throw misdated(result.time);
    case 'stale_list':
      throw new Refused('list_conflict');
    case 'limit':
      throw new Refused('limit', `An account can be in at most ${LIMITS.rooms} rooms.`);
    case 'full':
      throw new Refused('limit', FULL);
    case 'stale_key':
    case 'id_reused':
    case 'unanswered':
      throw new Refused(result.type);
  }
}

/** Attack 48: taking somebody out and bringing them in again costs as much as bringing in somebody else. */
async function demandBringing(
  { store, limiter }: Service,
  { room, author, members }: EpochHeader,
): Promise<void> {
  const present = new Set([...(await store.rooms.members(room)), author.account]);
  for (const { account } of members) if (!present.has(account)) limiter.demand('bringing', author.account);
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
  sendWraps(bus, { room, epoch, header: headerHash(commit.hash) }, commit.wraps);
  const head: RoomHead = { room, head: position, epoch, until: null, pending: false, chain: null };
  for (const account of change.joined) {
    const pending = account !== author.account;
    bus.publish(accountTopic(account), { type: 'room', head: { ...head, pending } });
  }
  const entry = asLogEntry({ position, time, kind: 'epoch', ...author, id, body: signed });
  bus.publish(roomTopic(room), { type: 'entries', room, entries: [entry] });
  for (const account of change.ended) {
    bus.publish(accountTopic(account), { type: 'room', head: { ...head, until: position } });
  }
}

/** R2: each device gets its own wrap only. */
function sendWraps(bus: Service['bus'], of: HeaderPlace, wraps: readonly StoredWrap[]): void {
  for (const { account, device, key, body } of wraps) {
    const frame = { t: 'wrap', wrap: { ...of, key, body } } as const;
    bus.publish(accountTopic(account), { type: 'device', device, frame });
  }
}
