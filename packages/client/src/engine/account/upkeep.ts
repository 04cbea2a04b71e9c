import type { ListSeen, VaultContent, VaultDevice } from '@sotto/crypto';
import { type DeviceId, equalBytes } from '@sotto/protocol';
import type { Platform } from '../../seams/index.ts';
import { decided } from '../consent/decisions.ts';
import { alarmFrom, type RoomContext } from '../rooms/context.ts';
import type { PersonRow } from '../rows.ts';
import { Soon } from '../soon.ts';
import { VaultKeeper } from './vault-keeper.ts';

const SOON = 700;

type Needs = Omit<RoomContext, 'exchange' | 'tabs'>;

/** Keeps what follows the account to all of its devices (K5) in step: contacts, names of devices. */
export class AccountUpkeep {
  readonly keeper: VaultKeeper;
  readonly #context: Needs;
  readonly #device: Platform['device'];
  readonly #soon: Soon;

  constructor(context: Needs, device: Platform['device']) {
    const { bus } = context;
    this.#context = context;
    this.#device = device;
    this.#soon = new Soon(context, SOON, () => this.#bring());
    this.keeper = new VaultKeeper({
      storage: context.storage,
      calls: context.calls,
      locks: context.locks,
      clock: context.clock,
      self: () => context.keys.self,
      onContent: (content) => this.#take(content),
      onBranch: async (error) => {
        context.notify(alarmFrom(error, context.clock.now(), context.keys.self.account), null);
        await Promise.all([context.consent.insist(), context.directory.insist()]);
        this.#schedule();
      },
      onChange: () => bus.emit({ type: 'account-changed' }),
    });
    for (const type of ['contact', 'decided', 'begun'] as const) bus.on(type, () => this.#schedule());
  }

  /** Once per connection: reads the vault, names this device in it, brings in what waits. */
  async connected(): Promise<void> {
    await this.keeper.refresh();
    await this.#soon.run();
  }

  /** A pin, a verification or a decision is new: all devices are to know, soon. */
  #schedule(): void {
    if (this.keeper.standing === 'open') this.#soon.schedule();
  }

  /** @returns true where the vault has all that was decided here; so has a guest, who has no other device */
  async bringDecisions(): Promise<boolean> {
    if (this.keeper.standing === 'none') return true;
    if (this.#context.consent.waiting.length > 0) await this.#soon.run();
    return this.#context.consent.waiting.length === 0;
  }

  /** Does now what was left for soon. */
  flush(): Promise<void> {
    return this.#soon.flush();
  }

  stop(): void {
    this.#soon.stop();
  }

  async #bring(): Promise<void> {
    if (this.keeper.standing !== 'open') return;
    const { directory, consent, keys } = this.#context;
    const { device } = keys.self;
    if (!this.keeper.content?.devices.some((known) => known.device === device)) {
      await this.rename(device, this.#device.name);
    }
    // Attack 48: whom the account only met in rooms that it has not accepted would fill the vault.
    const contacts = new Set(this.keeper.content?.contacts.map(({ account }) => account));
    const strangers = consent.strangers();
    const waiting = directory
      .unsynced()
      .filter(
        ({ account, unsynced }) =>
          unsynced === 'decision' || contacts.has(account) || !strangers.has(account),
      );
    const decisions = consent.waiting;
    const own = await directory.ownList();
    const told = this.keeper.content?.list.version ?? 0;
    if (waiting.length === 0 && decisions.length === 0 && told >= own.version) return;
    await this.keeper.update((content) => decided(merged(content, waiting, own), decisions));
    if (this.keeper.standing !== 'open') return; // sealed anew elsewhere meanwhile: nothing was stored
    await directory.synced(waiting);
    await consent.synced(decisions);
  }

  async rename(device: DeviceId, name: string): Promise<void> {
    const { self } = this.#context.keys;
    await this.keeper.update((content) => {
      const old = content.devices.find((known) => known.device === device);
      const kind = old?.kind ?? (device === self.device ? this.#device.kind : 'browser');
      const others = content.devices.filter((known) => known.device !== device);
      return { ...content, devices: [...others, { ...old, device, name, kind }] };
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

  async #take(content: VaultContent): Promise<void> {
    await this.#context.directory.applyVault(content);
    await this.#context.consent.takeVault(content);
  }
}

/** This device's changes on top of what the vault says; the very same content where it says all of it. */
function merged(content: VaultContent, changes: readonly PersonRow[], own: ListSeen): VaultContent {
  const byAccount = new Map(content.contacts.map((contact) => [contact.account, contact]));
  for (const { account, identity, trust, unsynced, signed, since, list } of changes) {
    const known = byAccount.get(account);
    if (!identity || !list) continue;
    const goesOn = known && equalBytes(known.identity, identity);
    if (known && unsynced !== 'decision' && !(goesOn && known.list.version < list.version)) continue;
    const decided = unsynced === 'decision' || !known;
    const verified = decided ? trust === 'verified' : known.verified;
    const newest = goesOn && known.list.version > list.version ? known : { name: signed ?? '', list };
    byAccount.set(account, {
      account,
      identity,
      verified,
      name: newest.name,
      since: goesOn ? known.since : (since ?? 0),
      list: newest.list,
    });
  }
  const list = content.list.version < own.version ? own : content.list;
  const contacts = [...byAccount.values()];
  const same =
    list === content.list &&
    contacts.length === content.contacts.length &&
    contacts.every((contact, index) => contact === content.contacts[index]);
  return same ? content : { ...content, list, contacts };
}
