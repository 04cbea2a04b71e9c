import { type Bytes, decodeCbor, encodeCbor } from '@sotto/protocol';
import { UsageError, VerificationError } from '../failure.ts';

/** A room's name and topic; the server never sees them. Both may be empty. */
export interface RoomProfile {
  readonly name: string;
  readonly topic: string;
}

const NAME_LIMIT = 100;
const TOPIC_LIMIT = 500;

/** CBOR, padded with zeros to 256-byte steps behind a 0x80 mark, so that the name's length stays private. */
export function encodeProfile(profile: RoomProfile): Bytes {
  if (profile.name.length > NAME_LIMIT)
    throw new UsageError(`a room's name has at most ${NAME_LIMIT} characters`);
  if (profile.topic.length > TOPIC_LIMIT)
    throw new UsageError(`a topic has at most ${TOPIC_LIMIT} characters`);
  const encoded = encodeCbor({ v: 1, name: profile.name, topic: profile.topic });
  const out = new Uint8Array(Math.ceil((encoded.length + 1) / 256) * 256);
  out.set(encoded);
  out[encoded.length] = 0x80;
  if (out.length > 1_000) throw new UsageError('name and topic are too long together');
  return out;
}

/** @throws VerificationError R1 'malformed' */
export function decodeProfile(bytes: Bytes): RoomProfile {
  const bad = (cause?: unknown) =>
    new VerificationError('R1', 'malformed', "the room's profile is malformed", { cause });
  const end = bytes.findLastIndex((byte) => byte !== 0);
  if (end < 0 || bytes[end] !== 0x80) throw bad();
  let value: unknown;
  try {
    value = decodeCbor(bytes.subarray(0, end));
  } catch (cause) {
    throw bad(cause);
  }
  if (typeof value !== 'object' || value === null || !('name' in value) || !('topic' in value)) throw bad();
  const { name, topic } = value;
  if (!('v' in value) || value.v !== 1) {
    throw new VerificationError('R1', 'unknown_version', "this version of the room's profile is not known"); // attack 13
  }
  if (typeof name !== 'string' || typeof topic !== 'string') throw bad();
  return { name: name.slice(0, NAME_LIMIT), topic: topic.slice(0, TOPIC_LIMIT) };
}
