import {
  type Bytes,
  type MessageClaim,
  MessageEnvelopeCodec,
  type MessageHeader,
  MessageHeaderCodec,
  misclaimed,
  splitSigned,
} from '@sotto/protocol';
import { Refused } from '../refusal.ts';

/**
 * M2: the readable header inside must say what the frame around it says (attacks 5, 15). Its signature is
 * for the receiving clients; the server only keeps nonsense out.
 * @throws Refused or MalformedError
 */
export function checkEnvelope(body: Bytes, claim: MessageClaim): MessageHeader {
  const header = MessageHeaderCodec.decode(MessageEnvelopeCodec.decode(splitSigned(body).payload).header);
  const wrong = misclaimed(header, claim);
  if (wrong) throw new Refused('malformed', `The message header names another ${wrong} than its frame.`);
  return header;
}
