import {
  type AccountId,
  accountFrom,
  accountInput,
  type Bytes,
  type DeviceId,
  type DeviceList,
  DeviceListCodec,
  equalBytes,
  type Signed,
  splitSigned,
  toBase64Url,
} from '@sotto/protocol';
import { LRUCache } from 'lru-cache';
import { bytesOf, sha256, sha256Text } from '../digest.ts';
import { Refused } from '../refusal.ts';
import { openSigned } from '../signatures.ts';
import type { NewList, Store, StoredList } from '../store/store.ts';

interface ReadList {
  readonly list: DeviceList;
  /** SHA-256 of the signed list, base64url. */
  readonly hash: string;
}

const KEPT = 2_000;

/** The device lists that are here, each verified when it came. */
export class DeviceLists {
  readonly #store: Pick<Store, 'devices'>;
  /** By hash: what that stands for never changes. */
  readonly #decoded = new LRUCache<string, DeviceList>({ max: KEPT });

  constructor(store: Pick<Store, 'devices'>) {
    this.#store = store;
  }

  async newest(account: AccountId): Promise<ReadList | undefined> {
    return this.#read(await this.#store.devices.newest(account));
  }

  async at(account: AccountId, version: number): Promise<ReadList | undefined> {
    return this.#read(await this.#store.devices.listAt(account, version));
  }

  /** Signing key of a device in the newest list of its account; undefined where it is not in it. */
  async signingKey(account: AccountId, device: DeviceId): Promise<Bytes | undefined> {
    const newest = await this.newest(account);
    return newest?.list.devices.find((listed) => listed.device === device)?.signing;
  }

  #read(stored: StoredList | undefined): ReadList | undefined {
    if (!stored) return undefined;
    const { signed, hash } = stored;
    const list = this.#decoded.get(hash) ?? DeviceListCodec.decode(splitSigned(bytesOf(signed)).payload);
    this.#decoded.set(hash, list);
    return { list, hash };
  }
}

/**
 * K1, K3: a list signed by its identity; `identity` is the one known for the account, or absent at first sight. Version 1 is
 * of the account that this identity makes (attack 46).
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
  if (claimed.version === 1 && claimed.account !== accountFrom(sha256(accountInput(claimed.identity)))) {
    throw new Refused('malformed', 'The account is not the one of the identity that signed its first list.');
  }
  const devices = claimed.devices.map(({ device, signing }) => ({ device, signing: toBase64Url(signing) }));
  return { list: claimed, stored: { version: claimed.version, signed, hash: sha256Text(bytes), devices } };
}
