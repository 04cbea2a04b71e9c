import { type AccountId, LIMITS, PATHS, type RoomHead, type RoomId, roomKind } from '@sotto/protocol';
import type { Storage } from '../../seams/index.ts';
import type { Bus } from '../bus.ts';
import type { SignedCalls } from '../calls.ts';
import type { Directory } from '../people/directory.ts';
import type { RoomRows } from '../rooms/room-rows.ts';
import { shownHeader } from '../rooms/shown.ts';
import type { RoomRow } from '../rows.ts';
import { companions, consentTo, type RoomConsent } from './decide.ts';
import { type Decision, type Decisions, decided, decisionsOf, NOTHING_DECIDED, newest } from './decisions.ts';

/** Table `meta`, ['consent']. */
interface ConsentRow {
  /** As the vault has it; nothing for a guest. */
  readonly vault: Decisions;
  /** Decided here, and not in the vault yet. */
  readonly waiting: readonly Decision[];
}

interface Needs {
  readonly bus: Bus;
  readonly storage: Storage;
  readonly calls: Pick<SignedCalls, 'post'>;
  readonly keys: { readonly self: { readonly account: AccountId } };
  readonly rows: Pick<RoomRows, 'all' | 'peek'>;
  readonly directory: Pick<Directory, 'trustOf'>;
  background(work: Promise<unknown>): void;
}

/** What holds on this device; what a guest decided goes into its first vault. */
export async function decisionsHere(storage: Storage): Promise<Decisions> {
  const row = await storage.transaction(['meta'], 'read', (tx) => tx.get<ConsentRow>('meta', ['consent']));
  return row ? decided(row.vault, row.waiting) : NOTHING_DECIDED;
}

const NOTHING: ConsentRow = { vault: NOTHING_DECIDED, waiting: [] };

/** Attack 48: which rooms this account wants to be in, and of whom it wants to hear nothing. */
export class Consent {
  readonly #needs: Needs;
  #row: ConsentRow = NOTHING;
  #said: ReadonlyMap<RoomId, 'accepted' | 'declined'> = new Map();
  #blocked: ReadonlyMap<AccountId, string> = new Map();
  #companions: ReadonlySet<AccountId> | null = null;
  /** Rooms that the server does not count as this account's own yet. */
  readonly #pending = new Set<RoomId>();

  constructor(needs: Needs) {
    this.#needs = needs;
    // Members, standings or trust changed somewhere.
    for (const type of ['people-changed', 'room-changed'] as const) {
      needs.bus.on(type, () => {
        this.#companions = null;
      });
    }
  }

