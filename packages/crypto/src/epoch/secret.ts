import {
  type Bytes,
  concat,
  type EpochHeader,
  equalBytes,
  idBytes,
  type RoomId,
  u64,
  utf8,
} from '@sotto/protocol';
import { UsageError, VerificationError } from '../failure.ts';
import { aesGcmOpen, aesGcmSeal } from '../primitives/aes-gcm.ts';
import { hkdfFrom, importHkdfKey } from '../primitives/digest.ts';
import { randomBytes } from '../primitives/random.ts';

declare const brand: unique symbol;

/** R1: the 32 random bytes that everything in an epoch derives from. */
export type EpochSecret = Bytes & { readonly [brand]: 'EpochSecret' };

const EMPTY = new Uint8Array(0);
const imported = new WeakMap<Uint8Array, Promise<CryptoKey>>();

export function newEpochSecret(): EpochSecret {
  return randomBytes(32) as EpochSecret;
}

/** Brands 32 bytes from the store or a wrap. @throws UsageError on another length */
export function asEpochSecret(bytes: Bytes): EpochSecret {
  if (bytes.length !== 32) throw new UsageError(`epoch secret: expected 32 bytes, got ${bytes.length}`);
  return bytes as EpochSecret;
}

/** HKDF over the secret with a label of its own; the imported key is kept with the secret (hot path). */
export function deriveFromSecret(secret: EpochSecret, info: Bytes, length: number): Promise<Bytes> {
  let key = imported.get(secret);
  if (!key) {
    key = importHkdfKey(secret);
    imported.set(secret, key);
  }
  return key.then((ready) => hkdfFrom(ready, EMPTY, info, length));
}

const place = (room: RoomId, epoch: number) => concat(idBytes(room), u64(epoch));

/** R2: what the header commits to. */
export function commitmentOf(secret: EpochSecret, room: RoomId, epoch: number): Promise<Bytes> {
  return deriveFromSecret(secret, concat(utf8('sotto/v1/commitment\0'), place(room, epoch)), 32);
}

/** @throws VerificationError R2 'bad_commitment' (attacks 26, 27) */
export async function checkCommitment(secret: EpochSecret, header: EpochHeader): Promise<void> {
  if (!equalBytes(await commitmentOf(secret, header.room, header.epoch), header.commitment)) {
    throw new VerificationError('R2', 'bad_commitment', 'the secret is not the one the header commits to');
  }
}

type Part = 'profile' | 'link';

async function partKey(secret: EpochSecret, part: Part, room: RoomId, epoch: number) {
  const okm = await deriveFromSecret(secret, concat(utf8(`sotto/v1/${part}\0`), place(room, epoch)), 44);
  return { key: okm.slice(0, 32), nonce: okm.slice(32) };
}

/** Seals one part of a header under its epoch: each label is used once per secret, so the nonce is too. */
export async function sealPart(
  secret: EpochSecret,
  part: Part,
  at: { room: RoomId; epoch: number },
  plaintext: Bytes,
): Promise<Bytes> {
  const { key, nonce } = await partKey(secret, part, at.room, at.epoch);
  return aesGcmSeal(key, nonce, plaintext, place(at.room, at.epoch));
}

export async function openPart(
  secret: EpochSecret,
  part: Part,
  at: { room: RoomId; epoch: number },
  sealed: Bytes,
): Promise<Bytes> {
  const { key, nonce } = await partKey(secret, part, at.room, at.epoch);
  return aesGcmOpen(key, nonce, sealed, place(at.room, at.epoch));
}
