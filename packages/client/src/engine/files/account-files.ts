import { deletedBy } from '@sotto/crypto';
import type { FileId, MessageId, RoomId } from '@sotto/protocol';
import { ClientError } from '../../error.ts';
import type { FileSpace, Files, OpenFile, SharedFile } from '../../files.ts';
import { asTold } from '../../told.ts';
import type { DoomedFile, EntryRow } from '../rows.ts';
import { FileCache } from './cache.ts';
import { sealedChunks } from './chunk-source.ts';
import type { FileContext } from './context.ts';
import { Downloads, type Place } from './downloads.ts';
import { badFile } from './failures.ts';
import { FileRows } from './file-rows.ts';
import { openFile } from './open-file.ts';
import { Removals } from './removals.ts';
import { Running } from './running.ts';
import { type NewMessage, Sending } from './sending.ts';
import { filesOf, sharedFiles } from './shared.ts';
import { Transfers } from './transfers.ts';
import { Uploads } from './uploads.ts';
import { Usage } from './usage.ts';

/** The rest it makes itself. */
type Given = Omit<FileContext, 'rows' | 'running' | 'transfers'>;

/** M6, E3: the files of one account. What each part does stands beside it; this wires them. */
export class AccountFiles implements Files {
  readonly transfers: Transfers;
  readonly #files: FileContext;
  readonly #usage: Usage;
  readonly #sending: Sending;
  readonly #uploads: Uploads;
  readonly #removals: Removals;
  readonly #cache: FileCache;
  readonly #downloads: Downloads;
  #loaded = false;

