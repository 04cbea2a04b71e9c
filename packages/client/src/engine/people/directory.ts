import { signingKeyOf, VerificationError, type VerifiedExchangeKey, verifyExchangeKey } from '@sotto/crypto';
import {
  type AccountId,
  type AccountKeys,
  type Bytes,
  fromBase64Url,
  KeysSchema,
  LIMITS,
  PATHS,
  PeopleSchema,
  type Presence,
} from '@sotto/protocol';
import type { Clock, Storage } from '../../seams/index.ts';
import type { Person, Trust } from '../../state.ts';
import type { SignedCalls } from '../calls.ts';
import type { LazyWrites } from '../lazy-writes.ts';
import type { PersonRow, SelfRow } from '../rows.ts';
import { DeviceLists } from './lists.ts';

/** Something about a person's keys broke a rule; the engine tells the user. */
export interface KeyProblem {
  readonly account: AccountId;
  readonly error: VerificationError;
}

interface Handlers {
  onChange(): void;
  onProblem(problem: KeyProblem): void;
}

/** People: names, presence, pinned identities (K4) and verified device lists (K3). */
export class Directory {
  readonly lists: DeviceLists;
  readonly #storage: Storage;
  readonly #calls: SignedCalls;
  readonly #clock: Clock;
  readonly #self: SelfRow;
  readonly #handlers: Handlers;
  readonly #lazy: LazyWrites;
  readonly #people = new Map<AccountId, PersonRow>();
  readonly #online = new Set<AccountId>();
  #view: ReadonlyMap<AccountId, Person> | null = null;

  constructor(
    own: { storage: Storage; lazy: LazyWrites; self: SelfRow },
    outside: { calls: SignedCalls; clock: Clock },
    handlers: Handlers,
  ) {
    this.#storage = own.storage;
    this.#lazy = own.lazy;
    this.#self = own.self;
    this.#calls = outside.calls;
    this.#clock = outside.clock;
    this.#handlers = handlers;
    this.lists = new DeviceLists(own.storage);
  }

