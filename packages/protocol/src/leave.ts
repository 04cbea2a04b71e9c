import * as v from 'valibot';
import { type AccountId, type DeviceId, idBytes, type MessageId, type RoomId } from './ids.ts';
import { LIMITS } from './limits.ts';
import { field, structure } from './structure.ts';

/** A member's signed wish to be out; any member then makes the epoch without them (R3, R4). */
export interface Leave {
  readonly v: 1;
  readonly room: RoomId;
  readonly account: AccountId;
  readonly device: DeviceId;
  readonly id: MessageId;
  readonly at: number;
  /** SHA-256 of the signed header the leaver was under: the statement is good for that stay only. */
  readonly header: Uint8Array<ArrayBuffer>;
}

/** Codec of the leave statement's payload. */
export const LeaveCodec = structure<Leave>(
  'leave',
  LIMITS.leave,
  v.strictObject({
    v: field.suite,
    room: field.room,
    account: field.account,
    device: field.device,
    id: field.message,
    at: field.time,
    header: field.hash,
  }),
  (leave) => ({
    ...leave,
    room: idBytes(leave.room),
    account: idBytes(leave.account),
    device: idBytes(leave.device),
    id: idBytes(leave.id),
  }),
);

/** D1, attack 15: a statement stands in the log under its own account, device and id, or not at all. */
export const isEntryOf = (
  leave: Leave,
  entry: { readonly account: AccountId; readonly device: DeviceId; readonly id: MessageId },
): boolean => leave.account === entry.account && leave.device === entry.device && leave.id === entry.id;
