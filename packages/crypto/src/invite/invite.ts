import {
  type Bytes,
  concat,
  fromBase64Url,
  type HeaderInvite,
  ID_BYTES,
  idBytes,
  idFromBytes,
  type RoomId,
  roomKind,
  toBase64Url,
  utf8,
} from '@sotto/protocol';
import { decodeProfile, encodeProfile, type RoomProfile } from '../epoch/profile.ts';
import { VerificationError } from '../failure.ts';
import { aesGcmOpen, aesGcmSeal } from '../primitives/aes-gcm.ts';
import { hkdfSha256 } from '../primitives/digest.ts';
import { importSigningKeySeed, type SigningKey } from '../primitives/ed25519.ts';
import { randomBytes } from '../primitives/random.ts';

const EMPTY = new Uint8Array(0);

/** R7: the signing key that the link's secret stands for. */
export async function inviteKey(secret: Bytes): Promise<SigningKey> {
  const seed = await hkdfSha256(secret, EMPTY, utf8('sotto/v1/invite-key\0'), 32);
  return importSigningKeySeed(seed, { extractable: false });
}

async function profileKey(secret: Bytes, room: RoomId, salt: Bytes) {
  const info = concat(utf8('sotto/v1/invite-profile\0'), idBytes(room), salt);
  const okm = await hkdfSha256(secret, EMPTY, info, 44);
  return { key: okm.slice(0, 32), nonce: okm.slice(32) };
}

/**
 * A new invite: its secret goes into the link's fragment only, its public half into the next header.
 * `sealed` is a random 16-byte salt ‖ the profile under the link's secret.
 */
export async function createInvite(input: {
  room: RoomId;
  profile: RoomProfile;
  expires: number;
}): Promise<{ secret: Bytes; invite: HeaderInvite }> {
  const secret = randomBytes(32);
  const salt = randomBytes(16);
  const { key, nonce } = await profileKey(secret, input.room, salt);
  const sealed = concat(
    salt,
    await aesGcmSeal(key, nonce, encodeProfile(input.profile), idBytes(input.room)),
  );
  const { publicKey } = await inviteKey(secret);
  return { secret, invite: { key: publicKey, expires: input.expires, sealed } };
}

/** The room's profile for whoever holds the link. @throws VerificationError 'cannot_decrypt' */
export async function openInviteProfile(
  invite: HeaderInvite,
  secret: Bytes,
  room: RoomId,
): Promise<RoomProfile> {
  const { key, nonce } = await profileKey(secret, room, invite.sealed.slice(0, 16));
  return decodeProfile(await aesGcmOpen(key, nonce, invite.sealed.slice(16), idBytes(room)));
}

/** What stands behind `#/join/` in a link: room and secret. */
export function inviteFragment(room: RoomId, secret: Bytes): string {
  return `${room}.${toBase64Url(secret)}`;
}

/** @throws VerificationError R7 'bad_invite' */
export function parseInviteFragment(text: string): { room: RoomId; secret: Bytes } {
  const [roomText = '', secretText = '', ...rest] = text.split('.');
  const bytes = fromBase64Url(roomText);
  const room = bytes?.length === ID_BYTES ? idFromBytes<RoomId>(bytes) : undefined;
  const secret = fromBase64Url(secretText);
  if (rest.length > 0 || !room || roomKind(room) !== 'group' || secret?.length !== 32) {
    throw new VerificationError('R7', 'bad_invite', 'this is not an invite link');
  }
  return { room, secret };
}
