import {
  type AccountId,
  type Bytes,
  type DeviceId,
  type DeviceList,
  DeviceListCodec,
  equalBytes,
  type Signed,
  splitSigned,
  toBase64Url,
} from '@sotto/protocol';
import { bytesOf, sha256Text } from '../digest.ts';
import { Refused } from '../refusal.ts';
import { openSigned } from '../signatures.ts';
import type { NewList, Store } from '../store/store.ts';

export interface ReadList {
  readonly list: DeviceList;
  /** SHA-256 of the signed list, base64url. */
  readonly hash: string;
}

/** Decoded lists by the hash of their bytes: what a hash stands for never changes. */
const decoded = new Map<string, DeviceList>();
const KEPT = 2_000;

function decodeStored(signed: Signed, hash: string): DeviceList {
  const known = decoded.get(hash);
  if (known) return known;
  const list = DeviceListCodec.decode(splitSigned(bytesOf(signed)).payload);
  const oldest = decoded.keys().next();
  if (decoded.size >= KEPT && !oldest.done) decoded.delete(oldest.value);
  decoded.set(hash, list);
  return list;
}

/** The account's newest list, as verified when it came. */
export async function newestList(store: Store, account: AccountId): Promise<ReadList | undefined> {
  const stored = await store.devices.newest(account);
  return stored && { list: decodeStored(stored.signed, stored.hash), hash: stored.hash };
}

/** A version of an account's list. */
export async function listAt(
  store: Store,
  account: AccountId,
  version: number,
): Promise<ReadList | undefined> {
  const stored = await store.devices.listAt(account, version);
  return stored && { list: decodeStored(stored.signed, stored.hash), hash: stored.hash };
}

/** Signing key of a device in the newest list of an account that is here; undefined where it is not in it. */
export async function signingKeyNow(
  store: Store,
  account: AccountId,
  device: DeviceId,
): Promise<Bytes | undefined> {
  const newest = await newestList(store, account);
  // Of people who are absent there are lists, for headers to name; they sign nothing until they are back.
  if (!newest || !(await store.accounts.get(account))) return undefined;
  return newest.list.devices.find((listed) => listed.device === device)?.signing;
}

/**
 * K3: a list signed by its identity; `identity` is the one known for the account, or absent at first sight.
 * @throws Refused 'bad_signature', 'malformed'
 */
export async function readList(
  signed: Signed,
  identity?: Bytes,
): Promise<{ list: DeviceList; stored: NewList }> {
  const bytes = bytesOf(signed);
  // Only the identity is taken from the payload before it is verified.
  const claimed = DeviceListCodec.decode(splitSigned(bytes).payload);
  if (identity && !equalBytes(identity, claimed.identity)) {
    throw new Refused('bad_signature', 'The device list names another identity than the account has.');
  }
  await openSigned('deviceList', bytes, claimed.identity, 'device list');
  const devices = claimed.devices.map(({ device, signing }) => ({ device, signing: toBase64Url(signing) }));
  return { list: claimed, stored: { version: claimed.version, signed, hash: sha256Text(bytes), devices } };
}
