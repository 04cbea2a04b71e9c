import {
  type AccountId,
  type DeviceList,
  ExchangeKeyCodec,
  isKeyAlive,
  type Signed,
  splitSigned,
} from '@sotto/protocol';
import { bytesOf, sha256Text } from '../digest.ts';
import { Refused } from '../refusal.ts';
import { openSigned } from '../signatures.ts';
import type { StoredKey } from '../store/store.ts';

/**
 * K2: an exchange key signed by the device it belongs to, which stands in `list`, and alive now.
 * @throws Refused 'bad_signature', 'malformed', 'unknown_device'
 */
export async function readExchangeKey(
  signed: Signed,
  owner: { account: AccountId; list: DeviceList },
  now: number,
): Promise<StoredKey> {
  const bytes = bytesOf(signed);
  const claimed = ExchangeKeyCodec.decode(splitSigned(bytes).payload);
  const listed = owner.list.devices.find(({ device }) => device === claimed.device);
  if (claimed.account !== owner.account || !listed) throw new Refused('unknown_device');
  await openSigned('exchangeKey', bytes, listed.signing, 'exchange key');
  if (!isKeyAlive(claimed, now)) {
    throw new Refused('malformed', 'The exchange key is not valid now. Check the clock and make a new one.');
  }
  const { device, notBefore } = claimed;
  return { device, notBefore, key: signed, hash: sha256Text(bytes) };
}
