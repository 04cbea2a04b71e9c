import {
  type AccountId,
  type Bytes,
  type DeviceId,
  MessageEnvelopeCodec,
  type MessageHeader,
  MessageHeaderCodec,
  type MessageId,
  type MessageKind,
  type RoomId,
  splitSigned,
} from '@sotto/protocol';
import { Refused } from '../refusal.ts';
import { readPlainEnvelope } from './plain-envelope.ts';

export interface Claim {
  readonly kind: MessageKind;
  readonly room: RoomId;
  readonly epoch: number;
  readonly account: AccountId;
  readonly device: DeviceId;
  /** Of a send. */
  readonly id?: MessageId;
}

/**
 * M2: the readable header inside must say what the frame around it says (attacks 5, 15). Its signature is
 * for the receiving clients; the server only keeps nonsense out.
 * @throws Refused or MalformedError
 */
export function checkEnvelope(body: Bytes, claim: Claim): Pick<MessageHeader, 'seen' | 'counter' | 'list'> {
  const plain = readPlainEnvelope(body, claim);
  if (plain) return plain;
  const envelope = MessageEnvelopeCodec.decode(splitSigned(body).payload);
  const header = MessageHeaderCodec.decode(envelope.header);
  const fields = ['kind', 'room', 'epoch', 'account', 'device'] as const;
  const wrong = fields.find((name) => header[name] !== claim[name]);
  if (wrong) throw new Refused('malformed', `The message header names another ${wrong} than its frame.`);
  if (claim.id !== undefined && header.id !== claim.id) {
    throw new Refused('malformed', 'The message header names another id than its frame.');
  }
  return header;
}
