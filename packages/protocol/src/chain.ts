import { type Bytes, concat, putU64, utf8 } from './bytes.ts';
import { type AccountId, type DeviceId, idBytes, type MessageId, type RoomId } from './ids.ts';

/** Kinds of log entries. The byte goes into the chain, so a kind cannot be swapped. */
export const ENTRY_KINDS = { message: 0, epoch: 1, leave: 2 } as const;
export type EntryKind = keyof typeof ENTRY_KINDS;

/** What one entry contributes to the room's hash chain (D1). */
export interface ChainLink {
  readonly position: number;
  /** Server time, milliseconds since 1970. */
  readonly time: number;
  readonly kind: EntryKind;
  readonly account: AccountId;
  readonly device: DeviceId;
  readonly id: MessageId;
  readonly body: Uint8Array;
}

/** SHA-256 of this is the chain's value before the first entry (position 0). */
export function chainGenesisInput(room: RoomId): Bytes {
  return concat(utf8('sotto/v1/log\0'), idBytes(room));
}

/** All of a link but its body. */
const FIXED = 97;

/**
 * SHA-256 of this is the chain's value at `link.position`:
 * previous (32) ‖ position (8) ‖ time (8) ‖ kind (1) ‖ account (16) ‖ device (16) ‖ id (16) ‖ body.
 * Every part but the last has a fixed length, so no two links share an input.
 */
export function chainInput(previous: Uint8Array, link: ChainLink): Bytes {
  if (previous.length !== 32) throw new RangeError('chainInput: the previous hash has 32 bytes');
  // Written into one buffer: it is made once per message read.
  const out = new Uint8Array(FIXED + link.body.length);
  out.set(previous);
  putU64(out, 32, link.position);
  putU64(out, 40, link.time);
  out[48] = ENTRY_KINDS[link.kind];
  out.set(idBytes(link.account), 49);
  out.set(idBytes(link.device), 65);
  out.set(idBytes(link.id), 81);
  out.set(link.body, FIXED);
  return out;
}
