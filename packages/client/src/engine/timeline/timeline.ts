import type { AccountId, RoomId } from '@sotto/protocol';
import type { Timeline } from '../../api.ts';
import type { TimelineItem, TimelineState } from '../../state.ts';
import { Emitter } from '../emitter.ts';
import { mayReadOlder } from '../rooms/log/older.ts';
import type { RoomRows } from '../rooms/room-rows.ts';
import { isBehind } from '../rooms/shown.ts';
import type { EntryRow, OutboxRow } from '../rows.ts';
import { deliveryOf, redeliver } from './delivery.ts';
import { project } from './project.ts';

const FIRST_PAGE = 80;
const PAGE = 100;
/** Opening at the first unread loads back to it, within reason. */
const UNREAD_LOADED = 1_000;

interface Sources {
  readonly rows: Pick<RoomRows, 'entries' | 'headers' | 'lastEntries' | 'peek' | 'receipts'>;
  readonly outbox: (room: RoomId) => readonly OutboxRow[];
  readonly self: Parameters<typeof project>[0]['self'];
  readonly hears: (account: AccountId) => boolean;
  /** Reads the log to its end, ahead of rooms that wait for their turn. */
  readonly readNow: (room: RoomId) => Promise<void>;
  /** Fetches a page older than everything stored. @returns false where there is none */
  readonly fetchOlder: (room: RoomId) => Promise<boolean>;
  readonly background: (work: Promise<unknown>) => void;
}

/** One conversation's lines: a window over the stored entries that grows backwards on demand. */
export class RoomTimeline implements Timeline {
  readonly #room: RoomId;
  readonly #sources: Sources;
  readonly #changed = new Emitter<void>();
  #entries: readonly EntryRow[] = [];
  #entitled: ReadonlySet<number> = new Set();
  #loadedTo = 0;
  #items = new Map<string, TimelineItem>();
  #loading: Promise<void> | null = null;
  #state: TimelineState;
  #opened = false;

  constructor(room: RoomId, sources: Sources) {
    this.#room = room;
    this.#sources = sources;
    this.#state = { items: [], hasOlder: false, loadingOlder: false, readAtOpen: this.#row?.read ?? 0 };
    this.#sources.background(this.#open());
  }

  get state(): TimelineState {
    return this.#state;
  }

  subscribe(listener: () => void): () => void {
    return this.#changed.on(listener);
  }

  async loadOlder(): Promise<void> {
    if (this.#loading) return this.#loading;
    if (!this.#state.hasOlder) return;
    this.#set({ loadingOlder: true });
    this.#loading = this.#older().finally(() => {
      this.#loading = null;
      this.#set({ loadingOlder: this.#reading });
    });
    return this.#loading;
  }

