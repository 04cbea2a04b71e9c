import { type ListLookup, VerificationError, type VerifiedList, verifyDeviceLists } from '@sotto/crypto';
import { type AccountId, type Bytes, equalBytes } from '@sotto/protocol';
import type { Storage } from '../../seams/index.ts';

/** K3: the verified device lists of everyone, from the store, kept in memory once read. */
export class DeviceLists {
  readonly #storage: Storage;
  readonly #known = new Map<AccountId, VerifiedList[]>();

  constructor(storage: Storage) {
    this.#storage = storage;
  }

  readonly lookup: ListLookup = async (account, version) => {
    const lists = await this.#of(account);
    return version === 0 ? lists.at(-1) : lists.find((known) => known.list.version === version);
  };

  /** The newest version in memory, for synchronous views; undefined where not read yet. */
  peek(account: AccountId): VerifiedList | undefined {
    return this.#known.get(account)?.at(-1);
  }

  async newest(account: AccountId): Promise<VerifiedList | null> {
    return (await this.#of(account)).at(-1) ?? null;
  }

  /**
   * Verifies and stores further versions on top of what is known.
   * @param pinned K4: identity that must not change; null at first sight
   * @throws VerificationError K3, K4
   */
  async extend(account: AccountId, signed: readonly Bytes[], pinned: Bytes | null): Promise<VerifiedList[]> {
    const known = await this.#of(account);
    const fresh = await verifyDeviceLists(known.at(-1) ?? null, signed, account);
    if (pinned && fresh.some((list) => !equalBytes(list.list.identity, pinned))) {
      throw new VerificationError('K4', 'identity_changed', 'the account shows another identity key');
    }
    if (fresh.length > 0) await this.#write(account, fresh, false);
    return fresh;
  }

  /** K4: the user accepted another identity; its lists take the place of the old ones. */
  async replace(account: AccountId, signed: readonly Bytes[]): Promise<VerifiedList> {
    const fresh = await verifyDeviceLists(null, signed, account);
    const newest = fresh.at(-1);
    if (!newest) throw new VerificationError('K3', 'missing_list', 'the account shows no device list');
    await this.#write(account, fresh, true);
    return newest;
  }

  /** Forgets what is in memory: another tab wrote. */
  forget(): void {
    this.#known.clear();
  }

  async #of(account: AccountId): Promise<VerifiedList[]> {
    const known = this.#known.get(account);
    if (known) return known;
    const rows = await this.#storage.transaction(['lists'], 'read', (tx) =>
      tx.range<VerifiedList>('lists', { prefix: [account] }),
    );
    this.#known.set(account, rows);
    return rows;
  }

  async #write(account: AccountId, fresh: readonly VerifiedList[], replace: boolean): Promise<void> {
    const old = await this.#of(account);
    await this.#storage.transaction(['lists'], 'write', async (tx) => {
      if (replace) for (const list of old) await tx.delete('lists', [account, list.list.version]);
      for (const list of fresh) await tx.put('lists', [account, list.list.version], list);
    });
    this.#known.set(account, replace ? [...fresh] : [...old, ...fresh]);
  }
}
