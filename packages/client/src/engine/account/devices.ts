import { extendDeviceList, signingKeyOf, type VerifiedList } from '@sotto/crypto';
import { type DeviceId, OwnDevicesSchema, PATHS, toBase64Url } from '@sotto/protocol';
import type { OwnDevice } from '../../api.ts';
import { ClientError } from '../../error.ts';
import type { Transport } from '../../seams/index.ts';
import { callOpen } from '../calls.ts';
import { confirmed } from '../confirmed.ts';
import type { RoomContext } from '../rooms/context.ts';
import { checkName } from './setup.ts';
import type { AccountUpkeep } from './upkeep.ts';

const ATTEMPTS = 5;

interface Deps extends Pick<RoomContext, 'calls' | 'clock' | 'directory' | 'keys'> {
  readonly platform: { readonly transport: Transport };
  readonly upkeep: AccountUpkeep;
}

/** A device as the user saw it. */
export type ShownDevice = Pick<OwnDevice, 'device' | 'signing'>;

/** The account's devices by its signed list, with the names from the vault and what the server saw of them. */
export async function ownDevices({ calls, directory, keys, upkeep }: Deps): Promise<OwnDevice[]> {
  const { self } = keys;
  const answer = await calls.get(PATHS.ownDevices, OwnDevicesSchema);
  const { lists } = directory;
  if (!(await lists.newest(self.account))) await directory.fetchLists([self.account]);
  const newest = await lists.newest(self.account);
  return (newest?.list.devices ?? []).map(({ device, signing, addedAt }) => {
    const named = upkeep.nameOf(device);
    const met = answer.devices.find((known) => known.device === device);
    return {
      device,
      signing,
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
export async function removeDevices(deps: Deps, shown: readonly ShownDevice[]): Promise<void> {
  await changeList(deps, ({ list }) => {
    const remove: DeviceId[] = [];
    for (const { device, signing } of shown) {
      const now = signingKeyOf(list, device);
      if (!now) continue; // somebody else took it off
      confirmed(signing, now);
      remove.push(device);
    }
    return remove.length > 0 ? { remove } : null;
  });
}

/** Signs every device off the account but this one. */
export async function removeOthers(deps: Deps): Promise<void> {
  await removeDevices(
    deps,
    (await ownDevices(deps)).filter(({ current }) => !current),
  );
}

/** K3: the account's next list says another name. @throws ClientError 'bad_name', 'name_taken' */
export async function renameAccount(deps: Deps, wanted: string): Promise<void> {
  const name = checkName(wanted);
  await changeList(deps, ({ list }) => (list.name === name ? null : { name }));
}

/** The next version of the own list; where another device was first, once more on top of that. */
async function changeList(
  deps: Deps,
  decide: (newest: VerifiedList) => { remove?: readonly DeviceId[]; name?: string } | null,
): Promise<void> {
  const { clock, directory, keys, platform } = deps;
  const { self, identity } = keys;
  for (let attempt = 1; ; attempt++) {
    await directory.fetchLists([self.account]);
    const newest = await directory.lists.newest(self.account);
    const change = newest && decide(newest);
    if (!newest || !change) return;
    const next = await extendDeviceList(newest, identity, { at: clock.now(), ...change });
    try {
      await callOpen(platform.transport, 'POST', PATHS.devices, null, { list: toBase64Url(next.signed) });
    } catch (error) {
      const again = error instanceof ClientError && error.code === 'list_conflict';
      if (!again || attempt >= ATTEMPTS) throw error;
      continue;
    }
    await directory.fetchLists([self.account]);
    return;
  }
}
