import {
  type ListSeen,
  seenOf,
  signingKeyOf,
  type VaultContact,
  type VaultContent,
  VerificationError,
  type VerifiedExchangeKey,
  type VerifiedList,
  verifyDeviceLists,
} from '@sotto/crypto';
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
  shownName,
} from '@sotto/protocol';
import type { Clock, Storage } from '../../seams/index.ts';
import type { Person, Trust } from '../../state.ts';
import type { Bus } from '../bus.ts';
import type { SignedCalls } from '../calls.ts';
import { confirmed } from '../confirmed.ts';
import type { LazyWrites } from '../lazy-writes.ts';
import type { PersonRow, SelfRow } from '../rows.ts';
import { KnownKeys, OLDER_KEY } from './known-keys.ts';
import { DeviceLists } from './lists.ts';
import { PeopleRows, stranger } from './people-rows.ts';
import { ShownNames } from './shown-names.ts';

/** An answer, and what was known when it was asked for. */
interface Answered extends AccountKeys {
  /** Newest list version then; 0 for none. */
  readonly after: number;
}

interface Needs {
  readonly bus: Bus;
  readonly storage: Storage;
  readonly clock: Clock;
  readonly lazy: LazyWrites;
  readonly calls: Pick<SignedCalls, 'get' | 'post' | 'serverTime'>;
  readonly keys: { readonly self: SelfRow };
}

/** People: names, presence, pinned identities (K4) and verified device lists (K3). */
export class Directory {
  readonly lists: DeviceLists;
  readonly #calls: Needs['calls'];
  readonly #clock: Clock;
  readonly #self: SelfRow;
  readonly #bus: Bus;
  readonly #people: PeopleRows;
  readonly #keys: KnownKeys;
  readonly #online = new Set<AccountId>();
  readonly #names = new ShownNames(() => this.#changed());
  #view: ReadonlyMap<AccountId, Person> | null = null;

  constructor({ bus, storage, clock, lazy, calls, keys }: Needs) {
    this.#people = new PeopleRows(storage, lazy, bus);
    this.#self = keys.self;
    this.#calls = calls;
    this.#clock = clock;
    this.#bus = bus;
    this.lists = new DeviceLists(storage);
    this.#keys = new KnownKeys(storage);
    bus.on('connection', ({ status: { status } }) => {
      if (status === 'offline' || status === 'refused') this.#setOffline();
    });
  }

  async load(): Promise<void> {
    await this.#people.load();
    this.#changed();
  }

  /** Everyone but this account, as the interface sees them; the same object until something changes. */
  view(): ReadonlyMap<AccountId, Person> {
    this.#view ??= this.#makeView();
    return this.#view;
  }

