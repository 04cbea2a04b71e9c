import { type ArchiveKey, asEpochSecret, openArchived, sealArchived, VerificationError } from '@sotto/crypto';
import {
  ArchivePageSchema,
  type Ciphertext,
  fromBase64Url,
  LIMITS,
  PATHS,
  type RoomId,
  toBase64Url,
} from '@sotto/protocol';
import { type DerivationKeyRow, derivationKeyFrom } from '../account/vault-rows.ts';
import type { HeaderRow, SecretRow } from '../rows.ts';
import { alarmFrom, type RoomContext } from './context.ts';
import type { RoomRows } from './room-rows.ts';
import type { EpochSecrets } from './secrets.ts';

/** Table `meta`, ['archive']: up to where the archive was read. */
interface CursorRow {
  readonly cursor: number;
}

const SOON = 600;

interface Entry {
  readonly room: RoomId;
  readonly epoch: number;
  readonly body: string;
}

/** What was read from the archive and is not opened yet: each entry needs its room's signed header first. */
interface Ahead {
  readonly entries: Map<RoomId, Entry[]>;
  readonly cursor: number;
  /** A first restoring was broken off: a secret may be stored while what waited for it is not opened. */
  readonly unfinished: boolean;
}

/** M5: keeps every epoch secret of this device in the account's archive, and takes from it what is missing here. */
export class Archive {
  readonly #context: RoomContext;
  readonly #rows: RoomRows;
  readonly #secrets: EpochSecrets;
  #key: ArchiveKey | null = null;
  #scheduled = false;
  /** Read ahead of the rooms they belong to. */
  #ahead: Ahead | null = null;

  constructor(context: RoomContext, rows: RoomRows, secrets: EpochSecrets) {
    this.#context = context;
    this.#rows = rows;
    this.#secrets = secrets;
  }

  /** A guest has none until it has a vault. */
  async load(): Promise<void> {
    const row = await this.#context.storage.transaction(['keys'], 'read', (tx) =>
      tx.get<DerivationKeyRow>('keys', ['archive']),
    );
    this.#key = row ? await derivationKeyFrom(row) : null;
  }

  /** A secret was stored: it goes into the archive with others of the same moment. */
  schedule(): void {
    if (!this.#key || this.#scheduled) return;
    this.#scheduled = true;
    this.#context.clock.after(SOON, () => {
      this.#scheduled = false;
      if (this.#context.connection().online) this.#context.background(this.store());
    });
  }

  /** Does now what was left for soon. */
  async flush(): Promise<void> {
    if (this.#scheduled) await this.store();
  }

  /** The archive has another key now: everything is stored anew under it, over what was there. */
  async startAnew(): Promise<void> {
    await this.#context.storage.transaction(['secrets'], 'write', async (tx) => {
      for (const row of await tx.range<SecretRow>('secrets', { prefix: [] })) {
        await tx.put<SecretRow>('secrets', [row.room, row.epoch], { ...row, archived: false });
      }
    });
    await this.load();
    await this.store();
  }

  /** Stores what is not archived yet; idempotent, so that two tabs or a crash do no harm. */
  async store(): Promise<void> {
    const key = this.#key;
    if (!key) return;
    const rows = await this.#context.storage.transaction(['secrets'], 'read', (tx) =>
      tx.range<SecretRow>('secrets', { prefix: [] }),
    );
    const waiting = rows.filter((row) => !row.archived);
    for (let from = 0; from < waiting.length; from += LIMITS.archiveBatch) {
      await this.#storeBatch(key, waiting.slice(from, from + LIMITS.archiveBatch));
    }
  }

  async #storeBatch(key: ArchiveKey, rows: readonly SecretRow[]): Promise<void> {
    const { account } = this.#context.keys.self;
    const entries: { room: RoomId; epoch: number; body: Ciphertext }[] = [];
    const stored: SecretRow[] = [];
    for (const row of rows) {
      const header = (await this.#rows.header(row.room, row.epoch))?.header;
      if (!header) continue;
      const place = { account, header: header.header, hash: header.hash };
      const sealed = await sealArchived(asEpochSecret(row.secret), key, place);
      entries.push({ room: row.room, epoch: row.epoch, body: toBase64Url(sealed) as Ciphertext });
      stored.push({ ...row, archived: true });
    }
    if (entries.length === 0) return;
    await this.#context.calls.post(PATHS.archive, { entries }, null);
    await this.#context.storage.transaction(['secrets'], 'write', async (tx) => {
      for (const row of stored) await tx.put('secrets', [row.room, row.epoch], row);
    });
  }

  /** Reads what is new in the archive, so that each room's secrets are here before its log is read. */
  async readAhead(): Promise<void> {
    if (!this.#key) return;
    const read = await this.#context.storage.transaction(['meta'], 'read', (tx) =>
      tx.get<CursorRow>('meta', ['archive']),
    );
    const entries = new Map<RoomId, Entry[]>();
    let cursor = read?.cursor ?? 0;
    for (;;) {
      const page = await this.#context.calls.get(`${PATHS.archive}?after=${cursor}`, ArchivePageSchema);
      for (const entry of page.entries) entries.set(entry.room, [...(entries.get(entry.room) ?? []), entry]);
      if (page.next === null) break;
      cursor = page.next;
    }
    this.#ahead = { entries, cursor, unfinished: read === undefined };
  }

  /** Takes the secrets of a room whose headers were just stored, and of whose log nothing is read yet. */
  async begun(room: RoomId): Promise<void> {
    const entries = this.#ahead?.entries.get(room);
    if (!this.#key || !entries) return;
    const secrets = await this.#open(entries, this.#key);
    await this.#secrets.keep(secrets);
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
    for (const entries of ahead.entries.values()) {
      if (ahead.unfinished) await this.#reopen(entries);
      const secrets = await this.#open(entries, this.#key);
      await this.#secrets.keep(secrets);
      for (const { room, epoch } of secrets) await this.#secrets.reopen(room, epoch);
    }
    const { cursor } = ahead;
    await this.#context.storage.transaction(['meta'], 'write', (tx) =>
      tx.put<CursorRow>('meta', ['archive'], { cursor }),
    );
  }

  async #reopen(entries: readonly Entry[]): Promise<void> {
    for (const { room, epoch } of entries) {
      if (await this.#secrets.get(room, epoch)) await this.#secrets.reopen(room, epoch);
    }
  }

  /** Those of one room whose header is known and whose secret is not here yet. */
  async #open(entries: readonly Entry[], key: ArchiveKey): Promise<SecretRow[]> {
    const [first] = entries;
    if (!first) return [];
    const headers = await this.#rows.headers(first.room);
    const opened = await Promise.all(entries.map((entry) => this.#openOne(entry, headers, key)));
    return opened.filter((row) => row !== null);
  }

  async #openOne(
    { room, epoch, body }: Entry,
    headers: readonly HeaderRow[],
    key: ArchiveKey,
  ): Promise<SecretRow | null> {
    const { account } = this.#context.keys.self;
    const header = headers.find((row) => row.header.header.epoch === epoch)?.header;
    const sealed = fromBase64Url(body);
    if (!header || !sealed || (await this.#secrets.get(room, epoch))) return null;
    try {
      const secret = await openArchived(sealed, key, { account, header: header.header, hash: header.hash });
      return { room, epoch, secret, archived: true };
    } catch (error) {
      if (!(error instanceof VerificationError)) throw error;
      this.#context.notify(alarmFrom(error, this.#context.clock.now(), null, 'locked-out'), room);
      return null;
    }
  }
}
