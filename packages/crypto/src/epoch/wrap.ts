import {
  type AddressedWrap,
  type Bytes,
  type Ciphertext,
  concat,
  type DeviceId,
  equalBytes,
  fromBase64Url,
  idBytes,
  toBase64Url,
  utf8,
} from '@sotto/protocol';
import { type ListLookup, signingKeyOf } from '../device/device-list.ts';
import type { VerifiedExchangeKey } from '../device/exchange-key.ts';
import { VerificationError } from '../failure.ts';
import { decapsulate, encapsulate, KEM_CIPHERTEXT_BYTES, type KemPrivateKey } from '../kem/composite.ts';
import { aesGcmOpen, aesGcmSeal } from '../primitives/aes-gcm.ts';
import { hkdfSha256 } from '../primitives/digest.ts';
import { asEpochSecret, checkCommitment, type EpochSecret } from './secret.ts';
import type { VerifiedHeader } from './verified-header.ts';

/** The halves of one exchange key that this device holds. */
export interface OwnExchangeKey {
  readonly verified: VerifiedExchangeKey;
  readonly privateKey: KemPrivateKey;
}

/** R2: bound to the header and the recipient, so that a wrap opens nowhere else. */
async function wrapKey(sharedSecret: Bytes, headerHash: Bytes, device: DeviceId, exchangeKeyHash: Bytes) {
  const info = concat(utf8('sotto/v1/wrap\0'), headerHash, idBytes(device), exchangeKeyHash);
  const okm = await hkdfSha256(sharedSecret, new Uint8Array(0), info, 44);
  return { key: okm.slice(0, 32), nonce: okm.slice(32) };
}

/** R2: the epoch's secret for one device: KEM ciphertext (1472 bytes) ‖ sealed secret (48 bytes). */
export async function wrapSecret(
  secret: EpochSecret,
  headerHash: Bytes,
  recipient: VerifiedExchangeKey,
): Promise<AddressedWrap> {
  const { device } = recipient.key;
  const { ciphertext, sharedSecret } = await encapsulate(recipient.key.key);
  const { key, nonce } = await wrapKey(sharedSecret, headerHash, device, recipient.hash);
  const sealed = await aesGcmSeal(key, nonce, secret, headerHash);
  return {
    device,
    key: toBase64Url(recipient.hash),
    body: toBase64Url(concat(ciphertext, sealed)) as Ciphertext,
  };
}

/** A wrap is four operations on threads of the platform: one wrap after the other would mostly wait. */
const AT_ONCE = 16;

/** R2: a wrap for each recipient, in their order. */
export async function wrapForAll(
  secret: EpochSecret,
  headerHash: Bytes,
  recipients: readonly VerifiedExchangeKey[],
  onProgress?: (done: number, total: number) => void,
): Promise<AddressedWrap[]> {
  const wraps: AddressedWrap[] = [];
  for (let from = 0; from < recipients.length; from += AT_ONCE) {
    const some = recipients.slice(from, from + AT_ONCE);
    wraps.push(...(await Promise.all(some.map((recipient) => wrapSecret(secret, headerHash, recipient)))));
    onProgress?.(wraps.length, recipients.length);
  }
  return wraps;
}

/**
 * R6: wraps a past or current epoch anew for a device that asks, where it is entitled: its account was a member
 * by the signed header, and the device stands in the account's newest list.
 * @throws VerificationError R6 'not_member', 'unknown_device'; R2 'bad_commitment'
 */
export async function rewrapSecret(
  secret: EpochSecret,
  header: VerifiedHeader,
  recipient: VerifiedExchangeKey,
  lists: ListLookup,
): Promise<AddressedWrap> {
  const { account, device } = recipient.key;
  const member = header.header.members.find((m) => m.account === account);
  if (!member) throw new VerificationError('R6', 'not_member', 'who asks was not a member in that epoch');
  const newest = await lists(account, 0);
  // K4: an account whose identity changed since is another one until somebody vouches for it in a header.
  if (!newest || !equalBytes(newest.list.identity, member.identity) || !signingKeyOf(newest.list, device)) {
    throw new VerificationError('R6', 'unknown_device', 'the device that asks is not in its account’s list');
  }
  await checkCommitment(secret, header.header);
  return wrapSecret(secret, header.hash, recipient);
}

/**
 * The secret inside a wrap, checked against the header's commitment.
 * @throws VerificationError R2 'bad_wrap' for whatever does not open (attack 20), 'bad_commitment' (attack 26)
 */
export async function openWrap(
  body: Ciphertext,
  header: VerifiedHeader,
  device: DeviceId,
  own: OwnExchangeKey,
): Promise<EpochSecret> {
  const failure = () => new VerificationError('R2', 'bad_wrap', 'the key for this epoch does not open');
  const bytes = fromBase64Url(body);
  if (bytes?.length !== KEM_CIPHERTEXT_BYTES + 48) throw failure();
  let secret: EpochSecret;
  try {
    const shared = await decapsulate(
      own.privateKey,
      own.verified.key.key,
      bytes.slice(0, KEM_CIPHERTEXT_BYTES),
    );
    const { key, nonce } = await wrapKey(shared, header.hash, device, own.verified.hash);
    secret = asEpochSecret(await aesGcmOpen(key, nonce, bytes.slice(KEM_CIPHERTEXT_BYTES), header.hash));
  } catch (cause) {
    if (cause instanceof VerificationError) throw failure(); // uniform: which step failed is nobody's business
    throw cause;
  }
  await checkCommitment(secret, header.header);
  return secret;
}