  nameOf(account: AccountId): string {
    if (account === this.#self.account) return this.lists.peek(account)?.list.name ?? this.#self.name;
    return this.#names.nameOf(this.#people.get(account) ?? stranger(account));
  }

  #makeView(): ReadonlyMap<AccountId, Person> {
    const { account: own, identity: mine } = this.#self;
    const rows = this.#people.all().filter(({ account }) => account !== own);
    const self: PersonRow = { ...stranger(own), signed: this.nameOf(own), identity: mine, trust: 'verified' };
    const alike = this.#names.resemblances(rows, self);
    return new Map(
      rows.map((row) => {
        const { account, name, signed, identity, trust, seen } = row;
        const claimed = signed !== null && name !== '' && name !== signed ? shownName(name) || null : null;
        const shown = { name: this.#names.nameOf(row), claimed, looksLike: alike.get(account) ?? null };
        return [account, { account, ...shown, identity, trust, seen, online: this.#online.has(account) }];
      }),
    );
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

  #setOffline(): void {
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
   * keys here; a key that breaks a rule or goes back (attack 43) is left out and reported, an expired one only left out
   * (attack 12).
   * @returns usable exchange keys by account
   */
  async fetchKeys(accounts: readonly AccountId[]): Promise<Map<AccountId, VerifiedExchangeKey[]>> {
    const answers = await this.#ask(accounts);
    const sound = await this.#takeLists(answers);
    // At once: each signature is verified on a thread of the platform, where it has some.
    const taken = answers.map(
      async (entry) => [entry.account, sound.has(entry.account) ? await this.#takeKeys(entry) : []] as const,
    );
    const verified = await Promise.all(taken);
    const older = await this.#keys.takeOlder(verified.flatMap(([, keys]) => keys));
    for (const { key } of older) {
      const error = new VerificationError('K2', 'old_key', OLDER_KEY);
      this.#bus.emit({ type: 'key-problem', account: key.account, error });
    }
    return new Map(verified.map(([account, keys]) => [account, keys.filter((key) => !older.has(key))]));
  }

  /** Fetches and verifies the newest lists only. */
  async fetchLists(accounts: readonly AccountId[]): Promise<void> {
    await this.#takeLists(await this.#ask(accounts));
  }

  async #ask(accounts: readonly AccountId[]): Promise<Answered[]> {
    const answers: Answered[] = [];
    for (let from = 0; from < accounts.length; from += LIMITS.keyBatch) {
      const batch = accounts.slice(from, from + LIMITS.keyBatch);
      let asked = await Promise.all(
        batch.map(async (account) => ({
          account,
          after: (await this.lists.newest(account))?.list.version ?? 0,
        })),
      );
      for (;;) {
        const { accounts: given, more } = await this.#calls.post(PATHS.keys, { accounts: asked }, KeysSchema);
        const byAccount = new Map(given.map((entry) => [entry.account, entry]));
        for (const { account, after } of asked) {
          const entry = byAccount.get(account);
          if (entry) answers.push({ ...entry, after });
        }
        const left = asked.filter(({ account }) => !byAccount.has(account));
        if (!more || left.length === 0 || left.length === asked.length) break;
        asked = left;
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
          this.#bus.emit({ type: 'key-problem', account, error });
        }
        continue;
      }
      try {
        keys.push(
          await this.#keys.verify(key, {
            account,
            device: listed.device,
            signing,
            now: this.#calls.serverTime(),
          }),
        );
      } catch (error) {
        if (!(error instanceof VerificationError)) throw error;
        if (error.code !== 'expired_key') this.#bus.emit({ type: 'key-problem', account, error });
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
        floor: this.#people.get(account)?.list ?? null,
      }));
    const sound = new Set<AccountId>();
    const pins: PersonRow[] = [];
    for (const [account, result] of await this.lists.extend(asked)) {
      if (result instanceof VerificationError) {
        await this.#unsound(account, result);
        continue;
      }
      sound.add(account);
      const newest = await this.lists.newest(account);
      if (!newest) continue;
      const { identity, name: signed } = newest.list;
      const row = this.#people.get(account) ?? stranger(account);
      const list = seenOf(newest);
      const since = this.#clock.now();
      if (account === this.#self.account) {
        if (row.list?.version !== list.version) await this.#mark(account, { list });
        await this.#bus.settle({ type: 'own-name', name: signed });
      } else if (row.identity === null) {
        pins.push({ ...row, identity, since, signed, list, unsynced: 'pin' });
      } else if (row.list?.version !== list.version || row.signed !== signed) {
        await this.#mark(account, { signed, list, unsynced: row.unsynced ?? 'list' });
      } else continue;
      this.#bus.emit({ type: 'contact' });
    }
    await this.#pin(pins);
    if (asked.length > 0) this.#changed();
    return sound;
  }

