import type { Bytes } from './bytes.ts';
import { plainEnvelope, plainHeader } from './message-plain.ts';
import {
  type MessageEnvelope,
  MessageEnvelopeBySchema,
  type MessageHeader,
  MessageHeaderBySchema,
} from './message-schema.ts';
import type { Codec } from './structure.ts';

export type { MessageEnvelope, MessageHeader, MessageKind } from './message-schema.ts';

/** The one form first; what deviates from it in any way goes by the schema, which also says what is wrong. */
const quick = <T>(plain: PlainCodec<T>, bySchema: Codec<T>): Codec<T> => ({
  encode: (value) => plain.encode(value) ?? bySchema.encode(value),
  decode: (bytes) => plain.decode(bytes) ?? bySchema.decode(bytes),
});

/** A codec of one form of a structure: undefined for every other. */
export interface PlainCodec<T> {
  encode(value: T): Bytes | undefined;
  decode(bytes: Uint8Array): T | undefined;
}

/** Codec of the message header. @throws MalformedError */
export const MessageHeaderCodec = quick<MessageHeader>(plainHeader, MessageHeaderBySchema);

/** Codec of the envelope: the payload of a signed message, [header bytes, ciphertext], as views of it. @throws MalformedError */
export const MessageEnvelopeCodec = quick<MessageEnvelope>(plainEnvelope, MessageEnvelopeBySchema);

/** What a frame or log entry says about the message in it. */
export type MessageClaim = Pick<MessageHeader, 'kind' | 'room' | 'account' | 'device'> &
  Partial<Pick<MessageHeader, 'epoch' | 'id'>>;

const CLAIMED = ['room', 'account', 'device', 'kind', 'epoch', 'id'] as const;

/** M2, attacks 5, 15, 25: the first field in which the sealed header names another than what carries it. */
export function misclaimed(header: MessageHeader, claim: MessageClaim): (typeof CLAIMED)[number] | undefined {
  for (const field of CLAIMED) if (claim[field] !== undefined && claim[field] !== header[field]) return field;
  return undefined;
}

/** What breaks a rule in a message that is genuine: `wrong_epoch` R5, the others M2. */
export type MessageFlaw = 'wrong_epoch' | 'wrong_list' | 'old_counter';

/**
 * May a member's message stand where the room is now? The same for the server, which refuses it, and for clients. Receipts and
 * signals have no place in the log, so that their counters are compared elsewhere: 0 here.
 * @param room its epoch, the version of the sender's list that its header pins, the sender's newest counter in the log
 */
export function flawOfMessage(
  header: Pick<MessageHeader, 'epoch' | 'list' | 'counter'>,
  room: { readonly epoch: number; readonly list: number; readonly counter: number },
): MessageFlaw | undefined {
  if (header.epoch !== room.epoch) return 'wrong_epoch'; // R5, attacks 5 and 22
  if (header.list !== room.list) return 'wrong_list'; // attack 10
  return header.counter > room.counter ? undefined : 'old_counter'; // attacks 5, 6 and 25
}
