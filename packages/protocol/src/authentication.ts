import type { Bytes } from './bytes.ts';
import { encodeCbor } from './cbor.ts';
import { type AccountId, type DeviceId, idBytes, type RoomId } from './ids.ts';
import { LIMITS } from './limits.ts';
import { parseCount } from './numbers.ts';

/**
 * D5: what a device signs to open a connection (context `connection`). The nonce is the server's,
 * single-use; the origin is the address the client dialled, so a relaying impostor gains nothing
 * (attack 36).
 */
export function connectionPayload(proof: {
  readonly origin: string;
  /** 32 bytes from the server's challenge. */
  readonly nonce: Uint8Array;
  readonly account: AccountId;
  readonly device: DeviceId;
}): Bytes {
  return encodeCbor({
    origin: proof.origin,
    nonce: proof.nonce,
    account: idBytes(proof.account),
    device: idBytes(proof.device),
  });
}

/** D5: what a device signs for one HTTP request (context `request`): nothing reusable is ever sent. */
export function requestPayload(request: {
  readonly origin: string;
  readonly method: string;
  /** Path with query, as sent. */
  readonly path: string;
  /** Milliseconds since 1970 by the server's clock. */
  readonly time: number;
  /** 16 random bytes, single-use. */
  readonly nonce: Uint8Array;
  /** SHA-256 of the body; of the empty string where there is none. */
  readonly bodyHash: Uint8Array;
  readonly account: AccountId;
  readonly device: DeviceId;
}): Bytes {
  return encodeCbor({
    ...request,
    account: idBytes(request.account),
    device: idBytes(request.device),
  });
}

/** What the recovery phrase's key signs (context `recovery`) to be given the vault. */
export function recoveryPayload(proof: {
  readonly origin: string;
  /** Folded name. */
  readonly name: string;
  /** Milliseconds since 1970 by the server's clock. */
  readonly time: number;
  /** 16 random bytes, single-use. */
  readonly nonce: Uint8Array;
}): Bytes {
  return encodeCbor({ ...proof });
}

/** The request header that carries the proof. */
export const PROOF_HEADER = 'sotto-proof';

/**
 * `account.device.time.nonce.bodyHash.signature`, each in its text form. The hash is said here so that the signature
 * verifies before any of the body is read (attack 51).
 */
export function formatProof(proof: {
  readonly account: AccountId;
  readonly device: DeviceId;
  readonly time: number;
  readonly nonce: string;
  readonly bodyHash: string;
  readonly signature: string;
}): string {
  const { account, device, time, nonce, bodyHash, signature } = proof;
  return [account, device, String(time), nonce, bodyHash, signature].join('.');
}

const PROOF =
  /^([A-Za-z0-9_-]{22})\.([A-Za-z0-9_-]{22})\.(\d{1,15})\.([A-Za-z0-9_-]{22})\.([A-Za-z0-9_-]{43})\.([A-Za-z0-9_-]{86})$/;

/** The parts of a proof header as raw texts, or undefined where it has another form. */
export function parseProof(header: string):
  | {
      account: string;
      device: string;
      time: number;
      nonce: string;
      bodyHash: string;
      signature: string;
    }
  | undefined {
  const [, account, device, time, nonce, bodyHash, signature] = PROOF.exec(header) ?? [];
  if (!account || !device || !time || !nonce || !bodyHash || !signature) return undefined;
  const at = parseCount(time, LIMITS.time);
  return at === undefined ? undefined : { account, device, time: at, nonce, bodyHash, signature };
}

/** R7: what the invite's key signs (context `admission`) to let one author in, under one header. */
export function admissionInput(arrival: {
  room: RoomId;
  account: AccountId;
  device: DeviceId;
  identity: Bytes;
  previous: Bytes;
}): Bytes {
  return encodeCbor({
    room: idBytes(arrival.room),
    account: idBytes(arrival.account),
    device: idBytes(arrival.device),
    identity: arrival.identity,
    previous: arrival.previous,
  });
}
