import { type AccountId, type Bytes, concat, idBytes, utf8 } from '@sotto/protocol';
import { asEpochSecret, checkCommitment, type EpochSecret } from '../epoch/secret.ts';
import type { VerifiedHeader } from '../epoch/verified-header.ts';
import { VerificationError } from '../failure.ts';
import { aesGcmOpen, aesGcmSeal } from '../primitives/aes-gcm.ts';
import { hkdfFrom } from '../primitives/digest.ts';

const LABEL = utf8('sotto/v1/archive\0');
const EMPTY = new Uint8Array(0);

/** M5: the account's archive key as devices hold it: for derivation only (see `importHkdfKey`). */
export type ArchiveKey = CryptoKey;

/** Which epoch of whose archive an entry is: a secret is archived for exactly this header. */
export interface ArchivePlace {
  readonly account: AccountId;
  readonly header: Pick<VerifiedHeader, 'header' | 'hash'>;
}

async function entryKey(
  key: ArchiveKey,
  { account, header }: ArchivePlace,
): Promise<{ key: Bytes; nonce: Bytes; aad: Bytes }> {
  const aad = concat(LABEL, idBytes(account), header.hash);
  const okm = await hkdfFrom(key, EMPTY, aad, 44);
  return { key: okm.slice(0, 32), nonce: okm.slice(32), aad };
}

/**
 * M5: an epoch's secret for the account's other devices. The same input gives the same bytes, so archiving is
 * idempotent; the commitment allows one secret per header, so key and nonce never meet a second plaintext.
 * @throws VerificationError R2 where the secret is not the header's
 */
export async function sealArchived(
  secret: EpochSecret,
  key: ArchiveKey,
  place: ArchivePlace,
): Promise<Bytes> {
  await checkCommitment(secret, place.header.header);
  const entry = await entryKey(key, place);
  return aesGcmSeal(entry.key, entry.nonce, secret, entry.aad);
}

/** @throws VerificationError M5 'cannot_decrypt'; R2 'bad_commitment' */
export async function openArchived(
  sealed: Bytes,
  key: ArchiveKey,
  place: ArchivePlace,
): Promise<EpochSecret> {
  const entry = await entryKey(key, place);
  let secret: EpochSecret;
  try {
    secret = asEpochSecret(await aesGcmOpen(entry.key, entry.nonce, sealed, entry.aad));
  } catch (cause) {
    throw new VerificationError('M5', 'cannot_decrypt', 'the archived key does not open', { cause });
  }
  await checkCommitment(secret, place.header.header);
  return secret;
}
