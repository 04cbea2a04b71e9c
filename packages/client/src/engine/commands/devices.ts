import type { DeviceId } from '@sotto/protocol';
import type { OwnDevice } from '../../api.ts';
import { ownDevices, removeDevices, type ShownDevice } from '../account/devices.ts';
import type { EngineCore } from '../core.ts';

/** The account's own devices. */
export class DeviceCommands {
  readonly #core: EngineCore;

  constructor(core: EngineCore) {
    this.#core = core;
  }

  /** All of them, this one among them. */
  list(): Promise<readonly OwnDevice[]> {
    return ownDevices(this.#core);
  }

  rename(device: DeviceId, name: string): Promise<void> {
    return this.#core.upkeep.rename(device, name.trim());
  }

  /**
   * Signs devices off the account, as they were shown, and makes new keys in every room; resolves once the last room has them.
   * @throws ClientError 'not_current' where a device of that id has another key
   */
  async remove(devices: readonly ShownDevice[]): Promise<void> {
    await removeDevices(this.#core, devices);
    await this.#core.upkeep.dropNames(devices.map(({ device }) => device));
    await this.#core.epochs.renewAll();
  }
}
