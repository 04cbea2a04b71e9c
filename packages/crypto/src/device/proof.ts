import { type Bytes, connectionPayload, requestPayload, signingInput } from '@sotto/protocol';
import { type SigningKey, signBytes } from '../primitives/ed25519.ts';

/** D5: the 64-byte signature that opens a connection. */
export const proveConnection = (
  proof: Parameters<typeof connectionPayload>[0],
  signing: SigningKey,
): Promise<Bytes> => signBytes(signing, signingInput('connection', connectionPayload(proof)));

/** D5: the 64-byte signature under one HTTP request. */
export const proveRequest = (
  request: Parameters<typeof requestPayload>[0],
  signing: SigningKey,
): Promise<Bytes> => signBytes(signing, signingInput('request', requestPayload(request)));
