import type { AccountId } from '@sotto/protocol';
import type { Storage } from '../../seams/index.ts';
import type { Bus } from '../bus.ts';
import type { LazyWrites } from '../lazy-writes.ts';
import type { PersonRow } from '../rows.ts';

export const stranger = (account: AccountId): PersonRow => ({
  account,
  name: '',
  signed: null,
  identity: null,
  since: null,
  trust: 'unverified',
  seen: null,
  list: null,
});

/** The rows of people: names and presence are written lazily, pins and trust (K4) at once and never undone by them. */
export class PeopleRows {
  readonly #storage: Storage;
  readonly #lazy: LazyWrites;
  readonly #bus: Bus;
  readonly #rows = new Map<AccountId, PersonRow>();

  constructor(storage: Storage, lazy: LazyWrites, bus: Bus) {
    this.#storage = storage;
    this.#lazy = lazy;
    this.#bus = bus;
  }

  async load(): Promise<void> {
    const rows = await this.#storage.transaction(['people'], 'read', (tx) =>
      tx.range<PersonRow>('people', { prefix: [] }),
    );
    for (const row of rows) this.#keep(row);
  }

  all(): PersonRow[] {
    return [...this.#rows.values()];
  }

  get(account: AccountId): PersonRow | undefined {
    return this.#rows.get(account);
  }

  /**
   * Pins and trust: merged into the stored row, so that no other change of it is lost.
   * @param change sees the stored row, another tab's decision in it; what it throws leaves everything as it is
   */
  async mark(account: AccountId, change: (stored: PersonRow) => Partial<PersonRow>): Promise<void> {
    const changed = await this.#storage.transaction(['people'], 'write', async (tx) => {
      const stored = (await tx.get<PersonRow>('people', [account])) ?? stranger(account);
      const part = change(stored);
      await tx.put<PersonRow>('people', [account], { ...stored, ...part });
      return part;
    });
    this.#keep({ ...(this.#rows.get(account) ?? stranger(account)), ...changed });
  }

  /** K4: identities seen for the first time, stored as one. */
  async pin(rows: readonly PersonRow[]): Promise<void> {
    await this.#storage.transaction(['people'], 'write', async (tx) => {
      for (const { account, identity, since, signed, list, unsynced = null } of rows) {
        const stored = await tx.get<PersonRow>('people', [account]);
        const row = stored ?? this.#rows.get(account) ?? stranger(account);
        await tx.put<PersonRow>('people', [account], { ...row, identity, since, signed, list, unsynced });
      }
    });
    for (const row of rows) this.#keep(row);
  }

  /** For names and presence, which never touch pins and trust. */
  writeLater(rows: readonly PersonRow[]): void {
    for (const row of rows) {
      const { account, name, seen } = row;
      this.#rows.set(account, row);
      this.#lazy.merge<PersonRow>('people', [account], (stored) => ({ ...(stored ?? row), name, seen }));
    }
  }

  #keep(row: PersonRow): void {
    const { account, trust } = row;
    const before = this.#rows.get(account)?.trust ?? trust;
    this.#rows.set(account, row);
    if (before !== trust) this.#bus.emit({ type: 'trust', account, before, trust });
  }
}
