import { type ListSeen, openSigned, sha256, VerificationError } from '@sotto/crypto';
import { DeviceListCodec, equalBytes, type FrameOf, fromBase64Url } from '@sotto/protocol';
import type { SelfRow } from '../rows.ts';

/**
 * K3, attack 34: does this farewell prove that the account itself signed this device off? A server alone cannot make
 * a device erase anything: the list has to carry the account's own signature, lack this device, and be newer than the
 * newest one known here, or that one itself. An older one lacks it too: from before it came.
 */
export async function provesRemoval(bye: FrameOf<'bye'>, self: SelfRow, known: ListSeen): Promise<boolean> {
  const signed = bye.code === 'unknown_device' ? fromBase64Url(bye.list ?? '') : undefined;
  if (!signed || signed.length === 0) return false;
  try {
    const list = DeviceListCodec.decode(await openSigned('deviceList', signed, self.identity, 'K3'));
    const lacks = !list.devices.some(({ device }) => device === self.device);
    const newer = list.version > known.version || equalBytes(await sha256(signed), known.hash);
    return list.account === self.account && lacks && newer;
  } catch (error) {
    if (error instanceof VerificationError) return false; // somebody else's word: not enough
    throw error;
  }
}
