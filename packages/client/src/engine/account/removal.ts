import { openSigned, VerificationError } from '@sotto/crypto';
import { DeviceListCodec, type FrameOf, fromBase64Url } from '@sotto/protocol';
import type { DeviceLists } from '../people/lists.ts';
import type { SelfRow } from '../rows.ts';

/**
 * K3, attack 34: does this farewell prove that the account itself signed this device off? A server alone cannot make
 * a device erase anything: the list has to carry the account's own signature, be no older than the newest one
 * known here, and lack this device.
 */
export async function provesRemoval(
  bye: FrameOf<'bye'>,
  self: SelfRow,
  lists: DeviceLists,
): Promise<boolean> {
  const signed = bye.code === 'unknown_device' ? fromBase64Url(bye.list ?? '') : undefined;
  if (!signed || signed.length === 0) return false;
  try {
    const list = DeviceListCodec.decode(await openSigned('deviceList', signed, self.identity, 'K3'));
    const known = await lists.newest(self.account);
    const lacks = !list.devices.some(({ device }) => device === self.device);
    return list.account === self.account && lacks && list.version >= (known?.list.version ?? 0);
  } catch (error) {
    if (error instanceof VerificationError) return false; // somebody else's word: not enough
    throw error;
  }
}
