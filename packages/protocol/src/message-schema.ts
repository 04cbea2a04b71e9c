import * as v from 'valibot';
import type { Seen } from './epoch-header.ts';
import { type AccountId, type DeviceId, idBytes, type MessageId, type RoomId } from './ids.ts';
import { LIMITS } from './limits.ts';
import { field, structure } from './structure.ts';

/**
 * How the server treats a message; what it says inside is sealed alike (M3).
 * `log`: kept and ordered. `signal`: passed on to who is online, never kept. `receipt`: only the newest
 * of each device is kept, outside the log (read and delivery receipts).
 */
export type MessageKind = 'log' | 'signal' | 'receipt';

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

/** The message header by its schema. */
export const MessageHeaderBySchema = structure<MessageHeader>(
  'message header',
  LIMITS.messageHeader,
  v.strictObject({
    v: field.suite,
    kind: v.picklist(['log', 'signal', 'receipt']),
    room: field.room,
    epoch: field.positive,
    account: field.account,
    device: field.device,
    id: field.message,
    salt: field.id,
    counter: field.positive,
    list: field.positive,
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

/** AES-GCM's tag and one byte. */
export const CIPHERTEXT_LEAST = 17;

/** The envelope by its schema. */
export const MessageEnvelopeBySchema = structure<MessageEnvelope>(
  'message',
  LIMITS.message,
  v.pipe(
    v.strictTuple([field.bytes(1, LIMITS.messageHeader), field.bytes(CIPHERTEXT_LEAST, LIMITS.message)]),
    v.transform(([header, ciphertext]): MessageEnvelope => ({ header, ciphertext })),
  ),
  (message) => [message.header, message.ciphertext],
);
