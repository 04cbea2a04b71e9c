import * as v from 'valibot';
import { type AccountId, type DeviceId, idBytes } from './ids.ts';
import { flawOfKemKey, KEM_KEY_BYTES } from './kem-key.ts';
import { LIMITS } from './limits.ts';
import { field, structure } from './structure.ts';

/** K2: a device's public exchange key with its lifetime; the payload that the device key signs. */
export interface ExchangeKey {
  readonly v: 1;
  readonly account: AccountId;
  readonly device: DeviceId;
  /** Composite encapsulation key: ML-KEM-768 (1184 bytes) then DER RSAPublicKey of 3072 bits. */
  readonly key: Uint8Array<ArrayBuffer>;
  readonly notBefore: number;
  readonly notAfter: number;
}

const schema = v.pipe(
  v.strictObject({
    v: field.suite,
    account: field.account,
    device: field.device,
    key: v.pipe(
      field.bytes(KEM_KEY_BYTES, KEM_KEY_BYTES),
      v.check(
        (key) => flawOfKemKey(key) === undefined,
        ({ input }) => flawOfKemKey(input) ?? '',
      ),
    ),
    notBefore: field.time,
    notAfter: field.time,
  }),
  v.check((key) => key.notAfter > key.notBefore, 'the key ends before it begins'),
  v.check(
    (key) => key.notAfter - key.notBefore <= LIMITS.exchangeKeyLifetime,
    'the key lives longer than 90 days',
  ),
);

/** Codec of the exchange key payload. A wrap names the key by the SHA-256 of the whole signed object. */
export const ExchangeKeyCodec = structure<ExchangeKey>('exchange key', LIMITS.exchangeKey, schema, (key) => ({
  ...key,
  account: idBytes(key.account),
  device: idBytes(key.device),
}));

/** What tells the keys of one device apart in time. `hash` names the signed object, as in wraps. */
export interface KeyAge {
  readonly notBefore: number;
  readonly hash: string;
}

/**
 * K2, attack 43: does `next` take the place of `known`, the newest key of the device so far? Everything a device ever
 * signed stays genuine; which one counts is told by the time in it alone, and nobody goes back.
 */
export function succession(known: KeyAge | undefined, next: KeyAge): 'newer' | 'same' | 'older' {
  if (known?.hash === next.hash) return 'same';
  return !known || next.notBefore > known.notBefore ? 'newer' : 'older';
}

/**
 * Attack 12: within its signed lifetime.
 * @param now milliseconds since 1970; the clock of whoever made it may be ahead
 */
export const isKeyAlive = (key: Pick<ExchangeKey, 'notBefore' | 'notAfter'>, now: number): boolean =>
  now <= key.notAfter && now + LIMITS.lifetimeSkew >= key.notBefore;
