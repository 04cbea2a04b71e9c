import * as v from 'valibot';
import { type AccountId, type DeviceId, idBytes } from './ids.ts';
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
    key: field.bytes(1_184 + 390, 1_184 + 420),
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
