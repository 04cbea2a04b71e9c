import type { AccountId, DeviceId } from '@sotto/protocol';
import { found } from '../refusal.ts';
import type { Service } from '../service.ts';

interface OwnDevice {
  readonly device: DeviceId;
  readonly online: boolean;
  /** When it was last connected, or came; null where it never was. */
  readonly seen: number | null;
}

/** The account's own devices, as its newest list has them. */
export async function ownDevices(
  { store, lists, presence }: Service,
  account: AccountId,
): Promise<{ devices: OwnDevice[] }> {
  const { list } = found(await lists.newest(account));
  const seen = new Map((await store.devices.seen(account)).map((known) => [known.device, known.seen]));
  return {
    devices: list.devices.map(({ device }) => ({
      device,
      online: presence.hasDevice(account, device),
      seen: seen.get(device) ?? null,
    })),
  };
}
