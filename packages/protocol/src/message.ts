import * as v from 'valibot';
import type { Seen } from './epoch-header.ts';
import { type AccountId, type DeviceId, idBytes, type MessageId, type RoomId } from './ids.ts';
import { LIMITS } from './limits.ts';
import { field, structure } from './structure.ts';

/**
 * How the server treats a message; what it says inside is sealed alike (M3).
 * `log`: kept and ordered. `signal`: passed on to who is online, never kept. `mark`: only the newest
 * of each device is kept, outside the log (read and delivery marks).
 */
export type MessageKind = 'log' | 'signal' | 'mark';

/** M2: the authenticated header of a message; also the AES-GCM associated data. */
export interface MessageHeader {
  readonly v: 1;
  readonly kind: MessageKind;
  readonly room: RoomId;
  readonly epoch: number;
  readonly account: AccountId;
  readonly device: DeviceId;
  /** Idempotency key (D3); the same when a message is sealed again. */
  readonly id: MessageId;
  /** 16 random bytes, fresh at every sealing: key and nonce come from it, whatever state was restored. */
  readonly salt: Uint8Array<ArrayBuffer>;
  /** Grows with every sealing of this device in this room. */
  readonly counter: number;
  /** Version of the sender's device list. */
  readonly list: number;
  readonly seen: Seen;
}

/** What the device signs: header and ciphertext as carried (M3). */
export interface MessageEnvelope {
  readonly header: Uint8Array<ArrayBuffer>;
  readonly ciphertext: Uint8Array<ArrayBuffer>;
}

/** Codec of the message header. */
export const MessageHeaderCodec = structure<MessageHeader>(
  'message header',
  512,
  v.strictObject({
    v: field.suite,
    kind: v.picklist(['log', 'signal', 'mark']),
    room: field.room,
    epoch: v.pipe(field.count, v.minValue(1)),
    account: field.account,
    device: field.device,
    id: field.message,
    salt: field.id,
    counter: v.pipe(field.count, v.minValue(1)),
    list: v.pipe(field.count, v.minValue(1)),
    seen: v.strictObject({ position: field.count, chain: field.hash }),
  }),
  (header) => ({
    ...header,
    room: idBytes(header.room),
    account: idBytes(header.account),
    device: idBytes(header.device),
    id: idBytes(header.id),
    seen: { ...header.seen },
  }),
);

/** Codec of the envelope: the payload of a signed message, [header bytes, ciphertext]. */
export const MessageEnvelopeCodec = structure<MessageEnvelope>(
  'message',
  LIMITS.message,
  v.pipe(
    v.strictTuple([field.bytes(1, 512), field.bytes(17, LIMITS.message)]),
    v.transform(([header, ciphertext]): MessageEnvelope => ({ header, ciphertext })),
  ),
  (message) => [message.header, message.ciphertext],
);
