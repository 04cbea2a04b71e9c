import { type Bytes, concat, utf8 } from './bytes.ts';
import { MalformedError } from './structure.ts';

/** One context prefix per kind of signed object: a signature of one kind is never valid as another. */
export const SIGNING_CONTEXTS = {
  deviceList: 'sotto/v1/device-list\0',
  exchangeKey: 'sotto/v1/exchange-key\0',
  epochHeader: 'sotto/v1/epoch-header\0',
  message: 'sotto/v1/message\0',
  leave: 'sotto/v1/leave\0',
  admission: 'sotto/v1/admission\0',
  connection: 'sotto/v1/connection\0',
  request: 'sotto/v1/request\0',
  recovery: 'sotto/v1/recovery\0',
} as const;

export type SigningContext = keyof typeof SIGNING_CONTEXTS;

const PREFIXES = Object.fromEntries(
  Object.entries(SIGNING_CONTEXTS).map(([context, prefix]) => [context, utf8(prefix)]),
) as Readonly<Record<SigningContext, Bytes>>;

export const SIGNATURE_BYTES = 64;

/** What Ed25519 signs: the context's prefix, then the exact payload bytes carried. */
export function signingInput(context: SigningContext, payload: Uint8Array): Bytes {
  return concat(PREFIXES[context], payload);
}

/** Splits `payload ‖ signature`, as views. The payload is parsed only after the signature verified. */
export function splitSigned(signed: Uint8Array): { payload: Bytes; signature: Bytes } {
  const end = signed.length - SIGNATURE_BYTES;
  if (end <= 0) throw new MalformedError('signed object: shorter than a signature');
  const bytes = signed as Bytes; // nothing here lies in shared memory
  return { payload: bytes.subarray(0, end), signature: bytes.subarray(end) };
}

/** Joins a payload and its signature into the form carried on the wire. */
export function joinSigned(payload: Uint8Array, signature: Uint8Array): Bytes {
  if (signature.length !== SIGNATURE_BYTES) throw new MalformedError('signature: expected 64 bytes');
  return concat(payload, signature);
}
