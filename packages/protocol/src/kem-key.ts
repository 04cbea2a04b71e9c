import { equalBytes } from './bytes.ts';

/** An ML-KEM-768 encapsulation key: its vector, and the seed of its matrix. */
export const ML_KEM_KEY_BYTES = 1_184;
const VECTOR_BYTES = 1_152;
const Q = 3_329;

const hex = (text: string) => Uint8Array.fromHex(text);
/** A DER RSAPublicKey of 3,072 bits: what stands before and behind the modulus. */
const RSA_HEAD = hex('3082018a0282018100');
const RSA_TAIL = hex('0203010001');
const RSA_KEY_BYTES = RSA_HEAD.length + 384 + RSA_TAIL.length;

/** Composite encapsulation key: ML-KEM-768, then RSA-3072. */
export const KEM_KEY_BYTES = ML_KEM_KEY_BYTES + RSA_KEY_BYTES;

/**
 * K2, attacks 13, 19, 47: what is wrong with a composite public key; undefined where anyone may encrypt to it. The server keeps
 * no other key, so that nobody makes a room unusable by one that clients refuse.
 */
export function flawOfKemKey(key: Uint8Array): string | undefined {
  if (key.length !== KEM_KEY_BYTES) return `exchange key: expected ${KEM_KEY_BYTES} bytes, got ${key.length}`;
  return flawOfMlKem(key) ?? flawOfRsa(key.subarray(ML_KEM_KEY_BYTES));
}

/** FIPS 203 §7.2, the modulus check. */
function flawOfMlKem(key: Uint8Array): string | undefined {
  let any = 0;
  for (let i = 0; i < VECTOR_BYTES; i += 3) {
    const [a, b, c] = [key[i] ?? 0, key[i + 1] ?? 0, key[i + 2] ?? 0];
    if ((a | ((b & 15) << 8)) >= Q || ((b >> 4) | (c << 4)) >= Q)
      return 'ML-KEM key: a coefficient is not below q';
    any |= a | b | c;
  }
  // Attack 13: valid by the standard, yet it hides nothing: the half would be there in name only.
  return any === 0 ? 'ML-KEM key: empty' : undefined;
}

/** Exactly 3,072 bits, odd, exponent 65,537, in the one encoding there is. */
function flawOfRsa(key: Uint8Array): string | undefined {
  const end = RSA_KEY_BYTES - RSA_TAIL.length;
  if (!equalBytes(key.subarray(0, RSA_HEAD.length), RSA_HEAD)) return 'RSA key: not the DER of 3072 bits';
  if ((key[RSA_HEAD.length] ?? 0) < 0x80) return 'RSA key: the modulus has not 3072 bits';
  if (((key[end - 1] ?? 0) & 1) === 0) return 'RSA key: the modulus is even';
  return equalBytes(key.subarray(end), RSA_TAIL) ? undefined : 'RSA key: the exponent is not 65537';
}
