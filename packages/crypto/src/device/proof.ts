import {
  type Bytes,
  connectionPayload,
  formatProof,
  requestPayload,
  signingInput,
  toBase64Url,
  utf8,
} from '@sotto/protocol';
import { sha256 } from '../primitives/digest.ts';
import { type SigningKey, signBytes } from '../primitives/ed25519.ts';
import { randomBytes } from '../primitives/random.ts';

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

/** D5: the proof header of one HTTP request, with a fresh nonce. @param body its exact text; empty where it has none */
export async function proofHeader(
  request: Omit<Parameters<typeof requestPayload>[0], 'nonce' | 'bodyHash'>,
  body: string,
  signing: SigningKey,
): Promise<string> {
  const nonce = randomBytes(16);
  const bodyHash = await sha256(utf8(body));
  const signature = await proveRequest({ ...request, nonce, bodyHash }, signing);
  const { account, device, time } = request;
  const texts = {
    nonce: toBase64Url(nonce),
    bodyHash: toBase64Url(bodyHash),
    signature: toBase64Url(signature),
  };
  return formatProof({ account, device, time, ...texts });
}
