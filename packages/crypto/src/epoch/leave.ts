import {
  type AccountId,
  type Bytes,
  type DeviceId,
  equalBytes,
  isEntryOf,
  type Leave,
  LeaveCodec,
  type LogEntry,
  type MessageId,
  roomKind,
  splitSigned,
} from '@sotto/protocol';
import { type ListLookup, signingKeyOf } from '../device/device-list.ts';
import { VerificationError } from '../failure.ts';
import { parse } from '../parse.ts';
import { openSigned, type SigningKey, sign } from '../primitives/ed25519.ts';
import { randomId } from '../primitives/random.ts';
import type { VerifiedHeader } from './verified-header.ts';

/** R3, R4: a member's signed wish to be out, good against this header only. */
export async function createLeave(input: {
  account: AccountId;
  device: DeviceId;
  at: number;
  header: VerifiedHeader;
  signing: SigningKey;
}): Promise<{ signed: Bytes; id: MessageId }> {
  const { account, device, at, header } = input;
  const id = randomId<MessageId>();
  const leave: Leave = { v: 1, room: header.header.room, account, device, id, at, header: header.hash };
  return { id, signed: await sign('leave', LeaveCodec.encode(leave), input.signing) };
}

/** @throws VerificationError R3; with `missing` where the leaver's list must be fetched first */
export async function verifyLeave(
  signed: Bytes,
  previous: VerifiedHeader,
  lists: ListLookup,
): Promise<Leave> {
  const claimed = parse('R3', () => LeaveCodec.decode(splitSigned(signed).payload));
  if (roomKind(previous.header.room) === 'direct') {
    throw new VerificationError('R3', 'rule_broken', 'a direct conversation cannot be left');
  }
  const member = previous.header.members.find((m) => m.account === claimed.account);
  if (!member) throw new VerificationError('R3', 'not_member', 'who leaves was not a member');
  const signing = await leaverKey(claimed, member.list, lists);
  await openSigned('leave', signed, signing, 'R3');
  if (claimed.room !== previous.header.room)
    throw new VerificationError('R3', 'wrong_room', 'a leave from another room');
  if (!equalBytes(claimed.header, previous.hash)) {
    throw new VerificationError('R3', 'wrong_epoch', 'the leave statement was made under another header');
  }
  return claimed;
}

/** The statement of a log entry, which has to be its own (attack 15). @throws as `verifyLeave` */
export async function verifyLeaveEntry(
  entry: Omit<LogEntry, 'body'>,
  body: Bytes,
  at: { readonly header: VerifiedHeader | null | undefined; readonly lists: ListLookup },
): Promise<Leave> {
  if (!at.header) throw new VerificationError('R3', 'rule_broken', 'nobody leaves a room before it is made');
  const leave = await verifyLeave(body, at.header, at.lists);
  if (isEntryOf(leave, entry)) return leave;
  throw new VerificationError('R3', 'wrong_sender', 'the leave statement is another’s');
}

/**
 * The key of the leaver's device in the first list, from the pinned one on, that has the device: the same for
 * every client, however far the lists it knows reach (attack 27).
 */
async function leaverKey(leave: Leave, pinned: number, lists: ListLookup): Promise<Bytes> {
  for (let version = pinned; ; version++) {
    const known = await lists(leave.account, version);
    if (!known) {
      throw new VerificationError('K3', 'unknown_device', 'the leaver’s device is in no list known here', {
        missing: { account: leave.account, version },
      });
    }
    const key = signingKeyOf(known.list, leave.device);
    if (key) return key;
  }
}
