import type { ChosenFiles } from '@sotto/client/browser';
import { MESSAGE_FILES } from '../../app/limits.ts';
import { createStore, type Store } from '../../app/observable.ts';
import type { RoomId } from '../../app/types.ts';
import type { ReadyFile } from '../prepare/ready-file.ts';

/** One chosen file before it is sent. */
export interface TrayItem {
  readonly id: number;
  /** What it is kept under on this device. */
  readonly key: string;
  readonly source: File;
  readonly state: 'preparing' | 'ready' | 'unreadable';
  /** Null until prepared. */
  readonly ready: ReadyFile | null;
  /** Prepared to go out as it is. */
  readonly original: boolean;
  readonly asItIs: boolean;
}

/** What may be sent, as the server tells; bytes, null where unknown or without a limit. */
export interface Allowed {
  readonly each: number | null;
  readonly left: number | null;
}

export interface TrayState {
  readonly items: readonly TrayItem[];
  /** Pictures go out as they are. */
  readonly original: boolean;
  readonly allowed: Allowed;
  /** What happened to files that were not taken. */
  readonly notice: 'folders' | 'too-many' | 'empty' | 'not-kept' | null;
}

const EMPTY: TrayState = { items: [], original: false, allowed: { each: null, left: null }, notice: null };

/** Where a tray rests while nobody looks: it is there again after a reload (E3). */
export interface TrayPlace {
  readonly room: RoomId;
  readonly chosen: ChosenFiles;
}

/** Files chosen for one conversation; kept while others are looked at, and over a reload. */
export class Tray {
  readonly store: Store<TrayState> = createStore(EMPTY);
  private count = 0;
  /** One after another: a few photos of a phone, decoded at once, fill its memory. */
  private queue: Promise<void> = Promise.resolve();
  private readonly space: () => Promise<Allowed>;
  private readonly place: TrayPlace | null;
  /** Taken to be sent, and not yet safe in the outbox. */
  private leaving: readonly TrayItem[] = [];
  private keeping: Promise<void> = Promise.resolve();

  constructor(space: () => Promise<Allowed>, place: TrayPlace | null = null) {
    this.space = space;
    this.place = place;
    if (place) this.keeping = this.restore(place).catch(unkept);
  }

  private change(change: Partial<TrayState>): void {
    this.store.set({ ...this.store.get(), ...change });
  }

  /** What was chosen before the page was loaded comes before what was chosen since. */
  private async restore({ room, chosen }: TrayPlace): Promise<void> {
    const { files, original, lost } = await chosen.load(room);
    if (files.length === 0 && lost === 0) return;
    const { items } = this.store.get();
    const restored = files.map(({ key, file }) => this.itemOf(file, key));
    this.change({ items: [...restored, ...items].slice(0, MESSAGE_FILES), original });
    if (lost > 0) {
      this.change({ notice: 'not-kept' });
      this.keep(); // told once
    }
    for (const item of restored) this.prepare(item.id);
    if (restored.length > 0) this.learnSpace();
  }

  /** Keeps what is here by now, once the change before is kept. */
  private keep(): void {
    const { place } = this;
    if (!place) return;
    this.keeping = this.keeping.then(() => {
      const { items, original } = this.store.get();
      const files = [...this.leaving, ...items].map(({ key, source }) => ({ key, file: source }));
      return place.chosen.save(place.room, { files, original }).catch(unkept);
    });
  }

  private itemOf(source: File, key: string): TrayItem {
    this.count += 1;
    return { id: this.count, key, source, state: 'preparing', ready: null, original: false, asItIs: false };
  }

  add(files: readonly File[], notice: TrayState['notice'] = null): void {
    const { items } = this.store.get();
    const taken = files
      .slice(0, MESSAGE_FILES - items.length)
      .map((source) => this.itemOf(source, crypto.randomUUID()));
    const left = files.length > taken.length ? 'too-many' : notice;
    this.change({ items: [...items, ...taken], notice: left });
    if (taken.length > 0) this.keep();
    for (const item of taken) this.prepare(item.id);
    if (items.length === 0 && taken.length > 0) this.learnSpace();
  }

