import { type Bytes, concat } from '@sotto/protocol';
import { describe, expect, it } from 'vitest';
import { pkcs8ToRsa, rsaPublicOf, rsaToPkcs8, rsaToSpki, spkiToRsa } from '../../src/kem/der.ts';
import { expectRefusal } from '../support/refusal.ts';

const ALGORITHM = '300d06092a864886f70d0101010500';
const der = (text: string) => Uint8Array.fromHex(text);
const filled = (length: number) => new Uint8Array(length).fill(7);

/** The content behind a head, read as the first field of an SPKI is: a key's halves are reached in no other way. */
const contentBehind = (head: string, content: Bytes) =>
  spkiToRsa(concat(der('3000'), der(ALGORITHM), der(head), content));

describe('[K2] DER of RSA keys, X.690 §8.1.3 and §10.1', () => {
  // The bit string begins with the number of its unused bits: one byte more than the key.
  it.each([
    ['short', 0x7e, '037f'],
    ['one byte, from its first', 0x7f, '038180'],
    ['one byte, to its last', 0xfe, '0381ff'],
    ['two bytes, from their first', 0xff, '03820100'],
  ])('writes a length in the shortest form: %s', (_, length, head) => {
    const spki = rsaToSpki(filled(length));
    const at = spki.length - length - 1 - head.length / 2;
    expect(spki.subarray(at, at + head.length / 2).toHex()).toBe(head);
    expect(spki.subarray(at - ALGORITHM.length / 2, at).toHex()).toBe(ALGORITHM);
    expect(spkiToRsa(spki)).toEqual(filled(length));
    expect(pkcs8ToRsa(rsaToPkcs8(filled(length)))).toEqual(filled(length));
  });

  it.each([
    ['another tag', '0400', 0, 'expected tag'],
    ['no length', '03', 0, 'cut off'],
    ['an indefinite length', '0380', 200, 'out of range'],
    ['a length of three bytes', '0383000100', 256, 'out of range'],
    ['one byte where none is needed', '03817f', 0x7f, 'shortest'],
    ['two bytes where one would do', '038200ff', 0xff, 'shortest'],
    ['two bytes where none is needed', '0382007f', 0x7f, 'shortest'],
    ['a content that is cut off', '0305', 4, 'cut off'],
    ['a long content that is cut off', '03820100', 255, 'cut off'],
  ])('refuses %s', async (_, head, length, why) => {
    const refusal = await expectRefusal(() => contentBehind(head, filled(length)), 'K2', 'bad_key');
    expect(refusal.message).toContain(why);
  });

  it.each([
    ['of the short form', '037f', 0x7f],
    ['of one byte, the smallest', '038180', 0x80],
    ['of one byte, the largest', '0381ff', 0xff],
    ['of two bytes, the smallest', '03820100', 0x100],
  ])('reads a length %s', (_, head, length) => {
    expect(contentBehind(head, filled(length))).toEqual(filled(length - 1));
  });

  it('takes modulus and exponent out of a private key, and nothing else', () => {
    expect(rsaPublicOf(der('300c020100020163020203e9020107')).toHex()).toBe('3007020163020203e9');
  });
});
