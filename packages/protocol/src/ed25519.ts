import * as v from 'valibot';
import { equalBytes, fromBase64Url } from './bytes.ts';
import { hash32Schema } from './ids.ts';

/**
 * Ed25519 (RFC 8032), the one variant of it that is spoken here: encodings are canonical, keys and R are not of small order,
 * S is below the group's order, and the equation is checked without the cofactor. Platforms differ in all of these; what is
 * refused here before it comes to them gets the same answer everywhere (attacks 19, 47).
 */
const LENGTH = 32;

const hex = (text: string) => Uint8Array.fromHex(text);
/** p = 2^255 − 19, and the order of the base point; little-endian. */
const FIELD = hex('edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f');
const ORDER = hex('edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010');
/** y of the points whose order divides 8; both signs of x are refused. */
const SMALL_ORDER = [
  '0000000000000000000000000000000000000000000000000000000000000000',
  '0100000000000000000000000000000000000000000000000000000000000000',
  'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
].map(hex);

function isBelow(number: Uint8Array, limit: Uint8Array): boolean {
  for (let i = LENGTH - 1; i >= 0; i--) {
    const difference = (number[i] ?? 0) - (limit[i] ?? 0);
    if (difference !== 0) return difference < 0;
  }
  return false;
}

/**
 * K1, K2, K5, R7: may these bytes be somebody's public key? Half of all that may are no point of the curve: under such a key no
 * signature ever verifies, on any platform, so nothing more has to be known of it.
 */
export function isSigningKey(key: Uint8Array): boolean {
  if (key.length !== LENGTH) return false;
  const y = key.slice();
  y[LENGTH - 1] = (y[LENGTH - 1] ?? 0) & 0x7f; // the sign of x stands in the highest bit
  return isBelow(y, FIELD) && !SMALL_ORDER.some((small) => equalBytes(small, y));
}

/** May these 64 bytes be a signature? Whoever verifies asks this before the platform. */
export function isSignature(signature: Uint8Array): boolean {
  if (signature.length !== 2 * LENGTH) return false;
  return isSigningKey(signature.subarray(0, LENGTH)) && isBelow(signature.subarray(LENGTH), ORDER);
}

/** A public key as text. */
export const signingKeySchema = (name: string) =>
  v.pipe(
    hash32Schema(name),
    v.check(
      (text) => isSigningKey(fromBase64Url(text) ?? new Uint8Array()),
      `${name}: not a key that may be used`,
    ),
  );