  async load(): Promise<void> {
    const rows = await this.#storage.transaction(['people'], 'read', (tx) =>
      tx.range<PersonRow>('people', { prefix: [] }),
    );
    this.#people.clear();
    for (const row of rows) this.#people.set(row.account, row);
    this.#changed();
  }

  /** Everyone but this account, as the interface sees them; the same object until something changes. */
  view(): ReadonlyMap<AccountId, Person> {
    this.#view ??= new Map(
      [...this.#people.values()]
        .filter((row) => row.account !== this.#self.account)
        .map((row) => [row.account, { ...row, online: this.#online.has(row.account) }]),
    );
    return this.#view;
  }

  nameOf(account: AccountId): string {
    if (account === this.#self.account) return this.#self.name;
    return this.#people.get(account)?.name || '?';
  }

  isOnline(account: AccountId): boolean {
    return this.#online.has(account);
  }

  trustOf(account: AccountId): Trust {
    return account === this.#self.account ? 'verified' : (this.#people.get(account)?.trust ?? 'unverified');
  }

  identityOf(account: AccountId): Bytes | null {
    if (account === this.#self.account) return this.#self.identity;
    return this.#people.get(account)?.identity ?? null;
  }

  /** Reads the whole directory from the server. */
  async refresh(): Promise<void> {
    const { people } = await this.#calls.get(PATHS.people, PeopleSchema);
    for (const person of people) this.#presence(person);
    this.met(people);
  }

  /** Names of people, as the server tells them. */
  met(people: readonly { account: AccountId; name: string; seen?: number | null }[]): void {
    const fresh: PersonRow[] = [];
    for (const { account, name, seen } of people) {
      const old = this.#people.get(account);
      if (old && old.name === name && (seen === undefined || old.seen === seen)) continue;
      fresh.push({
        account,
        name,
        identity: old?.identity ?? null,
        trust: old?.trust ?? 'unverified',
        seen: seen ?? old?.seen ?? null,
      });
    }
    this.#writeLater(fresh);
    this.#changed();
  }

  setOnline(accounts: readonly AccountId[]): void {
    this.#online.clear();
    for (const account of accounts) this.#online.add(account);
    this.#changed();
  }

  setOffline(): void {
    this.#online.clear();
    this.#changed();
  }

  applyPresence(people: readonly Presence[]): void {
    const fresh: PersonRow[] = [];
    for (const person of people) {
      this.#presence(person);
      const row = this.#people.get(person.account);
      if (row && person.seen !== null && row.seen !== person.seen) fresh.push({ ...row, seen: person.seen });
    }
    this.#writeLater(fresh);
    this.#changed();
  }

  /**
   * Fetches and verifies the newest lists and exchange keys. Whose identity changed is marked (K4) and has no
   * keys here; a key that breaks a rule is left out and reported, an expired one only left out (attack 12).
   * @returns usable exchange keys by account
   */
  async fetchKeys(accounts: readonly AccountId[]): Promise<Map<AccountId, VerifiedExchangeKey[]>> {
    const usable = new Map<AccountId, VerifiedExchangeKey[]>();
    for (const entry of await this.#ask(accounts)) usable.set(entry.account, await this.#takeKeys(entry));
    return usable;
  }

  /** Fetches and verifies the newest lists only. */
  async fetchLists(accounts: readonly AccountId[]): Promise<void> {
    for (const { account, lists } of await this.#ask(accounts)) {
      await this.#takeLists(account, lists.map(bytesOf));
    }
  }

  async #ask(accounts: readonly AccountId[]): Promise<AccountKeys[]> {
    const answers: AccountKeys[] = [];
    for (let from = 0; from < accounts.length; from += LIMITS.keyBatch) {
      const batch = accounts.slice(from, from + LIMITS.keyBatch);
      const asked = await Promise.all(
        batch.map(async (account) => ({
          account,
          after: (await this.lists.newest(account))?.list.version ?? 0,
        })),
      );
      const answer = await this.#calls.post(PATHS.keys, { accounts: asked }, KeysSchema);
      const given = answer.accounts.filter((entry) => batch.includes(entry.account));
      this.met(given.filter((entry) => entry.account !== this.#self.account));
      answers.push(...given);
    }
    return answers;
  }

  async #takeKeys(entry: AccountKeys): Promise<VerifiedExchangeKey[]> {
    const { account } = entry;
    if (!(await this.#takeLists(account, entry.lists.map(bytesOf)))) return [];
    const newest = await this.lists.newest(account);
    if (!newest) return [];
    const keys: VerifiedExchangeKey[] = [];
    for (const { device, key } of entry.keys) {
      const listed = newest.list.devices.find((d) => d.device === device);
      const signing = listed && signingKeyOf(newest.list, listed.device);
      if (!listed || !signing) continue; // attack 1: only listed devices exist
      try {
        keys.push(
          await verifyExchangeKey(bytesOf(key), {
            account,
            device: listed.device,
            signing,
            now: this.#clock.now(),
          }),
        );
      } catch (error) {
        if (!(error instanceof VerificationError)) throw error;
        if (error.code !== 'expired_key') this.#handlers.onProblem({ account, error });
      }
    }
    return keys;
  }

  /** @returns false where the lists may not be used */
  async #takeLists(account: AccountId, signed: readonly Bytes[]): Promise<boolean> {
    if (this.trustOf(account) === 'changed') return false;
    try {
      const fresh = await this.lists.extend(account, signed, this.identityOf(account));
      const identity = fresh.at(-1)?.list.identity;
      if (identity && account !== this.#self.account) await this.#pin(account, identity);
      if (fresh.length > 0) this.#changed();
      return true;
    } catch (error) {
      if (!(error instanceof VerificationError)) throw error;
      if (error.code === 'identity_changed' && account !== this.#self.account) {
        await this.#mark(account, { trust: 'changed' });
      }
      this.#handlers.onProblem({ account, error });
      return false;
    }
  }

  /** K4: goes on with the identity that the server shows now, as the user decided. */
  async acceptIdentity(account: AccountId): Promise<void> {
    const answer = await this.#calls.post(PATHS.keys, { accounts: [{ account, after: 0 }] }, KeysSchema);
    const entry = answer.accounts.find((given) => given.account === account);
    const newest = await this.lists.replace(account, (entry?.lists ?? []).map(bytesOf));
    await this.#mark(account, { identity: newest.list.identity, trust: 'unverified' });
  }

  setVerified(account: AccountId, verified: boolean): Promise<void> {
    return this.#mark(account, { trust: verified ? 'verified' : 'unverified' });
  }

  async #pin(account: AccountId, identity: Bytes): Promise<void> {
    if (this.identityOf(account) === null) await this.#mark(account, { identity });
  }

  async #mark(account: AccountId, change: Partial<PersonRow>): Promise<void> {
    const old = this.#people.get(account) ?? {
      account,
      name: '',
      identity: null,
      trust: 'unverified' as const,
      seen: null,
    };
    await this.#write([{ ...old, ...change }]);
    this.#changed();
  }

  #presence(person: { account: AccountId; online: boolean }): void {
    if (person.online) this.#online.add(person.account);
    else this.#online.delete(person.account);
  }

  async #write(rows: readonly PersonRow[]): Promise<void> {
    await this.#storage.transaction(['people'], 'write', async (tx) => {
      for (const row of rows) await tx.put('people', [row.account], row);
    });
    this.#writeLater(rows); // whatever older row still waits must not come after this one
  }

  /** For names and presence; pins and trust are written at once. */
  #writeLater(rows: readonly PersonRow[]): void {
    for (const row of rows) {
      this.#people.set(row.account, row);
      this.#lazy.put('people', [row.account], row);
    }
  }

  #changed(): void {
    this.#view = null;
    this.#handlers.onChange();
  }
}

function bytesOf(text: string): Bytes {
  const bytes = fromBase64Url(text);
  if (!bytes) throw new VerificationError('K3', 'malformed', 'expected base64url');
  return bytes;
}
