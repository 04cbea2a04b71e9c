import { signingKeyOf, VerificationError, type VerifiedExchangeKey } from '@sotto/crypto';
import {
  type AccountId,
  type AccountKeys,
  type Bytes,
  equalBytes,
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
import { KnownKeys } from './known-keys.ts';
import { DeviceLists } from './lists.ts';
import { PeopleRows, stranger } from './people-rows.ts';

/** Something about a person's keys broke a rule; the engine tells the user. */
export interface KeyProblem {
  readonly account: AccountId;
  readonly error: VerificationError;
}

/** An answer, and what was known when it was asked for. */
interface Answered extends AccountKeys {
  /** Newest list version then; 0 for none. */
  readonly after: number;
}

interface Handlers {
  onChange(): void;
  onProblem(problem: KeyProblem): void;
  /** A pin or a verification is new: the vault is to have it. */
  onContact(): void;
}

/** People: names, presence, pinned identities (K4) and verified device lists (K3). */
export class Directory {
  readonly lists: DeviceLists;
  readonly #calls: SignedCalls;
  readonly #clock: Clock;
  readonly #self: SelfRow;
  readonly #handlers: Handlers;
  readonly #people: PeopleRows;
  readonly #keys = new KnownKeys();
  readonly #online = new Set<AccountId>();
  #view: ReadonlyMap<AccountId, Person> | null = null;

  constructor(
    own: { storage: Storage; lazy: LazyWrites; self: SelfRow },
    outside: { calls: SignedCalls; clock: Clock },
    handlers: Handlers,
  ) {
    this.#people = new PeopleRows(own.storage, own.lazy);
    this.#self = own.self;
    this.#calls = outside.calls;
    this.#clock = outside.clock;
    this.#handlers = handlers;
    this.lists = new DeviceLists(own.storage);
  }

  async load(): Promise<void> {
    await this.#people.load();
    this.#changed();
  }

  /** Everyone but this account, as the interface sees them; the same object until something changes. */
  view(): ReadonlyMap<AccountId, Person> {
    this.#view ??= new Map(
      this.#people
        .all()
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
    await this.#catchUp(people);
  }

  /** K3, K4: lists that moved on while this device was away, of those whose keys it uses. */
  async #catchUp(people: readonly { account: AccountId; list?: number | undefined }[]): Promise<void> {
    const moved: AccountId[] = [];
    for (const { account, list = 0 } of people) {
      const known = (await this.lists.newest(account))?.list.version;
      if (known !== undefined && list > known) moved.push(account);
    }
    if (moved.length > 0) await this.fetchLists(moved);
  }

  /** Names of people, as the server tells them. */
  met(people: readonly { account: AccountId; name: string; seen?: number | null }[]): void {
    const fresh: PersonRow[] = [];
    for (const { account, name, seen } of people) {
      const old = this.#people.get(account);
      if (old && old.name === name && (seen === undefined || old.seen === seen)) continue;
      fresh.push({ ...(old ?? stranger(account)), name, seen: seen ?? old?.seen ?? null });
    }
    this.#people.writeLater(fresh);
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
    this.#people.writeLater(fresh);
    this.#changed();
  }

  /**
   * Fetches and verifies the newest lists and exchange keys. Whose identity changed is marked (K4) and has no
   * keys here; a key that breaks a rule is left out and reported, an expired one only left out (attack 12).
   * @returns usable exchange keys by account
   */
  async fetchKeys(accounts: readonly AccountId[]): Promise<Map<AccountId, VerifiedExchangeKey[]>> {
    const answers = await this.#ask(accounts);
    const sound = await this.#takeLists(answers);
    // At once: each signature is verified on a thread of the platform, where it has some.
    const taken = answers.map(
      async (entry) => [entry.account, sound.has(entry.account) ? await this.#takeKeys(entry) : []] as const,
    );
    return new Map(await Promise.all(taken));
  }

  /** Fetches and verifies the newest lists only. */
  async fetchLists(accounts: readonly AccountId[]): Promise<void> {
    await this.#takeLists(await this.#ask(accounts));
  }

  async #ask(accounts: readonly AccountId[]): Promise<Answered[]> {
    const answers: Answered[] = [];
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
      for (const entry of given) {
        answers.push({ ...entry, after: asked.find((a) => a.account === entry.account)?.after ?? 0 });
      }
    }
    return answers;
  }

  async #takeKeys(entry: AccountKeys): Promise<VerifiedExchangeKey[]> {
    const { account } = entry;
    const newest = await this.lists.newest(account);
    if (!newest) return [];
    const keys: VerifiedExchangeKey[] = [];
    for (const { device, key } of entry.keys) {
      const listed = newest.list.devices.find((d) => d.device === device);
      const signing = listed && signingKeyOf(newest.list, listed.device);
      if (!listed || !signing) {
        // Attack 1: only devices in the signed list exist. One that was taken off meanwhile is no ghost.
        if (!(await this.lists.everHad(account, device))) {
          const what = 'the server shows a key of a device that is in no list the account signed';
          const error = new VerificationError('K3', 'unknown_device', what);
          this.#handlers.onProblem({ account, error });
        }
        continue;
      }
      try {
        keys.push(
          await this.#keys.verify(key, {
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

  /** @returns accounts whose lists may be used */
  async #takeLists(entries: readonly Answered[]): Promise<Set<AccountId>> {
    const asked = entries
      .filter(({ account }) => this.trustOf(account) !== 'changed')
      .map(({ account, lists, after }) => ({
        account,
        after,
        signed: lists.map(bytesOf),
        pinned: this.identityOf(account),
      }));
    const sound = new Set<AccountId>();
    const pins: PersonRow[] = [];
    for (const [account, result] of await this.lists.extend(asked)) {
      if (result instanceof VerificationError) {
        await this.#unsound(account, result);
        continue;
      }
      sound.add(account);
      const identity = result.at(-1)?.list.identity;
      if (identity && this.identityOf(account) === null) {
        pins.push({ ...(this.#people.get(account) ?? stranger(account)), identity, unsynced: 'pin' });
      }
    }
    await this.#pin(pins);
    if (asked.length > 0) this.#changed();
    return sound;
  }

  async #unsound(account: AccountId, error: VerificationError): Promise<void> {
    if (error.code === 'identity_changed' && account !== this.#self.account) {
      await this.#mark(account, { trust: 'changed' });
    }
    this.#handlers.onProblem({ account, error });
  }

  /** K4: goes on with the identity that the server shows now, as the user decided. */
  async acceptIdentity(account: AccountId): Promise<void> {
    const answer = await this.#calls.post(PATHS.keys, { accounts: [{ account, after: 0 }] }, KeysSchema);
    const entry = answer.accounts.find((given) => given.account === account);
    const newest = await this.lists.replace(account, (entry?.lists ?? []).map(bytesOf));
    await this.#mark(account, { identity: newest.list.identity, trust: 'unverified', unsynced: 'decision' });
    this.#handlers.onContact();
  }

  async setVerified(account: AccountId, verified: boolean): Promise<void> {
    await this.#mark(account, { trust: verified ? 'verified' : 'unverified', unsynced: 'decision' });
    this.#handlers.onContact();
  }

  /** K5: pins and verifications that the vault does not have yet. */
  unsynced(): PersonRow[] {
    return this.#people.all().filter((row) => row.unsynced && row.trust !== 'changed');
  }

  /** The vault has these now, unless they changed again meanwhile. */
  async synced(rows: readonly PersonRow[]): Promise<void> {
    for (const row of rows) {
      const now = this.#people.get(row.account);
      if (now && now.identity === row.identity && now.trust === row.trust) {
        await this.#mark(row.account, { unsynced: null });
      }
    }
  }

  /** K4, K5: what the user decided on another device holds here too. */
  async applyContacts(
    contacts: readonly { account: AccountId; identity: Bytes; verified: boolean }[],
  ): Promise<void> {
    for (const { account, identity, verified } of contacts) {
      const row = this.#people.get(account);
      if (row?.unsynced === 'decision' || account === this.#self.account) continue;
      const trust: Trust = verified ? 'verified' : 'unverified';
      if (row?.identity && equalBytes(row.identity, identity)) {
        if (row.trust !== 'changed' && (row.trust !== trust || row.unsynced)) {
          await this.#mark(account, { trust, unsynced: null });
        }
        continue;
      }
      // Pinned elsewhere, or accepted there as changed: lists of any other identity count no more.
      if (row?.identity) await this.lists.drop(account);
      await this.#mark(account, { identity, trust, unsynced: null });
    }
  }

  async #pin(rows: readonly PersonRow[]): Promise<void> {
    if (rows.length === 0) return;
    await this.#people.pin(rows);
    this.#changed();
    this.#handlers.onContact();
  }

  async #mark(account: AccountId, change: Partial<PersonRow>): Promise<void> {
    await this.#people.mark(account, change);
    this.#changed();
  }

  #presence(person: { account: AccountId; online: boolean }): void {
    if (person.online) this.#online.add(person.account);
    else this.#online.delete(person.account);
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
