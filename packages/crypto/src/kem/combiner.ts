import { sha3_256 } from '@noble/hashes/sha3.js';
import { type Bytes, concat, utf8 } from '@sotto/protocol';

const LABEL = utf8('MLKEM768-RSAOAEP3072');

/** The draft's combiner: SHA3-256(mlkemSS ‖ tradSS ‖ tradCT ‖ tradPK ‖ label). Browsers have no SHA-3 of their own. */
export function combineSecrets(
  mlkemSecret: Bytes,
  rsaSecret: Bytes,
  rsaCiphertext: Bytes,
  rsaPublicKey: Bytes,
): Bytes {
  return new Uint8Array(sha3_256(concat(mlkemSecret, rsaSecret, rsaCiphertext, rsaPublicKey, LABEL)));
}
