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
import type { SecretRow } from '../rows.ts';
import { alarmFrom, type RoomContext } from './context.ts';
import type { RoomRows } from './room-rows.ts';
import type { EpochSecrets } from './secrets.ts';

/** Table `meta`, ['archive']: up to where the archive was read. */
interface CursorRow {
  readonly cursor: number;
}

const SOON = 600;

/** M5: keeps every epoch secret of this device in the account's archive, and takes from it what is missing here. */
export class Archive {
  readonly #context: RoomContext;
  readonly #rows: RoomRows;
  readonly #secrets: EpochSecrets;
  #key: ArchiveKey | null = null;
  #scheduled = false;

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

  /**
   * Takes from the archive what is missing here, page by page, and opens what waited for it. An entry that does
   * not open is told and left; the others stand by themselves.
   */
  async restore(): Promise<void> {
    if (!this.#key) return;
    const read = await this.#context.storage.transaction(['meta'], 'read', (tx) =>
      tx.get<CursorRow>('meta', ['archive']),
    );
    // Where a first restoring was broken off, a secret may be stored while what waited for it is not opened.
    const unfinished = read === undefined;
    let cursor = read?.cursor ?? 0;
    for (;;) {
      const page = await this.#context.calls.get(`${PATHS.archive}?after=${cursor}`, ArchivePageSchema);
      await this.#take(page.entries, this.#key, unfinished);
      cursor = page.next ?? cursor;
      await this.#context.storage.transaction(['meta'], 'write', (tx) =>
        tx.put<CursorRow>('meta', ['archive'], { cursor }),
      );
      if (page.next === null) return;
    }
  }

  async #take(
    entries: readonly { room: RoomId; epoch: number; body: string }[],
    key: ArchiveKey,
    unfinished: boolean,
  ): Promise<void> {
    const { account } = this.#context.keys.self;
    const opened: SecretRow[] = [];
    for (const { room, epoch, body } of entries) {
      const header = (await this.#rows.header(room, epoch))?.header;
      const sealed = fromBase64Url(body);
      if (!header || !sealed) continue;
      if (await this.#secrets.get(room, epoch)) {
        if (unfinished) await this.#secrets.reopen(room, epoch);
        continue;
      }
      try {
        const secret = await openArchived(sealed, key, { account, header: header.header, hash: header.hash });
        opened.push({ room, epoch, secret, archived: true });
      } catch (error) {
        if (!(error instanceof VerificationError)) throw error;
        this.#context.notify(alarmFrom(error, this.#context.clock.now(), null, 'locked-out'), room);
      }
    }
    if (opened.length > 0) await this.#secrets.keep(opened);
  }
}
