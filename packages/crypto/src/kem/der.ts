import { type Bytes, concat } from '@sotto/protocol';
import { VerificationError } from '../failure.ts';

/** The few DER forms of RSA keys that Web Crypto and the composite encoding disagree about. */
const RSA_ALGORITHM = Uint8Array.fromHex('300d06092a864886f70d0101010500');

function wrap(tag: number, content: Uint8Array): Bytes {
  const { length } = content;
  const head =
    length < 0x80
      ? [tag, length]
      : length < 0x100
        ? [tag, 0x81, length]
        : [tag, 0x82, length >> 8, length & 0xff];
  return concat(new Uint8Array(head), content);
}

/** RSAPublicKey (PKCS #1) → SubjectPublicKeyInfo. */
export function rsaToSpki(rsaPublicKey: Uint8Array): Bytes {
  return wrap(0x30, concat(RSA_ALGORITHM, wrap(0x03, concat(new Uint8Array([0]), rsaPublicKey))));
}

/** SubjectPublicKeyInfo of an RSA key → RSAPublicKey. */
export function spkiToRsa(spki: Bytes): Bytes {
  const outer = read(spki, 0, 0x30);
  const algorithm = read(spki, outer.start, 0x30);
  const bits = read(spki, algorithm.end, 0x03);
  return spki.slice(bits.start + 1, bits.end);
}

/** RSAPrivateKey (PKCS #1) → PKCS #8. */
export function rsaToPkcs8(rsaPrivateKey: Uint8Array): Bytes {
  return wrap(0x30, concat(new Uint8Array([2, 1, 0]), RSA_ALGORITHM, wrap(0x04, rsaPrivateKey)));
}

/** PKCS #8 of an RSA key → RSAPrivateKey. */
export function pkcs8ToRsa(pkcs8: Bytes): Bytes {
  const outer = read(pkcs8, 0, 0x30);
  const version = read(pkcs8, outer.start, 0x02);
  const algorithm = read(pkcs8, version.end, 0x30);
  const octets = read(pkcs8, algorithm.end, 0x04);
  return pkcs8.slice(octets.start, octets.end);
}

/** RSAPublicKey of an RSAPrivateKey: modulus and exponent are its second and third field. */
export function rsaPublicOf(rsaPrivateKey: Bytes): Bytes {
  const outer = read(rsaPrivateKey, 0, 0x30);
  const version = read(rsaPrivateKey, outer.start, 0x02);
  const modulus = read(rsaPrivateKey, version.end, 0x02);
  const exponent = read(rsaPrivateKey, modulus.end, 0x02);
  return wrap(0x30, rsaPrivateKey.subarray(version.end, exponent.end));
}

function read(bytes: Uint8Array, at: number, tag: number): { start: number; end: number } {
  const bad = (why: string) => new VerificationError('K2', 'bad_key', `DER: ${why}`);
  if (bytes[at] !== tag) throw bad(`expected tag ${tag} at ${at}`);
  const first = bytes[at + 1];
  if (first === undefined) throw bad('cut off');
  let length = first;
  let start = at + 2;
  if (first >= 0x80) {
    const size = first & 0x7f;
    if (size < 1 || size > 2) throw bad('length out of range');
    length = 0;
    for (let i = 0; i < size; i++) length = length * 256 + (bytes[start + i] ?? 0);
    start += size;
    if (length < 0x80 || (size === 2 && length < 0x100)) throw bad('length not in shortest form');
  }
  if (start + length > bytes.length) throw bad('cut off');
  return { start, end: start + length };
}
