import type { Platform } from '../../seams/index.ts';
import type { Self } from '../../state.ts';
import type { RoomContext } from '../rooms/context.ts';
import type { SelfRow } from '../rows.ts';
import type { AccountUpkeep } from './upkeep.ts';

interface Needs extends Pick<RoomContext, 'bus' | 'clock' | 'keys' | 'storage'> {
  readonly upkeep: AccountUpkeep;
}

/** The account itself, as it rests here and is shown: it may get another name, and a guest a password. */
export class OwnAccount {
  #row: SelfRow;
  readonly #context: Needs;
  readonly #host: Platform['host'];

  constructor(context: Needs, host: Platform['host']) {
    this.#row = context.keys.self;
    this.#context = context;
    this.#host = host;
    context.bus.on('own-name', ({ name }) => this.#renamed(name));
  }

  get row(): SelfRow {
    return this.#row;
  }

  get view(): Self {
    const { standing, content } = this.#context.upkeep.keeper;
    return { ...this.#row, vault: standing, recoverable: (content?.phraseKey ?? null) !== null };
  }

  /** What rests on this device is another now: a guest became an account, or a vault was opened. */
  became(row: SelfRow): void {
    this.#row = row;
    this.#context.bus.emit({ type: 'account-changed' });
  }

  /** K3: what the account's own newest list says; here, or on another of its devices, the user chose it. */
  async #renamed(name: string): Promise<void> {
    if (name === this.#row.name) return;
    const { bus, clock, storage } = this.#context;
    this.#row = { ...this.#row, name };
    const { account, kind, identity } = this.#row;
    await storage.transaction(['meta'], 'write', (tx) => tx.put('meta', ['self'], this.#row));
    await this.#host.saveProfile({ account, name, kind, identity, lastUsed: clock.now() });
    bus.emit({ type: 'people-changed' });
  }
}
