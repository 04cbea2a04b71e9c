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
import { signingKeyNow } from '../devices/lists.ts';
import { sha256 } from '../digest.ts';
import { Refused } from '../refusal.ts';
import type { Service } from '../service.ts';
import { verifySignature } from '../signatures.ts';

/** Who signed a request. */
export interface Signer {
  readonly account: AccountId;
  readonly device: DeviceId;
}

/** A proof whose form, time and device are good; its signature still waits for the body. */
export interface ClaimedProof extends Signer {
  readonly time: number;
  readonly nonce: Bytes;
  readonly signature: Bytes;
  readonly key: Bytes;
}

/** D5, attack 36: signed requests serve once, within minutes, at this server's addresses. */
export class Proofs {
  readonly #service: Service;

  constructor(service: Service) {
    this.#service = service;
  }

  /** What can be refused before the body is read. @throws Refused */
  async claim(incoming: IncomingMessage): Promise<ClaimedProof> {
    const header = incoming.headers[PROOF_HEADER];
    const proof = typeof header === 'string' ? parseProof(header) : undefined;
    if (!proof) throw new Refused('unauthenticated', 'This request needs the proof of a device.');
    const account = parseValue(AccountIdSchema, proof.account);
    const device = parseValue(DeviceIdSchema, proof.device);
    const nonce = fromBase64Url(proof.nonce);
    const signature = fromBase64Url(proof.signature);
    if (!account.ok || !device.ok || !nonce || !signature) throw new Refused('unauthenticated');
    this.#service.nonces.checkTime(proof.time);
    const key = await signingKeyNow(this.#service.store, account.value, device.value);
    if (!key) throw new Refused('unknown_device');
    const claimed = { account: account.value, device: device.value, time: proof.time, nonce, signature, key };
    this.#service.nonces.checkFresh(nameOf(claimed));
    return claimed;
  }

  /** The signature over exactly this request. @throws Refused */
  async verify(claimed: ClaimedProof, incoming: IncomingMessage, body: Bytes): Promise<Signer> {
    const { account, device, time, nonce, signature, key } = claimed;
    const { origins, dialled } = this.#service.origins.candidates(incoming);
    const request = {
      method: incoming.method ?? '',
      path: incoming.url ?? '',
      time,
      nonce,
      bodyHash: sha256(body),
      account,
      device,
    };
    for (const origin of origins) {
      if (!(await verifySignature('request', requestPayload({ ...request, origin }), signature, key)))
        continue;
      await this.#service.nonces.use(nameOf(claimed), time);
      return { account, device };
    }
    throw new Refused(dialled ? 'unauthenticated' : 'wrong_origin');
  }
}

const nameOf = ({ device, nonce }: ClaimedProof) => `${device}${nonce.toHex()}`;
