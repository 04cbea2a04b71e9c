import {
  type ArchiveKey,
  type EpochSecret,
  openArchived,
  sealArchived,
  VerificationError,
  type VerifiedHeader,
} from '@sotto/crypto';
import {
  type ArchiveEntry,
  ArchivePageSchema,
  type Ciphertext,
  fromBase64Url,
  type HeaderHash,
  headerHash,
  LIMITS,
  PATHS,
  type RoomId,
  toBase64Url,
} from '@sotto/protocol';
import { type DerivationKeyRow, derivationKeyFrom } from '../../account/vault-rows.ts';
import type { HeaderRow, SecretRow } from '../../rows.ts';
import { Soon } from '../../soon.ts';
import { alarmFrom, contained, type RoomContext } from '../context.ts';
import type { RoomRows } from '../room-rows.ts';
import type { EpochSecrets } from './secrets.ts';

/** Table `meta`, ['archive']: up to where the archive was read. */
interface CursorRow {
  readonly cursor: number;
}

const SOON = 600;

/** What was read from the archive and is not opened yet: each entry needs its room's signed header first. */
interface Ahead {
  readonly entries: Map<RoomId, Map<HeaderHash, ArchiveEntry>>;
  readonly cursor: number;
  /** A first restoring was broken off: a secret may be stored while what waited for it is not opened. */
  readonly unfinished: boolean;
}

interface Needs
  extends Pick<
    RoomContext,
    'background' | 'bus' | 'calls' | 'clock' | 'connection' | 'consent' | 'keys' | 'notify' | 'storage'
  > {
  readonly rows: RoomRows;
  readonly secrets: EpochSecrets;
}

/** M5: keeps every epoch secret of this device in the account's archive, and takes from it what is missing here. */
export class Archive {
  readonly #context: Needs;
  readonly #rows: RoomRows;
  readonly #secrets: EpochSecrets;
  readonly #soon: Soon;
  #key: ArchiveKey | null = null;
  /** Read ahead of the rooms they belong to. */
  #ahead: Ahead | null = null;