  /** Newly stored entries, in order. */
  append(entries: readonly EntryRow[]): void {
    if (!this.#opened) return;
    const last = this.#entries.at(-1)?.position ?? this.#loadedTo;
    const fresh = entries.filter((entry) => entry.position > last);
    if (fresh[0] && fresh[0].position > last + 1 && this.#entries.length > 0) {
      this.#sources.background(this.reload());
      return;
    }
    this.#entries = [...this.#entries, ...fresh];
    this.#sources.background(this.#entitle().then(() => this.refresh()));
  }

  /** Reads the window again from the store. */
  async reload(): Promise<void> {
    const from = this.#entries[0]?.position ?? 1;
    const end = this.#row?.state.position ?? 0;
    if (this.#opened && this.#entries.length === 0) {
      await this.#open();
      return;
    }
    const stored = await this.#sources.rows.entries(this.#room, { from, to: Math.max(from, end) });
    // Pages and new entries may have come while the store was read.
    const before = this.#entries.filter((entry) => entry.position < from);
    const after = this.#entries.filter((entry) => entry.position > Math.max(from, end));
    this.#entries = [...before, ...stored, ...after];
    await this.#entitle();
    this.refresh();
  }

  /** Receipts came: only what own messages say of their delivery can be another. */
  marked(): void {
    const row = this.#row;
    if (!row || !this.#opened) return;
    const reach = {
      receipts: this.#sources.rows.receipts(this.#room),
      members: row.state.header?.header.members.map((m) => m.account) ?? [],
      self: this.#sources.self.account,
    };
    const items = redeliver(this.#state.items, deliveryOf(reach));
    if (items === this.#state.items) return;
    for (const item of items) this.#items.set(item.key, item);
    this.#set({ items });
  }

  /** Makes the lines anew from what is loaded; unchanged lines stay the same objects. */
  refresh(): void {
    const row = this.#row;
    if (!row || !this.#opened) return;
    const lines = project({
      entries: this.#entries,
      outbox: this.#sources.outbox(this.#room),
      lines: row.lines,
      receipts: this.#sources.rows.receipts(this.#room),
      self: this.#sources.self,
      members: row.state.header?.header.members.map((m) => m.account) ?? [],
      hears: this.#sources.hears,
      entitled: (epoch) => this.#entitled.has(epoch),
    });
    const before = this.#items;
    this.#items = new Map();
    const items = lines.map((item) => {
      const old = before.get(item.key);
      const kept = old && sameItem(old, item) ? old : item;
      this.#items.set(item.key, kept);
      return kept;
    });
    const first = this.#entries[0]?.position ?? row.state.position + 1;
    const reading = this.#reading;
    const hasOlder = reading || first > row.oldest.position + 1 || mayReadOlder(row);
    this.#set({ items, hasOlder, loadingOlder: reading || this.#loading !== null });
  }

  /** A new device shows the room already and has not read it yet; where it does not verify, the alarm says so. */
  get #reading(): boolean {
    const row = this.#row;
    return row !== undefined && isBehind(row) && !row.alarm;
  }

  get #row() {
    return this.#sources.rows.peek(this.#room);
  }

  async #open(): Promise<void> {
    const row = this.#row;
    if (!row) {
      this.#opened = true;
      return;
    }
    if (this.#reading) this.#sources.background(this.#sources.readNow(this.#room));
    const end = row.state.position;
    const unread = Math.min(end - row.read, UNREAD_LOADED);
    const limit = Math.max(FIRST_PAGE, unread + 20);
    const entries = await this.#sources.rows.lastEntries(this.#room, end, limit);
    this.#entries = entries.filter((entry) => entry.position > row.oldest.position);
    this.#loadedTo = end;
    this.#opened = true;
    await this.#entitle();
    this.#state = { ...this.#state, readAtOpen: row.read };
    const now = this.#row?.state.position ?? end;
    if (now > end) await this.reload();
    else this.refresh();
  }

  async #older(): Promise<void> {
    if (this.#reading) await this.#sources.readNow(this.#room);
    const first = this.#entries[0]?.position ?? (this.#row?.state.position ?? 0) + 1;
    const oldest = this.#row?.oldest.position ?? 0;
    if (first <= oldest + 1 && !(await this.#sources.fetchOlder(this.#room))) {
      this.#set({ hasOlder: false });
      return;
    }
    const older = await this.#sources.rows.lastEntries(this.#room, first - 1, PAGE);
    const bound = this.#row?.oldest.position ?? 0;
    // Newer ones may have come while these were read, also the same ones.
    const next = this.#entries[0]?.position ?? Number.POSITIVE_INFINITY;
    const page = older.filter(({ position }) => position > bound && position < next);
    this.#entries = [...page, ...this.#entries];
    await this.#entitle();
    this.refresh();
  }

  /** Which epochs this account is due the secret of; only asked where something is locked. */
  async #entitle(): Promise<void> {
    if (!this.#entries.some((entry) => entry.what.type === 'locked')) return;
    const headers = await this.#sources.rows.headers(this.#room);
    this.#entitled = new Set(
      headers
        .filter(({ header }) => header.header.members.some((m) => m.account === this.#sources.self.account))
        .map(({ header }) => header.header.epoch),
    );
  }

  #set(change: Partial<TimelineState>): void {
    this.#state = { ...this.#state, ...change };
    this.#changed.emit();
  }
}

/** Equal in everything that is shown: then the old object stays and nothing renders. */
function sameItem(a: TimelineItem, b: TimelineItem): boolean {
  return JSON.stringify(a, withoutBytes) === JSON.stringify(b, withoutBytes);
}

/** What a message says of a file never changes, and its thumbnail would be long to write out. */
const withoutBytes = (_key: string, value: unknown) => (value instanceof Uint8Array ? null : value);
