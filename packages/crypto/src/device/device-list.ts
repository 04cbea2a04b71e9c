import {
  type AccountId,
  accountFrom,
  accountInput,
  type Bytes,
  type DeviceId,
  type DeviceList,
  DeviceListCodec,
  equalBytes,
  splitSigned,
} from '@sotto/protocol';
import { UsageError, VerificationError } from '../failure.ts';
import { parse } from '../parse.ts';
import { sha256 } from '../primitives/digest.ts';
import { openSigned, type SigningKey, sign } from '../primitives/ed25519.ts';

/** K3: a version of a device list whose signature and place in the chain were checked. */
export interface VerifiedList {
  readonly list: DeviceList;
  /** SHA-256 of the signed bytes. */
  readonly hash: Bytes;
  readonly signed: Bytes;
}

/** Attack 52: a list that was seen, told to the account's other devices: none of them takes an older one for the newest. */
export interface ListSeen {
  readonly version: number;
  /** SHA-256 of the signed bytes. */
  readonly hash: Bytes;
  /** The time that stands in it. */
  readonly at: number;
}

export const seenOf = ({ list, hash }: VerifiedList): ListSeen => ({
  version: list.version,
  hash,
  at: list.at,
});

/** Verified lists only; version 0 asks for the newest known. Undefined: not known here. */
export type ListLookup = (account: AccountId, version: number) => Promise<VerifiedList | undefined>;

/** The signing key of a device in a list, or undefined. */
export function signingKeyOf(list: DeviceList, device: DeviceId): Bytes | undefined {
  return list.devices.find((d) => d.device === device)?.signing;
}

async function issue(list: DeviceList, identity: SigningKey): Promise<VerifiedList> {
  const signed = await sign('deviceList', DeviceListCodec.encode(list), identity);
  return { list, signed, hash: await sha256(signed) };
}

/** K1: the id of the account whose first identity this is. */
export const accountIdOf = async (identity: Bytes): Promise<AccountId> =>
  accountFrom(await sha256(accountInput(identity)));

/** Version 1 of an account's list. */
export async function createDeviceList(first: {
  identity: SigningKey;
  at: number;
  name: string;
  devices: readonly { device: DeviceId; signing: Bytes }[];
}): Promise<VerifiedList> {
  const devices = first.devices.map((d) => ({ ...d, addedAt: first.at }));
  const { identity, at, name } = first;
  const account = await accountIdOf(identity.publicKey);
  return issue(
    { v: 1, account, identity: identity.publicKey, version: 1, previous: null, at, name, devices },
    identity,
  );
}

/** The next version. @throws UsageError where the identity is not the list's, or a device is unknown */
export function extendDeviceList(
  previous: VerifiedList,
  identity: SigningKey,
  change: {
    at: number;
    name?: string;
    add?: readonly { device: DeviceId; signing: Bytes }[];
    remove?: readonly DeviceId[];
  },
): Promise<VerifiedList> {
  const { list } = previous;
  if (!equalBytes(identity.publicKey, list.identity)) throw new UsageError('not the identity of this list');
  const removed = new Set(change.remove ?? []);
  const added = (change.add ?? []).map((d) => ({ ...d, addedAt: change.at }));
  return issue(
    {
      ...list,
      version: list.version + 1,
      previous: previous.hash,
      at: change.at,
      name: change.name ?? list.name,
      devices: [...list.devices.filter((d) => !removed.has(d.device)), ...added],
    },
    identity,
  );
}

/**
 * K4: the next version where the account starts over: another identity, one device, chained to the list before. Nobody takes
 * it for the same person until they accept it. The name
 * stays. @param previous the newest list as signed by the identity that is gone
 */
export async function restartDeviceList(
  previous: Bytes,
  first: { account: AccountId; identity: SigningKey; at: number; device: DeviceId; signing: Bytes },
): Promise<VerifiedList> {
  const { account, identity, at, device, signing } = first;
  const { version, name } = parse('K3', () => DeviceListCodec.decode(splitSigned(previous).payload));
  return issue(
    {
      v: 1,
      account,
      identity: identity.publicKey,
      version: version + 1,
      previous: await sha256(previous),
      at,
      name,
      devices: [{ device, signing, addedAt: at }],
    },
    identity,
  );
}

/**
 * Verifies a run of signed versions on top of `known` (null: from version 1), oldest first.
 * @param breaks 'follow': also across versions where the account started over with another identity (K4). The caller then
 *   has to look at the identities.
 * @returns the newly verified versions
 * @throws VerificationError K3 'bad_list', 'old_list'; K4 'identity_changed'
 */
export async function verifyDeviceLists(
  known: VerifiedList | null,
  signed: readonly Bytes[],
  account: AccountId,
  breaks: 'refuse' | 'follow' = 'refuse',
): Promise<VerifiedList[]> {
  const verified: VerifiedList[] = [];
  let last = known;
  for (const bytes of signed) {
    last = await verifyNext(last, bytes, account, breaks);
    verified.push(last);
  }
  return verified;
}

const follows = (list: DeviceList, last: VerifiedList): boolean =>
  list.version === last.list.version + 1 && list.previous !== null && equalBytes(list.previous, last.hash);

async function verifyNext(
  last: VerifiedList | null,
  signed: Bytes,
  account: AccountId,
  breaks: 'refuse' | 'follow',
): Promise<VerifiedList> {
  const bad = (message: string) => new VerificationError('K3', 'bad_list', message);
  // The list names the key it is signed with: a self-signature, worth only what the pin makes it (K4).
  const unverified = parse('K3', () => DeviceListCodec.decode(splitSigned(signed).payload));
  const another = last !== null && !equalBytes(unverified.identity, last.list.identity);
  if (another && !(breaks === 'follow' && follows(unverified, last))) {
    throw new VerificationError('K4', 'identity_changed', 'the account shows another identity key');
  }
  await openSigned('deviceList', signed, unverified.identity, 'K3');
  const list = unverified; // the exact bytes verified above
  if (list.account !== account) throw bad('the list belongs to another account');
  if (last === null) {
    if (list.version !== 1 || list.previous !== null) throw bad('the first version is missing');
    if ((await accountIdOf(list.identity)) !== account) throw bad('the account is not of this identity'); // attack 46
  } else {
    if (list.version <= last.list.version) {
      throw new VerificationError('K3', 'old_list', 'an older device list'); // attack 10
    }
    if (list.version !== last.list.version + 1) throw bad('a version of the list is missing');
    if (!follows(list, last)) throw bad('the list does not extend the one known');
    for (const device of list.devices) {
      const before = signingKeyOf(last.list, device.device);
      if (before && !equalBytes(before, device.signing)) throw bad('a device changed its key');
    }
  }
  return { list, signed, hash: await sha256(signed) };
}
