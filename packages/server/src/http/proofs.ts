import type { IncomingMessage } from 'node:http';
import {
  type AccountId,
  AccountIdSchema,
  type Bytes,
  type DeviceId,
  DeviceIdSchema,
  fromBase64Url,
  PROOF_HEADER,
  parseProof,
  parseValue,
  requestPayload,
} from '@sotto/protocol';
import { Refused } from '../refusal.ts';
import type { Service } from '../service.ts';
import { verifySignature } from '../signatures.ts';

/** Who signed a request. */
export interface Signer {
  readonly account: AccountId;
  readonly device: DeviceId;
}

/** A proof whose signature is good: over this request, and over a body with this hash. */
export interface Proven extends Signer {
  readonly bodyHash: Bytes;
}

/** D5, attack 36: signed requests serve once, within minutes, at this server's addresses. */
export class Proofs {
  readonly #service: Service;

  constructor(service: Service) {
    this.#service = service;
  }

  /**
   * Attack 51: all of it from the head of the request alone. The nonce is used up here, before the body comes: one proof
   * opens one body, and what broke off is sent again under a fresh one.
   * @throws Refused
   */
  async verify(incoming: IncomingMessage): Promise<Proven> {
    const { signature, ...claimed } = readHeader(incoming);
    const { account, device, time, nonce, bodyHash } = claimed;
    const { nonces, lists } = this.#service;
    nonces.checkTime(time);
    const name = `${device}${nonce.toHex()}`;
    nonces.checkFresh(name);
    const key = await lists.signingKey(account, device);
    if (!key) throw new Refused('unknown_device');
    const { origins, dialled } = this.#service.origins.candidates(incoming);
    const request = { method: incoming.method ?? '', path: incoming.url ?? '', ...claimed };
    for (const origin of origins) {
      if (!(await verifySignature('request', requestPayload({ ...request, origin }), signature, key)))
        continue;
      await nonces.use(name, time);
      return { account, device, bodyHash };
    }
    throw new Refused(dialled ? 'unauthenticated' : 'wrong_origin');
  }
}

function readHeader(incoming: IncomingMessage) {
  const header = incoming.headers[PROOF_HEADER];
  const proof = typeof header === 'string' ? parseProof(header) : undefined;
  if (!proof) throw new Refused('unauthenticated', 'This request needs the proof of a device.');
  const account = parseValue(AccountIdSchema, proof.account);
  const device = parseValue(DeviceIdSchema, proof.device);
  const [nonce, bodyHash, signature] = [proof.nonce, proof.bodyHash, proof.signature].map(fromBase64Url);
  if (!account.ok || !device.ok || !nonce || !bodyHash || !signature) throw new Refused('unauthenticated');
  return { account: account.value, device: device.value, time: proof.time, nonce, bodyHash, signature };
}