  async #unsound(account: AccountId, error: VerificationError): Promise<void> {
    if (error.code === 'identity_changed' && account !== this.#self.account) {
      await this.#mark(account, { trust: 'changed' });
    }
    this.#bus.emit({ type: 'key-problem', account, error });
  }

  /** K4: the key people compare by: the pinned one, or the one that the server shows in its place. */
  async shownIdentity(account: AccountId): Promise<Bytes | null> {
    if (this.trustOf(account) === 'changed') return (await this.#candidate(account)).newest.list.identity;
    if (!this.identityOf(account)) await this.fetchKeys([account]);
    return this.identityOf(account);
  }

  /**
   * K4: goes on with the identity that the user saw, where it is still the one that the server shows.
   * @returns false where it is the known one already
   */
  async acceptIdentity(account: AccountId, identity: Bytes): Promise<boolean> {
    if (this.trustOf(account) !== 'changed') {
      confirmed(identity, this.identityOf(account));
      return false;
    }
    const { lists, newest } = await this.#candidate(account);
    confirmed(identity, newest.list.identity);
    await this.lists.replace(account, lists);
    const { name: signed } = newest.list;
    const list = seenOf(newest);
    await this.#mark(account, { identity, signed, list, trust: 'unverified', unsynced: 'decision' });
    this.#bus.emit({ type: 'contact' });
    return true;
  }

  /** K4: what the user found out about this very key. */
  async setVerified(account: AccountId, identity: Bytes, verified: boolean): Promise<void> {
    await this.#people.mark(account, ({ identity: pinned, trust }) => {
      confirmed(identity, trust === 'changed' ? null : pinned);
      return { trust: verified ? 'verified' : 'unverified', unsynced: 'decision' };
    });
    this.#changed();
    this.#bus.emit({ type: 'contact' });
  }

  /** The account's chain of lists as the server shows it now, from version 1. */
  async #candidate(account: AccountId): Promise<{ lists: readonly VerifiedList[]; newest: VerifiedList }> {
    const answer = await this.#calls.post(PATHS.keys, { accounts: [{ account, after: 0 }] }, KeysSchema);
    const entry = answer.accounts.find((given) => given.account === account);
    const lists = await verifyDeviceLists(null, (entry?.lists ?? []).map(bytesOf), account, 'follow');
    const newest = lists.at(-1);
    if (!newest) throw new VerificationError('K3', 'missing_list', 'the account shows no device list');
    return { lists, newest };
  }

  /** Attack 52: the newest list of the own account that this device knows of. */
  async ownList(): Promise<ListSeen> {
    const { account } = this.#self;
    const newest = await this.lists.newest(account);
    const seen = this.#people.get(account)?.list;
    if (newest && newest.list.version >= (seen?.version ?? 0)) return seenOf(newest);
    if (!seen) throw new VerificationError('K3', 'missing_list', 'the account’s own list is not here yet');
    return seen;
  }

  /** K5: pins, verifications and newer lists that the vault does not have yet. */
  unsynced(): PersonRow[] {
    const { account: own } = this.#self;
    return this.#people.all().filter((row) => row.unsynced && row.trust !== 'changed' && row.account !== own);
  }

  /** Attack 52: the vault lost what was decided: whom the user verified here is brought into it again. */
  async insist(): Promise<void> {
    const verified = this.#people.all().filter((row) => row.trust === 'verified' && !row.unsynced);
    for (const { account } of verified) {
      await this.#people.mark(account, ({ trust }) => (trust === 'verified' ? { unsynced: 'decision' } : {}));
    }
  }

  /** The vault has these now, unless they changed again meanwhile. */
  async synced(rows: readonly PersonRow[]): Promise<void> {
    for (const row of rows) {
      const now = this.#people.get(row.account);
      if (now && now.identity === row.identity && now.trust === row.trust && now.list === row.list) {
        await this.#mark(row.account, { unsynced: null });
      }
    }
  }

  /**
   * K4, K5: what the user decided on another device holds here too. Attack 52: so does what it has seen of lists: where
   * that is newer than what is known here, the server is asked for it, and told of where it has nothing.
   */
  async applyVault({ contacts, list }: Pick<VaultContent, 'contacts' | 'list'>): Promise<void> {
    const behind: AccountId[] = [];
    if (await this.#learn(this.#self.account, list)) behind.push(this.#self.account);
    for (const contact of contacts) {
      const { account, identity } = contact;
      const row = this.#people.get(account);
      if (row?.unsynced === 'decision' || account === this.#self.account) continue;
      // Pinned elsewhere, or accepted there as changed: lists of any other identity count no more.
      const another = row?.identity && !equalBytes(row.identity, identity);
      if (another) await this.lists.drop(account);
      if (row?.trust === 'changed' && !another) continue;
      await this.#takeContact(contact, another ? undefined : row);
      if (await this.#learn(account, contact.list)) behind.push(account);
    }
    if (behind.length > 0) await this.fetchLists(behind);
  }

  async #takeContact(contact: VaultContact, row: PersonRow | undefined): Promise<void> {
    const { account, identity, verified, name, since } = contact;
    const trust: Trust = verified ? 'verified' : 'unverified';
    // What this device saw since is told to the vault as before; a first sight is not: the vault knew better.
    const unsynced = row?.unsynced === 'list' ? 'list' : null;
    const signed = row?.signed ?? name;
    const known = row?.identity && row.trust === trust && row.since === since && row.signed === signed;
    if (known && (row.unsynced ?? null) === unsynced) return;
    await this.#mark(account, { identity, trust, since, signed, unsynced, list: row?.list ?? contact.list });
  }

  /** @returns true where a list is known here that does not reach as far; what is not known yet is asked for when needed */
  async #learn(account: AccountId, seen: ListSeen): Promise<boolean> {
    const row = this.#people.get(account);
    if ((row?.list?.version ?? 0) < seen.version) await this.#mark(account, { list: seen });
    const lists = await this.lists.all(account);
    if (lists.length === 0) return false;
    const same = lists.find(({ list }) => list.version === seen.version);
    return !same || !equalBytes(same.hash, seen.hash);
  }

  async #pin(rows: readonly PersonRow[]): Promise<void> {
    if (rows.length === 0) return;
    await this.#people.pin(rows);
    this.#changed();
    this.#bus.emit({ type: 'contact' });
  }

  async #mark(account: AccountId, change: Partial<PersonRow>): Promise<void> {
    await this.#people.mark(account, () => change);
    this.#changed();
  }

  #presence(person: { account: AccountId; online: boolean }): void {
    if (person.online) this.#online.add(person.account);
    else this.#online.delete(person.account);
  }

  #changed(): void {
    this.#view = null;
    this.#bus.emit({ type: 'people-changed' });
  }
}

function bytesOf(text: string): Bytes {
  const bytes = fromBase64Url(text);
  if (!bytes) throw new VerificationError('K3', 'malformed', 'expected base64url');
  return bytes;
}
