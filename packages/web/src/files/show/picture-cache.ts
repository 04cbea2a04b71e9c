import type { OpenFile } from '@sotto/client';
import { letGo } from '../../app/object-url.ts';
import type { FileId } from '../../app/types.ts';
import type { FilePlace } from '../read/place.ts';
import { shownType } from '../types.ts';
import { isPicture, NotAPicture } from './picture-bytes.ts';

/** Bytes of pictures that are kept ready although nothing shows them. */
const BUDGET = 96 * 1024 * 1024;

interface Entry {
  readonly url: Promise<string>;
  size: number;
  users: number;
}

/** An address in use. */
export interface Lease {
  readonly url: Promise<string>;
  readonly release: () => void;
}

/** Opened pictures as addresses of this page, shared by all places that show them, and let go when there are too many. */
export class PictureCache {
  private readonly entries = new Map<FileId, Entry>();
  private readonly open: (place: FilePlace) => Promise<OpenFile>;

  constructor(open: (place: FilePlace) => Promise<OpenFile>) {
    this.open = open;
  }

  /** Whether it can be shown without fetching anything. */
  has(file: FileId): boolean {
    return this.entries.has(file);
  }

  /** The address stays valid until it is released; the same for everyone who shows the file. */
  acquire(place: FilePlace): Lease {
    const { file } = place.item;
    const entry = this.entries.get(file) ?? { url: this.load(place), size: place.item.size, users: 0 };
    entry.users += 1;
    // Newest use last.
    this.entries.delete(file);
    this.entries.set(file, entry);
    entry.url.catch(() => {
      // Told to whoever waits for it; a next try begins anew.
      if (this.entries.get(file) === entry) this.entries.delete(file);
    });
    let held = true;
    const release = () => {
      if (held) entry.users -= 1;
      held = false;
      this.trim();
    };
    return { url: entry.url, release };
  }

  clear(): void {
    for (const [file, entry] of this.entries) this.drop(file, entry);
  }

  private async load(place: FilePlace): Promise<string> {
    const type = shownType(place.item.type);
    if (type === null) throw new Error('picture: not of a kind that is shown');
    const opened = await this.open(place);
    const parts: Uint8Array<ArrayBuffer>[] = [];
    for await (const part of opened.read(0, opened.size)) parts.push(part);
    const blob = new Blob(parts, { type });
    if (!isPicture(type, new Uint8Array(await blob.slice(0, 16).arrayBuffer()))) throw new NotAPicture();
    return URL.createObjectURL(blob);
  }

  private trim(): void {
    let size = 0;
    for (const entry of this.entries.values()) size += entry.size;
    for (const [file, entry] of this.entries) {
      if (size <= BUDGET) return;
      if (entry.users > 0) continue;
      size -= entry.size;
      this.drop(file, entry);
    }
  }

  private drop(file: FileId, entry: Entry): void {
    this.entries.delete(file);
    entry.url.then(letGo, () => {
      // It never came to be.
    });
  }
}
