import type { IncomingMessage } from 'node:http';
import { type Bytes, foldName, recoveryPayload } from '@sotto/protocol';
import { bytesOf } from '../digest.ts';
import { Refused } from '../refusal.ts';
import type { Service } from '../service.ts';
import { verifySignature } from '../signatures.ts';
import { belongings } from './login.ts';

/** RFC 8032, test 1: a public key like any other, where there is none to compare with. */
const DECOY: Bytes = Uint8Array.fromHex('d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a');

export interface Recovery {
  readonly name: string;
  readonly time: number;
  readonly nonce: string;
  readonly signature: string;
}

/**
 * K5: who holds the recovery phrase gets what a login gives. Limited per address alone: nobody guesses 256 bits, so a
 * limit of the name would only lock its owner out (attack 51). A name nobody has, or one without a recovery key, costs and answers the same as a wrong signature (attack 37).
 * @throws Refused 'bad_login', 'clock', 'replayed', 'wrong_origin', 'rate_limited'
 */
export async function recover(
  service: Service,
  asked: Recovery,
  { address, incoming }: { address: string; incoming: IncomingMessage },
) {
  const { store, limiter, nonces, origins } = service;
  const name = foldName(asked.name);
  limiter.demand('logins', address);
  nonces.checkTime(asked.time);
  const known = await store.accounts.byName(name);
  const key = known?.recovery ? bytesOf(known.recovery) : DECOY;
  const { origins: candidates, dialled } = origins.candidates(incoming);
  for (const origin of candidates) {
    const payload = recoveryPayload({ origin, name, time: asked.time, nonce: bytesOf(asked.nonce) });
    if (!(await verifySignature('recovery', payload, bytesOf(asked.signature), key))) continue;
    if (!known?.recovery) break; // somebody signed with the decoy, whose private half is public
    await nonces.use(`recovery/${name}/${asked.nonce}`, asked.time);
    return belongings(service, known.account);
  }
  throw new Refused(dialled ? 'bad_login' : 'wrong_origin');
}