  async load(): Promise<void> {
    const row = await this.#needs.storage.transaction(['meta'], 'read', (tx) =>
      tx.get<ConsentRow>('meta', ['consent']),
    );
    if (row) this.#take(row);
  }

  /** What was decided here and is not in the vault yet. */
  get waiting(): readonly Decision[] {
    return this.#row.waiting;
  }

  /** With the names they had when they were blocked. */
  get blocked(): ReadonlyMap<AccountId, string> {
    return this.#blocked;
  }

  get account(): AccountId {
    return this.#needs.keys.self.account;
  }

  /** False where they are blocked. */
  hears(account: AccountId): boolean {
    return !this.#blocked.has(account);
  }

  /** False for a room of which nothing is read yet. */
  isOpen(room: RoomId): boolean {
    const row = this.#needs.rows.peek(room);
    return row !== undefined && this.ofRow(row) === 'open';
  }

  /** True for a room that was not accepted; where nothing is read of it yet, for one that others brought this account into. */
  isApart(room: RoomId): boolean {
    const row = this.#needs.rows.peek(room);
    return row ? this.ofRow(row) !== 'open' : this.#pending.has(room);
  }

  /** What was said there is this account's to keep; so is what was said with somebody who is blocked since. */
  keeps(row: RoomRow): boolean {
    return this.#byOwnDoing(row) || this.ofRow(row) === 'open';
  }

  /** Attack 48: entries that may still be read of a room: of one that the account did not want, not without end. */
  readable(row: RoomRow): number {
    if (this.keeps(row)) return Number.POSITIVE_INFINITY;
    return Math.max(0, LIMITS.pendingEntries - (row.state.position - row.start.position));
  }

  /** False where a room that is not wanted has more headers than are looked through unasked. */
  follows({ room, epoch }: RoomHead): boolean {
    const row = this.#needs.rows.peek(room);
    return epoch <= LIMITS.pendingEpochs || (row !== undefined && this.keeps(row));
  }

  ofRow(row: RoomRow): RoomConsent {
    const { directory } = this.#needs;
    const { by } = row.admitted;
    return consentTo({
      own: by === this.account,
      standing: row.standing,
      said: this.#said.get(row.room) ?? null,
      blocked: {
        adder: !this.hears(by),
        peer: roomKind(row.room) === 'direct' && membersOf(row).some((account) => !this.hears(account)),
      },
      acquainted: () => directory.trustOf(by) === 'verified' || this.#company().has(by),
    });
  }

  /** Declined, and still to be: acquaintances open a room again. */
  hasDeclined(room: RoomId): boolean {
    return this.#said.get(room) === 'declined' && !this.isOpen(room);
  }

  /** Whom this account only knows from rooms that are not open to it. */
  strangers(): ReadonlySet<AccountId> {
    const [open, apart] = [new Set<AccountId>(), new Set<AccountId>()];
    for (const row of this.#needs.rows.all()) {
      const met = this.ofRow(row) === 'open' ? open : apart;
      for (const account of membersOf(row)) met.add(account);
    }
    return new Set([...apart].filter((account) => !open.has(account)));
  }

  #company(): ReadonlySet<AccountId> {
    this.#companions ??= companions(
      this.#needs.rows.all().map((row) => ({
        own: row.standing === 'member' && this.#byOwnDoing(row),
        members: membersOf(row),
      })),
    );
    return this.#companions;
  }

  #byOwnDoing({ room, admitted }: RoomRow): boolean {
    return admitted.by === this.account || this.#said.get(room) === 'accepted';
  }

  /** The person does something in a room: reads it, writes into it, opens it. That is to accept being in it. */
  async enter(room: RoomId): Promise<void> {
    const row = this.#needs.rows.peek(room);
    if (row && !this.#byOwnDoing(row)) await this.decide([{ about: 'room', room, said: 'accepted' }]);
    else this.settle(room);
  }

  /** Durable once it resolves; the vault has it a little later. */
  async decide(decisions: readonly Decision[]): Promise<void> {
    await this.#change((row) => ({ ...row, waiting: newest([...row.waiting, ...decisions]) }));
    for (const decision of decisions) if (decision.about === 'room') this.settle(decision.room);
    this.#needs.bus.emit({ type: 'decided' });
  }

  /** K5: what the account decided on its other devices. */
  async takeVault({ blocked, rooms }: Decisions): Promise<void> {
    await this.#change((row) => ({ ...row, vault: { blocked, rooms } }));
    for (const room of [...this.#pending]) this.settle(room);
  }

  /** Attack 52: the vault lost what was decided: all that holds here is brought into it again. */
  async insist(): Promise<void> {
    await this.#change(({ vault, waiting }) => ({
      vault,
      waiting: newest([...decisionsOf(decided(vault, waiting)), ...waiting]),
    }));
  }

  /** The vault has these now, unless something else was decided meanwhile. */
  synced(decisions: readonly Decision[]): Promise<void> {
    const same = new Set(decisions.map((decision) => JSON.stringify(decision)));
    return this.#change(({ vault, waiting }) => ({
      vault: decided(vault, decisions),
      waiting: waiting.filter((decision) => !same.has(JSON.stringify(decision))),
    }));
  }

  /** Whether the server counts a room as this account's own. */
  heard({ room, until, pending }: RoomHead): void {
    if (pending && until === null) this.#pending.add(room);
    else this.#pending.delete(room);
  }

  /** The server learns that a room is this account's own once the person has accepted it. */
  settle(room: RoomId): void {
    const row = this.#needs.rows.peek(room);
    if (!row || !this.#pending.has(room) || !this.#byOwnDoing(row) || this.ofRow(row) !== 'open') return;
    this.#pending.delete(room);
    this.#needs.background(this.#tell(room));
  }

  async #tell(room: RoomId): Promise<void> {
    try {
      await this.#needs.calls.post(PATHS.accept(room), undefined, null);
    } catch (error) {
      this.#pending.add(room); // tried again with the next thing the person does there, and at the next connection
      throw error;
    }
  }

  async #change(change: (row: ConsentRow) => ConsentRow): Promise<void> {
    const next = await this.#needs.storage.transaction(['meta'], 'write', async (tx) => {
      const row = change((await tx.get<ConsentRow>('meta', ['consent'])) ?? NOTHING);
      await tx.put<ConsentRow>('meta', ['consent'], row);
      return row;
    });
    this.#take(next);
  }

  #take(row: ConsentRow): void {
    const before = this.#blocked;
    const { blocked, rooms } = decided(row.vault, row.waiting);
    this.#row = row;
    this.#said = new Map(rooms.map(({ room, accepted }) => [room, accepted ? 'accepted' : 'declined']));
    this.#blocked = new Map(blocked.map(({ account, name }) => [account, name]));
    this.#companions = null;
    const all = new Set([...before.keys(), ...this.#blocked.keys()]);
    const changed = [...all].filter((account) => before.has(account) !== this.#blocked.has(account));
    this.#needs.bus.emit({ type: 'consent-changed', blocked: changed });
  }
}

const membersOf = (row: RoomRow): AccountId[] =>
  shownHeader(row)?.members.map(({ account }) => account) ?? [];
