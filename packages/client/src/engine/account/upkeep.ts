import type { VaultContent, VaultDevice } from '@sotto/crypto';
import type { DeviceId } from '@sotto/protocol';
import type { Platform } from '../../seams/index.ts';
import type { RoomContext } from '../rooms/context.ts';
import type { PersonRow } from '../rows.ts';
import { VaultKeeper } from './vault-keeper.ts';

const SOON = 700;

/** Keeps what follows the account to all of its devices (K5) in step: contacts, names of devices. */
export class AccountUpkeep {
  readonly keeper: VaultKeeper;
  readonly #context: RoomContext;
  readonly #device: Platform['device'];
  #scheduled = false;

  constructor(context: RoomContext, device: Platform['device'], onChange: () => void) {
    this.#context = context;
    this.#device = device;
    this.keeper = new VaultKeeper({
      storage: context.storage,
      calls: context.calls,
      locks: context.locks,
      self: () => context.keys.self,
      onContent: (content) => this.#take(content),
      onChange,
    });
  }

  /** Once per connection: reads the vault, names this device in it, brings in what waits. */
  async connected(): Promise<void> {
    await this.keeper.refresh();
    if (this.keeper.standing !== 'open') return;
    const { device } = this.#context.keys.self;
    if (!this.keeper.content?.devices.some((known) => known.device === device)) {
      await this.rename(device, this.#device.name);
    }
    await this.pushContacts();
  }

  /** A pin or a verification changed: all devices are to know, soon. */
  schedule(): void {
    if (this.#scheduled || this.keeper.standing !== 'open') return;
    this.#scheduled = true;
    this.#context.clock.after(SOON, () => {
      this.#scheduled = false;
      if (this.#context.connection().online) this.#context.background(this.pushContacts());
    });
  }

  /** Does now what was left for soon. */
  async flush(): Promise<void> {
    if (this.#scheduled) await this.pushContacts();
  }

  async pushContacts(): Promise<void> {
    const { directory } = this.#context;
    const waiting = directory.unsynced();
    if (waiting.length === 0 || this.keeper.standing !== 'open') return;
    await this.keeper.update((content) => ({ ...content, contacts: merged(content.contacts, waiting) }));
    await directory.synced(waiting);
  }

  async rename(device: DeviceId, name: string): Promise<void> {
    const { self } = this.#context.keys;
    await this.keeper.update((content) => {
      const old = content.devices.find((known) => known.device === device);
      const kind = old?.kind ?? (device === self.device ? this.#device.kind : 'browser');
      const others = content.devices.filter((known) => known.device !== device);
      return { ...content, devices: [...others, { device, name, kind }] };
    });
  }

  /** Forgets the names of devices that are gone. */
  async dropNames(devices: readonly DeviceId[]): Promise<void> {
    await this.keeper.update((content) => ({
      ...content,
      devices: content.devices.filter((known) => !devices.includes(known.device)),
    }));
  }

  nameOf(device: DeviceId): Omit<VaultDevice, 'device'> | undefined {
    return this.keeper.content?.devices.find((known) => known.device === device);
  }

  #take(content: VaultContent): Promise<void> {
    return this.#context.directory.applyContacts(content.contacts);
  }
}

/** This device's changes on top of what the vault says. */
function merged(contacts: VaultContent['contacts'], changes: readonly PersonRow[]): VaultContent['contacts'] {
  const byAccount = new Map(contacts.map((contact) => [contact.account, contact]));
  for (const { account, identity, trust, unsynced } of changes) {
    if (!identity || (unsynced === 'pin' && byAccount.has(account))) continue;
    byAccount.set(account, { account, identity, verified: trust === 'verified' });
  }
  return [...byAccount.values()];
}