  constructor(context: Needs) {
    this.#context = context;
    this.#rows = context.rows;
    this.#secrets = context.secrets;
    this.#soon = new Soon(context, SOON, () => this.#storeAll());
    const { bus } = context;
    for (const type of ['secret-stored', 'decided'] as const) bus.on(type, () => this.#schedule());
    bus.on('begun', ({ room }) => this.#begun(room));
  }

  /** A guest has none until it has a vault. */
  async load(): Promise<void> {
    const row = await this.#context.storage.transaction(['keys'], 'read', (tx) =>
      tx.get<DerivationKeyRow>('keys', ['archive']),
    );
    this.#key = row ? await derivationKeyFrom(row) : null;
  }

  /** A secret was stored: it goes into the archive with others of the same moment. */
  #schedule(): void {
    if (this.#key) this.#soon.schedule();
  }

  /** Does now what was left for soon. */
  flush(): Promise<void> {
    return this.#soon.flush();
  }

  stop(): void {
    this.#soon.stop();
  }

  /** The archive has another key now: everything is stored anew under it, over what was there. */
  async startAnew(): Promise<void> {
    await this.#context.storage.transaction(['secrets'], 'write', async (tx) => {
      for (const row of await tx.range<SecretRow>('secrets', { prefix: [] })) {
        await tx.put<SecretRow>('secrets', [row.room, row.header], { ...row, archived: false });
      }
    });
    await this.load();
    await this.store();
  }

  /** Stores what is not archived yet; idempotent, so that two tabs or a crash do no harm. */
  store(): Promise<void> {
    return this.#soon.run();
  }

  async #storeAll(): Promise<void> {
    const key = this.#key;
    if (!key) return;
    const rows = await this.#context.storage.transaction(['secrets'], 'read', (tx) =>
      tx.range<SecretRow>('secrets', { prefix: [] }),
    );
    // Attack 48: what others make in rooms that were not accepted does not fill this account's archive.
    const kept = (room: RoomId) => {
      const row = this.#rows.peek(room);
      return row !== undefined && this.#context.consent.keeps(row);
    };
    const waiting = rows.filter(({ room, archived }) => !archived && kept(room));
    for (let from = 0; from < waiting.length; from += LIMITS.archiveBatch) {
      await this.#storeBatch(key, waiting.slice(from, from + LIMITS.archiveBatch));
    }
  }

  async #storeBatch(key: ArchiveKey, rows: readonly SecretRow[]): Promise<void> {
    const { account } = this.#context.keys.self;
    const entries: ArchiveEntry[] = [];
    const stored: SecretRow[] = [];
    const byRoom = Map.groupBy(rows, ({ room }) => room);
    for (const [room, waiting] of byRoom) {
      const headers = byName(await this.#rows.headers(room));
      for (const row of waiting) {
        const header = headers.get(row.header);
        const secret = header && (await this.#secrets.get(header));
        if (!secret) continue;
        const body = toBase64Url(await sealArchived(secret, key, { account, header })) as Ciphertext;
        entries.push({ room, header: row.header, body });
        stored.push({ ...row, archived: true });
      }
    }
    if (entries.length === 0) return;
    await this.#context.calls.post(PATHS.archive, { entries }, null);
    await this.#context.storage.transaction(['secrets'], 'write', async (tx) => {
      for (const row of stored) await tx.put<SecretRow>('secrets', [row.room, row.header], row);
    });
  }

  /** Reads what is new in the archive, so that each room's secrets are here before its log is read. */
  async readAhead(): Promise<void> {
    if (!this.#key) return;
    const known = await this.#context.storage.transaction(['meta'], 'read', (tx) =>
      tx.get<CursorRow>('meta', ['archive']),
    );
    const entries: Ahead['entries'] = new Map();
    let cursor = known?.cursor ?? 0;
    let read = 0;
    for (;;) {
      const page = await this.#context.calls.get(`${PATHS.archive}?after=${cursor}`, ArchivePageSchema);
      for (const entry of page.entries) {
        const ofRoom = entries.get(entry.room) ?? new Map();
        entries.set(entry.room, ofRoom.set(entry.header, entry)); // said again, the later one counts
      }
      read += page.entries.length;
      if (page.next === null) break;
      if (page.next <= cursor || page.entries.length === 0 || read > LIMITS.archive) {
        // A server that goes in circles, or on for ever, is not followed: what was read so far is what there is.
        const error = new VerificationError('M5', 'gap', 'the archive that the server shows does not end');
        this.#context.notify(alarmFrom(error, this.#context.clock.now(), null, 'locked-out'), null);
        break;
      }
      cursor = page.next;
    }
    this.#ahead = { entries, cursor, unfinished: known === undefined };
  }

  /** Takes the secrets of a room whose headers were just stored, and of whose log nothing is read yet. */
  async #begun(room: RoomId): Promise<void> {
    const entries = this.#ahead?.entries.get(room);
    if (!this.#key || !entries) return;
    await this.#secrets.keep(await this.#open(room, [...entries.values()], this.#key));
    this.#ahead?.entries.delete(room);
  }

  /**
   * Takes from the archive what is missing here and opens what waited for it. An entry that does not open is told and
   * left; the others stand by themselves.
   */
  async restore(): Promise<void> {
    if (!this.#ahead) await this.readAhead();
    const ahead = this.#ahead;
    if (!this.#key || !ahead) return;
    this.#ahead = null;
    for (const [room, entries] of ahead.entries) {
      await contained(this.#context, room, () =>
        this.#restoreRoom(room, [...entries.values()], ahead.unfinished),
      );
    }
    const { cursor } = ahead;
    await this.#context.storage.transaction(['meta'], 'write', (tx) =>
      tx.put<CursorRow>('meta', ['archive'], { cursor }),
    );
  }

  async #restoreRoom(room: RoomId, entries: readonly ArchiveEntry[], unfinished: boolean): Promise<void> {
    if (!this.#key) return;
    if (unfinished) await this.#reopen(room, entries);
    const opened = await this.#open(room, entries, this.#key);
    await this.#secrets.keep(opened);
    for (const { header } of opened) await this.#secrets.reopen(header);
  }

  async #reopen(room: RoomId, entries: readonly ArchiveEntry[]): Promise<void> {
    const headers = byName(await this.#rows.headers(room));
    for (const entry of entries) {
      const header = headers.get(entry.header);
      if (header && (await this.#secrets.get(header))) await this.#secrets.reopen(header);
    }
  }

  /** Those of one room whose header is known and whose secret is not here yet. */
  async #open(room: RoomId, entries: readonly ArchiveEntry[], key: ArchiveKey): Promise<Opened[]> {
    const headers = byName(await this.#rows.headers(room));
    const opened = await Promise.all(
      entries.map(async ({ header: name, body }) => {
        const header = headers.get(name);
        return header && this.#openOne(header, body, key);
      }),
    );
    return opened.filter((one) => one !== undefined);
  }

  async #openOne(header: VerifiedHeader, body: Ciphertext, key: ArchiveKey): Promise<Opened | undefined> {
    const { account } = this.#context.keys.self;
    const sealed = fromBase64Url(body);
    if (!sealed || (await this.#secrets.get(header))) return undefined;
    try {
      return { header, secret: await openArchived(sealed, key, { account, header }) };
    } catch (error) {
      if (!(error instanceof VerificationError)) throw error;
      const alarm = alarmFrom(error, this.#context.clock.now(), null, 'locked-out');
      this.#context.notify(alarm, header.header.room);
      return undefined;
    }
  }
}

interface Opened {
  readonly header: VerifiedHeader;
  readonly secret: EpochSecret;
}

const byName = (rows: readonly HeaderRow[]): Map<HeaderHash, VerifiedHeader> =>
  new Map(rows.map(({ header }) => [headerHash(header.hash), header]));