  remove(id: number): void {
    this.change({ items: this.store.get().items.filter((item) => item.id !== id), notice: null });
    this.keep();
  }

  /** Puts an item to another place among the others. */
  move(id: number, to: number): void {
    const items = [...this.store.get().items];
    const from = items.findIndex((item) => item.id === id);
    const [item] = from < 0 ? [] : items.splice(from, 1);
    if (!item) return;
    items.splice(Math.max(0, Math.min(items.length, to)), 0, item);
    this.change({ items });
    this.keep();
  }

  setOriginal(original: boolean): void {
    this.change({ original });
    this.keep();
    this.prepareAnew();
  }

  /** Whatever was prepared by another choice than the one that is shown now. */
  private prepareAnew(): void {
    const { items, original } = this.store.get();
    const anew = items.map(
      (item): TrayItem =>
        item.state === 'ready' && item.original !== original
          ? { ...item, state: 'preparing', ready: null }
          : item,
    );
    this.change({ items: anew });
    for (const item of anew) if (item.state === 'preparing') this.prepare(item.id);
  }

  /** Empties the tray, to be sent; `sent` or `putBack` follows. @returns what was in it */
  take(): readonly TrayItem[] {
    const { items } = this.store.get();
    this.leaving = [...this.leaving, ...items];
    this.change({ items: [], notice: null, original: false });
    return items;
  }

  /** The outbox has them: nothing of them is kept here any more. */
  sent(items: readonly TrayItem[]): void {
    this.leave(items);
    this.keep();
  }

  /** What could not be sent is there again, before what was chosen since. */
  putBack(items: readonly TrayItem[]): void {
    this.leave(items);
    const { items: since, original } = this.store.get();
    const all = [...items, ...since].slice(0, MESSAGE_FILES);
    this.change({
      items: all,
      original: since.length === 0 ? items.some((item) => item.original) : original,
    });
    this.keep();
    this.prepareAnew();
  }

  private leave(items: readonly TrayItem[]): void {
    this.leaving = this.leaving.filter((item) => !items.includes(item));
  }

  private prepare(id: number): void {
    this.queue = this.queue.then(async () => {
      const { items, original } = this.store.get();
      const item = items.find((other) => other.id === id);
      if (item?.state !== 'preparing') return;
      const { prepare } = await import('../prepare/prepare.ts');
      const done = await prepare(item.source, original).then(
        ({ file, asItIs }): Partial<TrayItem> => ({ state: 'ready', ready: file, original, asItIs }),
        (): Partial<TrayItem> => ({ state: 'unreadable' }),
      );
      // The choice changed meanwhile: another run is queued behind this one.
      if (this.store.get().original !== original) return;
      this.change({
        items: this.store.get().items.map((other) => (other.id === id ? { ...other, ...done } : other)),
      });
    });
  }

  private learnSpace(): void {
    this.space().then(
      (allowed) => this.change({ allowed }),
      () => {
        // Without the server nothing is known; it refuses in time where something is too large.
      },
    );
  }
}

/** No room, or a store that fails: the tray works all the same, only not over a reload. */
function unkept(): void {}

/** Why one item, or all of them, cannot be sent. */
export type TrayProblem = 'unreadable' | 'too-large' | 'off';

export function problemOf(item: TrayItem, { each }: Allowed): TrayProblem | null {
  if (item.state === 'unreadable') return 'unreadable';
  if (each === 0) return 'off';
  const size = item.ready?.size ?? 0;
  return each !== null && size > each ? 'too-large' : null;
}

/** Whether all of it can be sent now. */
export function traySummary({ items, allowed }: TrayState): {
  readonly ready: boolean;
  readonly size: number;
  readonly overflow: boolean;
} {
  const size = items.reduce((sum, item) => sum + (item.ready?.size ?? item.source.size), 0);
  const overflow = allowed.left !== null && size > allowed.left;
  const fine = items.every((item) => item.state === 'ready' && problemOf(item, allowed) === null);
  return { ready: items.length > 0 && fine && !overflow, size, overflow };
}
