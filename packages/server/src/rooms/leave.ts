import {
  type AccountId,
  type Bytes,
  type DeviceId,
  equalBytes,
  type Leave,
  LeaveCodec,
  type RoomId,
  roomKind,
  splitSigned,
} from '@sotto/protocol';
import { accountTopic, roomTopic } from '../bus/bus.ts';
import type { DeviceLists } from '../devices/lists.ts';
import { bytesOf } from '../digest.ts';
import { asLogEntry } from '../log/entry.ts';
import { Refused } from '../refusal.ts';
import type { Service } from '../service.ts';
import { openSigned } from '../signatures.ts';
import type { LeaveCommit } from '../store/store.ts';
import { FULL } from './access.ts';
import type { Laid } from './laid.ts';

/**
 * A leave statement, verified against the header it was made under.
 * @throws Refused 'bad_signature', 'malformed', 'unknown_device', 'rule_broken'
 */
export async function readLeave(lists: DeviceLists, signed: Uint8Array, under: Laid): Promise<Leave> {
  const claimed = LeaveCodec.decode(splitSigned(signed).payload);
  const member = under.header.members.find(({ account }) => account === claimed.account);
  if (!member || claimed.room !== under.header.room || !equalBytes(claimed.header, under.hash)) {
    throw new Refused('rule_broken', 'R3: a leave statement is for another room or header.');
  }
  return openLeave(signed, await leaverKey(lists, claimed, member.list));
}

/** The key of the leaver's device in the first list, from the pinned one on, that has it: as every client finds it. */
async function leaverKey(lists: DeviceLists, { account, device }: Leave, pinned: number): Promise<Bytes> {
  for (let version = pinned; ; version += 1) {
    const known = await lists.at(account, version);
    if (!known) throw new Refused('unknown_device', 'A leave statement is from a device that is in no list.');
    const listed = known.list.devices.find((one) => one.device === device);
    if (listed) return listed.signing;
  }
}

async function openLeave(signed: Uint8Array, key: Bytes): Promise<Leave> {
  const leave = LeaveCodec.decode(await openSigned('leave', signed, key, 'leave statement'));
  if (roomKind(leave.room) === 'group') return leave;
  throw new Refused('rule_broken', 'R3: nobody leaves a direct conversation.');
}

/** R3, R4: the member is out from this entry on; the others make the epoch without it. */
export async function leaveRoom(
  service: Service,
  author: { account: AccountId; device: DeviceId },
  asked: { room: RoomId; leave: string },
): Promise<{ position: number; time: number }> {
  const signed = bytesOf(asked.leave);
  const key = await service.lists.signingKey(author.account, author.device);
  if (!key) throw new Refused('unknown_device');
  const leave = await openLeave(signed, key);
  const { account, device } = leave;
  if (account !== author.account || device !== author.device || leave.room !== asked.room) {
    throw new Refused('malformed', 'The leave statement names another author or room than the request.');
  }
  const { room, id, header } = leave;
  const commit = { room, account, device, id, time: service.now(), signed, header };
  return service.journal.exclusive(() => write(service, commit));
}

async function write(service: Service, commit: LeaveCommit): Promise<{ position: number; time: number }> {
  const { store, bus } = service;
  const result = await store.rooms.leave(commit);
  switch (result.type) {
    case 'left': {
      const { room, account, device, id, signed } = commit;
      const { position, time, epoch } = result;
      const entry = asLogEntry({ position, time, kind: 'leave', account, device, id, body: signed });
      bus.publish(roomTopic(room), { type: 'entries', room, entries: [entry] });
      const head = { room, head: position, epoch, until: position, pending: false, chain: null };
      bus.publish(accountTopic(account), { type: 'room', head });
      return { position, time };
    }
    case 'repeated':
      return { position: result.position, time: result.time };
    case 'stale_epoch':
      throw new Refused('stale_epoch', 'The room has a newer header. Sign the leave under that one.', {
        epoch: result.epoch,
      });
    case 'full':
      throw new Refused('limit', FULL);
    case 'not_member':
    case 'id_reused':
      throw new Refused(result.type);
  }
}
