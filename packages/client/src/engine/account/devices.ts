import { extendDeviceList } from '@sotto/crypto';
import { type DeviceId, OwnDevicesSchema, PATHS, toBase64Url } from '@sotto/protocol';
import type { OwnDevice } from '../../api.ts';
import { ClientError } from '../../error.ts';
import type { Transport } from '../../seams/index.ts';
import { callOpen } from '../calls.ts';
import type { RoomContext } from '../rooms/context.ts';
import type { AccountUpkeep } from './upkeep.ts';

const ATTEMPTS = 5;

interface Deps {
  readonly context: RoomContext;
  readonly transport: Transport;
  readonly upkeep: AccountUpkeep;
}

/** The account's devices by its signed list, with the names from the vault and what the server saw of them. */
export async function ownDevices({ context, upkeep }: Deps): Promise<OwnDevice[]> {
  const { self } = context.keys;
  const answer = await context.calls.get(PATHS.ownDevices, OwnDevicesSchema);
  const { lists } = context.directory;
  if (!(await lists.newest(self.account))) await context.directory.fetchLists([self.account]);
  const newest = await lists.newest(self.account);
  return (newest?.list.devices ?? []).map(({ device, addedAt }) => {
    const named = upkeep.nameOf(device);
    const met = answer.devices.find((known) => known.device === device);
    return {
      device,
      name: named?.name ?? '',
      kind: named?.kind ?? 'browser',
      addedAt,
      online: met?.online ?? false,
      seen: met?.seen ?? null,
      current: device === self.device,
    };
  });
}

/**
 * K3, attack 34: signs devices off the account's list. From then on nobody encrypts to them: every room gets new
 * keys as soon as one of its members sees the new list, this device first.
 */
export async function removeDevices(deps: Deps, devices: readonly DeviceId[]): Promise<void> {
  const { context, transport } = deps;
  const { self, identity } = context.keys;
  for (let attempt = 1; ; attempt++) {
    await context.directory.fetchLists([self.account]);
    const newest = await context.directory.lists.newest(self.account);
    const listed = new Set(newest?.list.devices.map(({ device }) => device));
    const remove = devices.filter((device) => listed.has(device));
    if (!newest || remove.length === 0) return;
    const next = await extendDeviceList(newest, identity, { at: context.clock.now(), remove });
    try {
      await callOpen(transport, 'POST', PATHS.devices, null, { list: toBase64Url(next.signed) });
    } catch (error) {
      const again = error instanceof ClientError && error.code === 'list_conflict';
      if (!again || attempt >= ATTEMPTS) throw error;
      continue;
    }
    await context.directory.fetchLists([self.account]);
    return;
  }
}
