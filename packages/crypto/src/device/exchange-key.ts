import {
  type AccountId,
  type Bytes,
  type DeviceId,
  type ExchangeKey,
  ExchangeKeyCodec,
  isKeyAlive,
  LIMITS,
} from '@sotto/protocol';
import { VerificationError } from '../failure.ts';
import { parse } from '../parse.ts';
import { sha256 } from '../primitives/digest.ts';
import { openSigned, type SigningKey, sign } from '../primitives/ed25519.ts';

/** K2: an exchange key whose signature, lifetime and form were checked. */
export interface VerifiedExchangeKey {
  readonly key: ExchangeKey;
  /** SHA-256 of the signed bytes: how wraps name it. */
  readonly hash: Bytes;
  readonly signed: Bytes;
}

/** Signs a device's public exchange key with its lifetime. @param input.at milliseconds since 1970 */
export async function createExchangeKey(input: {
  account: AccountId;
  device: DeviceId;
  publicKey: Bytes;
  signing: SigningKey;
  at: number;
  lifetime?: number;
}): Promise<VerifiedExchangeKey> {
  const notAfter = input.at + (input.lifetime ?? LIMITS.exchangeKeyLifetime);
  const { account, device } = input;
  const key: ExchangeKey = { v: 1, account, device, key: input.publicKey, notBefore: input.at, notAfter };
  const signed = await sign('exchangeKey', ExchangeKeyCodec.encode(key), input.signing);
  return { key, signed, hash: await sha256(signed) };
}

/**
 * @param expected.signing the device's key from its account's verified list
 * @throws VerificationError K2 'bad_signature', 'wrong_sender', 'expired_key' (attack 12), 'bad_key' (attack 19)
 */
export async function verifyExchangeKey(
  signed: Bytes,
  expected: { account: AccountId; device: DeviceId; signing: Bytes; now: number },
): Promise<VerifiedExchangeKey> {
  const payload = await openSigned('exchangeKey', signed, expected.signing, 'K2');
  const key = parse('K2', () => ExchangeKeyCodec.decode(payload));
  if (key.account !== expected.account || key.device !== expected.device) {
    throw new VerificationError('K2', 'wrong_sender', 'the exchange key belongs to another device');
  }
  if (!isKeyAlive(key, expected.now)) {
    throw new VerificationError('K2', 'expired_key', 'the exchange key is outside its lifetime');
  }
  return { key, signed, hash: await sha256(signed) };
}