  constructor(given: Given) {
    this.transfers = new Transfers(given.clock);
    const { transfers } = this;
    this.#files = { ...given, transfers, rows: new FileRows(given.storage), running: new Running() };
    this.#usage = new Usage(given);
    this.#uploads = new Uploads(this.#files, this.#usage);
    this.#cache = new FileCache(this.#files);
    this.#sending = new Sending(this.#files, {
      usage: this.#usage,
      cache: this.#cache,
      onSealed: (file) => this.#uploads.sealed(file),
    });
    this.#removals = new Removals(this.#files);
    this.#downloads = new Downloads(this.#files, this.#cache);
    const { bus } = given;
    bus.on('connection', ({ status }) => (status.status === 'online' ? this.#online() : undefined));
    bus.on('outbox-changed', () => this.#outboxChanged());
    bus.on('discarded', () => this.#removals.consider());
    bus.on('stored', ({ entries }) => this.#stored(entries));
    bus.on('reread', () => this.#removals.consider());
  }

  /** Reads what a former life of this account on this device left to do. */
  async load(): Promise<void> {
    const { background, clock, rows, sealed } = this.#files;
    await rows.settleSent(clock.now());
    for (const row of await rows.all()) {
      if (row.state !== 'kept' || !row.held || row.whole) continue;
      const done = await sealed.size(row.file);
      this.transfers.set(row.file, { direction: 'down', state: 'paused', done, total: row.size });
    }
    this.#loaded = true;
    this.#outboxChanged();
    this.#removals.consider();
    background(this.#cache.sweep().then(() => this.#cache.evict()));
  }

  /** Uploads that waited may go, and deletions. */
  #online(): void {
    if (!this.#loaded) return;
    this.#uploads.wake();
    this.#downloads.wake();
    this.#removals.consider();
  }

  /** A message came into the outbox, left it, failed or is tried again. */
  #outboxChanged(): void {
    if (!this.#loaded) return;
    this.#sending.watch();
    this.#uploads.consider();
  }

  /** Another tab held, released or forgot something. */
  async tabChanged(): Promise<void> {
    for (const row of await this.#files.rows.all()) {
      if (row.state === 'outgoing' || row.state === 'kept') this.#follow(row.file, row.held);
    }
    this.#outboxChanged();
  }

  /** E2: what follows for files from entries once they are stored. */
  #stored(entries: readonly EntryRow[]): void {
    const { background, keys } = this.#files;
    const own = entries.filter(({ device }) => device === keys.self.device);
    if (own.some((entry) => filesOf(entry).length > 0)) background(this.#settleSent());
    if (entries.some(isDeletion)) this.#removals.consider();
  }

  /** Rows that go with a `delete` into the outbox: the files are deleted at the server once it was sent. */
  doomed(room: RoomId, entry: EntryRow, after: MessageId): DoomedFile[] {
    return filesOf(entry).map(({ file }) => ({ state: 'doomed', file, room, after }));
  }

  send(room: RoomId, message: NewMessage): Promise<MessageId> {
    return this.#sending.send(room, message);
  }

  pause(file: FileId): Promise<void> {
    return this.#hold(file, true);
  }

  async resume(file: FileId): Promise<void> {
    await this.#hold(file, false);
    const row = await this.#files.rows.get(file);
    if (row?.state !== 'kept' || row.whole || this.#downloads.has(file)) return;
    // Held in a former life: nobody waits for it, and it goes on.
    const place = await this.#find(row.room, row.position, file);
    this.#files.background(this.#downloads.fetch(place));
  }

  async open(room: RoomId, position: number, file: FileId): Promise<OpenFile> {
    const place = await this.#find(room, position, file);
    await this.#downloads.fetch(place);
    return this.#opened(place, false);
  }

  async stream(room: RoomId, position: number, file: FileId): Promise<OpenFile> {
    const place = await this.#find(room, position, file);
    const row = await this.#files.rows.get(file);
    if (row?.state === 'doomed') throw new ClientError('not_found');
    const whole = row?.state === 'kept' && row.whole;
    if (whole) await this.#cache.touch(file);
    return this.#opened(place, !whole);
  }

  async cancelDownload(file: FileId): Promise<void> {
    const { rows, transfers } = this.#files;
    await rows.update(file, (row) => (row?.state === 'kept' && row.held ? { ...row, held: false } : row));
    this.#downloads.cancel(file);
    if (!this.#downloads.has(file) && transfers.peek(file)?.direction === 'down') transfers.remove(file);
    this.#announce();
  }

  list(room: RoomId, limit = 200): Promise<readonly SharedFile[]> {
    const { consent, rooms } = this.#files;
    return sharedFiles(rooms, { room, limit, hears: (account) => consent.hears(account) });
  }

  async space(): Promise<FileSpace> {
    return { ...(await this.#usage.fetch()), ...(await this.#cache.space()) };
  }

  async forgetKept(): Promise<void> {
    await this.#cache.forgetAll();
    this.#announce();
  }

  async close(): Promise<void> {
    this.#removals.close();
    const ended = this.#files.running.close();
    this.#downloads.close();
    this.#uploads.close();
    await ended;
  }

  async #find(room: RoomId, position: number, file: FileId): Promise<Place> {
    // Attack 48: nothing is fetched for a room that was not accepted.
    if (!this.#files.consent.isOpen(room)) throw new ClientError('usage', { reason: 'accept_first' });
    const entry = await this.#files.rooms.entry(room, position);
    const attachment = entry && filesOf(entry).find((one) => one.file === file);
    if (!attachment) throw new ClientError('not_found');
    if (attachment.size > LARGEST) throw asTold(badFile('nothing is that large'));
    return { room, position, attachment };
  }

  #opened({ attachment }: Place, checksWhole: boolean): OpenFile {
    const files = this.#files;
    const cache = this.#cache;
    return openFile(attachment, {
      checksWhole,
      async *chunks(first, last) {
        const ended = new AbortController();
        const release = cache.reading(attachment.file);
        try {
          yield* sealedChunks(files, attachment, { first, last, signal: ended.signal });
        } finally {
          ended.abort();
          release();
        }
      },
      broken: () => cache.drop(attachment.file),
    });
  }

  async #hold(file: FileId, held: boolean): Promise<void> {
    await this.#files.rows.update(file, (row) =>
      row && row.state !== 'doomed' && row.held !== held ? { ...row, held } : row,
    );
    this.#follow(file, held);
    if (!held) this.#uploads.consider();
    this.#announce();
  }

  #follow(file: FileId, held: boolean): void {
    if (!held) {
      this.#downloads.release(file);
      return;
    }
    if (this.transfers.peek(file)?.state === 'sealing') return; // held once it is sealed
    if (this.#files.running.has(file)) this.#files.running.stop(file, 'held');
    else if (this.transfers.peek(file)?.state === 'waiting') this.transfers.mark(file, 'paused');
  }

  async #settleSent(): Promise<void> {
    await this.#files.rows.settleSent(this.#files.clock.now());
    await this.#cache.evict();
  }

  #announce(): void {
    this.#files.tabs.announce({ type: 'files' });
  }
}

/** Attack 29: what a message may say of a size, and no file can have; far beyond any server's limit. */
const LARGEST = 2 ** 50;

const isDeletion = ({ what }: EntryRow): boolean =>
  what.type === 'message' && deletedBy(what.content) !== null;
