import {
  type ListLookup,
  type ListSeen,
  VerificationError,
  type VerifiedList,
  verifyDeviceLists,
} from '@sotto/crypto';
import { type AccountId, type Bytes, type DeviceId, type DeviceList, equalBytes } from '@sotto/protocol';
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

  /** True where any verified version lists the device. */
  async everHad(account: AccountId, device: DeviceId): Promise<boolean> {
    const lists = await this.#of(account);
    return lists.some(({ list }) => list.devices.some((listed) => listed.device === device));
  }

  /** All verified versions, oldest first. */
  async all(account: AccountId): Promise<readonly VerifiedList[]> {
    return this.#of(account);
  }

  async newest(account: AccountId): Promise<VerifiedList | null> {
    return (await this.#of(account)).at(-1) ?? null;
  }

  /**
   * Verifies further versions of several accounts on top of what is known, and stores them as one.
   * @param asked.after newest version known when they were asked for; 0 for none
   * @param asked.pinned K4: identity that must not change; null at first sight
   * @param asked.floor attack 52: a list that another device of this account has seen; null for none
   * @returns for each account what is new, or the rule its lists broke (K3, K4)
   */
  async extend(
    asked: readonly {
      account: AccountId;
      after: number;
      signed: readonly Bytes[];
      pinned: Bytes | null;
      floor: ListSeen | null;
    }[],
  ): Promise<Map<AccountId, VerifiedList[] | VerificationError>> {
    const results = new Map<AccountId, VerifiedList[] | VerificationError>();
    /** K4: what came before a break is the history of the identity that is known; old headers name it. */
    const before = new Map<AccountId, VerifiedList[] | VerificationError>();
    for (const { account, after, signed, pinned, floor } of asked) {
      try {
        const lists = await this.#of(account);
        const known = lists.at(-1) ?? null;
        // Asked for twice at the same time: what came with the other answer is no older list. What was known when it was
        // asked is one (attack 10).
        const meanwhile = lists.filter(({ list }) => list.version > after);
        const unknown = signed.filter((bytes) => !meanwhile.some((list) => equalBytes(list.signed, bytes)));
        const fresh = await verifyDeviceLists(known, unknown, account, 'follow');
        const sound = soundPart(known, fresh, pinned);
        if (sound.length < fresh.length) {
          before.set(account, sound);
          throw new VerificationError('K4', 'identity_changed', 'the account shows another identity key');
        }
        if (floor) reaches(account, [...lists, ...fresh], floor);
        results.set(account, fresh);
      } catch (error) {
        if (!(error instanceof VerificationError)) throw error;
        results.set(account, error);
      }
    }
    await this.#store(before);
    await this.#store(results);
    return results;
  }

  /** K4: the user accepted another identity; its lists, verified, take the place of the old ones. */
  async replace(account: AccountId, lists: readonly VerifiedList[]): Promise<void> {
    const old = await this.#of(account);
    await this.#storage.transaction(['lists'], 'write', async (tx) => {
      for (const list of old) await tx.delete('lists', [account, list.list.version]);
      for (const list of lists) await tx.put('lists', [account, list.list.version], list);
    });
    this.#known.set(account, [...lists]);
  }

  /** Forgets an account's lists: they belonged to an identity that counts no more. */
  async drop(account: AccountId): Promise<void> {
    const old = await this.#of(account);
    await this.#storage.transaction(['lists'], 'write', async (tx) => {
      for (const list of old) await tx.delete('lists', [account, list.list.version]);
    });
    this.#known.set(account, []);
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

  async #store(results: Map<AccountId, VerifiedList[] | VerificationError>): Promise<void> {
    const fresh = [...results].flatMap(([account, result]) =>
      result instanceof VerificationError || result.length === 0 ? [] : [{ account, lists: result }],
    );
    if (fresh.length === 0) return;
    const clashes = await this.#storage.transaction(['lists'], 'write', async (tx) => {
      const clashing: AccountId[] = [];
      for (const { account, lists } of fresh) {
        for (const list of lists) {
          const { version } = list.list;
          const stored = await tx.get<VerifiedList>('lists', [account, version]);
          // Attack 4: verified twice at the same time, or by another tab, it has to be the same list.
          if (stored && !equalBytes(stored.hash, list.hash)) clashing.push(account);
          else await tx.put('lists', [account, version], list);
        }
      }
      return clashing;
    });
    for (const { account, lists } of fresh) {
      if (clashes.includes(account)) {
        const what = 'two device lists with one version';
        results.set(account, new VerificationError('K3', 'bad_list', what));
        continue;
      }
      const known = this.#known.get(account) ?? [];
      const added = lists.filter(({ list }) => known.every((one) => one.list.version !== list.version));
      this.#known.set(account, [...known, ...added]);
    }
  }
}

/** Attack 52: what another device of this account has seen must be among them. @throws VerificationError K3 */
function reaches(account: AccountId, lists: readonly VerifiedList[], floor: ListSeen): void {
  const newest = lists.at(-1)?.list;
  if ((newest?.version ?? 0) < floor.version) throw olderList(newest, { account, version: floor.version });
  const same = lists.find(({ list }) => list.version === floor.version);
  if (same && equalBytes(same.hash, floor.hash)) return;
  const what = 'another device of this account was shown another list of this version';
  throw new VerificationError('K3', 'bad_list', what);
}

/** Attack 52: newer lists exist than the server shows. */
export function olderList(
  shown: DeviceList | undefined,
  seen: { readonly account: AccountId; readonly version: number },
): VerificationError {
  const what = `the server shows version ${shown?.version ?? 0} of a device list, and ${seen.version} was seen`;
  return new VerificationError('K3', 'old_list', what, {
    differs: seen,
    ...(shown ? { since: shown.at } : {}),
  });
}

/**
 * K4: the versions that may be taken. On top of a known list its identity goes on; from the beginning, an account may
 * have started over in between, as long as the newest identity is the pinned one, or none is pinned yet.
 */
function soundPart(
  known: VerifiedList | null,
  fresh: readonly VerifiedList[],
  pinned: Bytes | null,
): VerifiedList[] {
  const carries = (identity: Bytes) => (list: VerifiedList) => equalBytes(list.list.identity, identity);
  if (known) {
    const goesOn = carries(known.list.identity);
    if (pinned && !equalBytes(pinned, known.list.identity)) return [];
    const end = fresh.findIndex((list) => !goesOn(list));
    return end < 0 ? [...fresh] : fresh.slice(0, end);
  }
  return pinned ? fresh.slice(0, fresh.findLastIndex(carries(pinned)) + 1) : [...fresh];
}
