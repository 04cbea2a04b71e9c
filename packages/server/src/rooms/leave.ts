import {
  type AccountId,
  type DeviceId,
  type Leave,
  LeaveCodec,
  type RoomId,
  splitSigned,
} from '@sotto/protocol';
import { accountTopic, roomTopic } from '../bus/bus.ts';
import { bytesOf } from '../digest.ts';
import { asLogEntry } from '../log/entry.ts';
import { Refused } from '../refusal.ts';
import type { Service } from '../service.ts';
import { openSigned } from '../signatures.ts';
import type { LeaveCommit, Store } from '../store/store.ts';

/**
 * A leave statement with its signature verified, by the key its device was ever listed with.
 * @throws Refused 'bad_signature', 'malformed', 'unknown_device'
 */
export async function readLeave(store: Store, signed: Uint8Array): Promise<Leave> {
  const claimed = LeaveCodec.decode(splitSigned(signed).payload);
  const key = await store.devices.signingKey(claimed.account, claimed.device);
  if (!key) throw new Refused('unknown_device', 'A leave statement is from a device that was never listed.');
  await openSigned('leave', signed, bytesOf(key), 'leave statement');
  return claimed;
}

/** R3, R4: the member is out from this entry on; the others make the epoch without it. */
export async function leaveRoom(
  service: Service,
  author: { account: AccountId; device: DeviceId },
  asked: { room: RoomId; leave: string },
): Promise<{ position: number; time: number }> {
  const signed = bytesOf(asked.leave);
  const leave = await readLeave(service.store, signed);
  const { room, account, device, id, header } = leave;
  if (account !== author.account || device !== author.device || room !== asked.room) {
    throw new Refused('malformed', 'The leave statement names another author or room than the request.');
  }
  const time = service.now();
  return service.journal.exclusive(() => write(service, { room, account, device, id, time, signed, header }));
}

async function write(service: Service, commit: LeaveCommit): Promise<{ position: number; time: number }> {
  const { store, bus } = service;
  const result = await store.rooms.leave(commit);
  switch (result.type) {
    case 'left': {
      const { room, account, device, id, signed } = commit;
      const { position, time } = result;
      const entry = asLogEntry({ position, time, kind: 'leave', account, device, id, body: signed });
      bus.publish(roomTopic(room), { type: 'entries', room, entries: [entry] });
      const epoch = (await store.rooms.state(room))?.epoch ?? 1;
      const head = { room, head: position, epoch, until: position };
      bus.publish(accountTopic(account), { type: 'room', head });
      return { position, time };
    }
    case 'repeated':
      return { position: result.position, time: result.time };
    case 'stale_epoch':
      throw new Refused('stale_epoch', 'The room has a newer header. Sign the leave under that one.', {
        epoch: result.epoch,
      });
    case 'direct':
      throw new Refused('rule_broken', 'R3: nobody leaves a direct conversation.');
    case 'not_member':
    case 'id_reused':
      throw new Refused(result.type);
  }
}
