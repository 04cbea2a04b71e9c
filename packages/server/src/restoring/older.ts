import {
  EpochHeaderCodec,
  equalBytes,
  isEntryOf,
  MessageEnvelopeCodec,
  MessageHeaderCodec,
  type RoomId,
  splitSigned,
} from '@sotto/protocol';
import type { DeviceLists } from '../devices/lists.ts';
import { sha256 } from '../digest.ts';
import { checkEnvelope } from '../log/envelope.ts';
import { Refused } from '../refusal.ts';
import type { Laid } from '../rooms/laid.ts';
import { readLeave } from '../rooms/leave.ts';
import type { Service } from '../service.ts';
import type { Store } from '../store/store.ts';
import type { Brought } from './entries.ts';

/**
 * What stood before the base of a log. What it was is settled: it leads to the chain hash there, which the header that
 * admitted somebody names, and nothing else leads to it. Each entry has to be one of the headers known, or what members
 * by these could have written.
 * @throws Refused
 */
export async function checkOlder(
  { store, lists }: Pick<Service, 'store' | 'lists'>,
  room: RoomId,
  entries: readonly Brought[],
): Promise<void> {
  let under: Laid | undefined;
  for (const entry of entries) {
    const epoch = epochOf(entry) ?? under?.header.epoch ?? (await store.rooms.epochAt(room, entry.position));
    if (under?.header.epoch !== epoch) under = await headerOf(store, room, epoch);
    if (!under) throw new Refused('restore_conflict');
    await checkEntry(lists, room, under, entry);
  }
}

/** The epoch that a header or a message itself names. */
function epochOf({ kind, body }: Brought): number | undefined {
  const { payload } = splitSigned(body);
  if (kind === 'epoch') return EpochHeaderCodec.decode(payload).epoch;
  if (kind === 'leave') return undefined;
  return MessageHeaderCodec.decode(MessageEnvelopeCodec.decode(payload).header).epoch;
}

async function headerOf(store: Store, room: RoomId, epoch: number): Promise<Laid | undefined> {
  const known = await store.rooms.header(room, epoch);
  if (!known) return undefined;
  const header = EpochHeaderCodec.decode(splitSigned(known.signed).payload);
  return { header, hash: sha256(known.signed), position: known.position };
}

async function checkEntry(
  lists: DeviceLists,
  room: RoomId,
  under: Laid,
  { kind, position, account, device, id, body }: Brought,
): Promise<void> {
  const { header, hash } = under;
  if (kind === 'epoch') {
    if (!equalBytes(sha256(body), hash) || position !== under.position) throw new Refused('restore_conflict');
    return;
  }
  if (!header.members.some((member) => member.account === account)) {
    throw new Refused('rule_broken', 'R3: who wrote an entry was no member then.');
  }
  if (kind === 'message') {
    checkEnvelope(body, { kind: 'log', room, epoch: header.epoch, account, device, id });
    return;
  }
  const leave = await readLeave(lists, body, under);
  if (!isEntryOf(leave, { account, device, id })) {
    throw new Refused('malformed', 'A leave statement stands under another author or id than its own.');
  }
}
