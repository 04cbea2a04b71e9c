import {
  type Bytes,
  concat,
  decodeCbor,
  type EpochHeader,
  encodeCbor,
  equalBytes,
  hiddenCharacter,
  utf8,
} from '@sotto/protocol';
import { UsageError, VerificationError } from '../failure.ts';
import { sha256 } from '../primitives/digest.ts';
import { randomBytes } from '../primitives/random.ts';
import { type EpochSecret, openPart } from './secret.ts';

/** A room's name and topic; the server never sees them. Both may be empty. */
export interface RoomProfile {
  readonly name: string;
  readonly topic: string;
  /** 32 random bytes, new with every change: nobody guesses a name by the hash that stands in the header. */
  readonly salt: Bytes;
}

const NAME_LIMIT = 100;
const TOPIC_LIMIT = 500;
const PADDED_LIMIT = 768;
const SALT_BYTES = 32;

/** A name and topic that nobody gave this room before. */
export const newProfile = ({ name, topic }: { name: string; topic: string }): RoomProfile => ({
  name,
  topic,
  salt: randomBytes(SALT_BYTES),
});

/** What is shown while no profile is known; the profile of no room. */
export const NO_PROFILE: RoomProfile = { name: '', topic: '', salt: new Uint8Array(SALT_BYTES) };

const encoded = ({ name, topic, salt }: RoomProfile) => encodeCbor({ v: 1, name, topic, salt });

/** What stands in a header for this profile. */
export const profileHash = (profile: RoomProfile): Promise<Bytes> =>
  sha256(concat(utf8('sotto/v1/profile-hash\0'), encoded(profile)));

/** True where the header is of a room of this name and topic. */
export async function isProfileOf(profile: RoomProfile, { profile: hash }: EpochHeader): Promise<boolean> {
  return hash !== null && equalBytes(hash, await profileHash(profile));
}

/**
 * R1: the room's name and topic as this header carries them; null where it carries none.
 * @throws VerificationError R1 'bad_header' where it is not the profile that the header stands for; 'cannot_decrypt'
 */
export async function openProfile(header: EpochHeader, secret: EpochSecret): Promise<RoomProfile | null> {
  if (header.sealed === null) return null;
  const profile = decodeProfile(await openPart(secret, 'profile', header, header.sealed));
  if (await isProfileOf(profile, header)) return profile;
  throw new VerificationError('R1', 'bad_header', "the sealed name is not the room's");
}

/** CBOR, padded with zeros to 256-byte steps behind a 0x80 mark, so that the name's length stays private. */
export function encodeProfile(profile: RoomProfile): Bytes {
  if (profile.name.length > NAME_LIMIT)
    throw new UsageError(`a room's name has at most ${NAME_LIMIT} characters`);
  if (profile.topic.length > TOPIC_LIMIT)
    throw new UsageError(`a topic has at most ${TOPIC_LIMIT} characters`);
  const bytes = encoded(profile);
  const out = new Uint8Array(Math.ceil((bytes.length + 1) / 256) * 256);
  out.set(bytes);
  out[bytes.length] = 0x80;
  if (out.length > PADDED_LIMIT) throw new UsageError('name and topic are too long together');
  return out;
}

/** Takes exactly what `encodeProfile` makes. @throws VerificationError R1 'malformed' */
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
  if (!('v' in value) || value.v !== 1) {
    throw new VerificationError('R1', 'unknown_version', "this version of the room's profile is not known"); // attack 13
  }
  if (!('salt' in value) || Object.keys(value).length > 4) throw bad();
  const { name, topic, salt } = value;
  if (typeof name !== 'string' || typeof topic !== 'string' || !(salt instanceof Uint8Array)) throw bad();
  if (name.length > NAME_LIMIT || topic.length > TOPIC_LIMIT || salt.length !== SALT_BYTES) throw bad();
  // Attack 49: sealed, so that no server can refuse it.
  if (hiddenCharacter(name) !== undefined || hiddenCharacter(topic) !== undefined) throw bad();
  return { name, topic, salt: new Uint8Array(salt) };
}
