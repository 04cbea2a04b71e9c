import { Refused } from '../refusal.ts';
import type { FileStore } from '../store/store.ts';
import type { Blobs } from './blobs.ts';
import type { FileSettings } from './settings.ts';

/**
 * Room for files on the whole server. Announcements alone take nothing of it, or a flood of them would keep others out
 * (attack 37); what has arrived does, and what is arriving now.
 */
export class Space {
  readonly #settings: FileSettings;
  readonly #blobs: Blobs;
  #stored: number;
  #arriving = 0;

  private constructor(settings: FileSettings, blobs: Blobs, stored: number) {
    this.#settings = settings;
    this.#blobs = blobs;
    this.#stored = stored;
  }

  static async open(settings: FileSettings, blobs: Blobs, files: FileStore): Promise<Space> {
    return new Space(settings, blobs, (await files.total()).bytes);
  }

  /** Bytes that are here. */
  get stored(): number {
    return this.#stored;
  }

  /** Bytes came or went. */
  changed(bytes: number): void {
    this.#stored = Math.max(0, this.#stored + bytes);
  }

  /** @throws Refused 'quota' where so many more bytes have no place */
  async demand(bytes: number): Promise<void> {
    const { quota, keepFree } = this.#settings;
    if (quota !== null && this.#stored + this.#arriving + bytes > quota) throw full();
    const free = await this.#blobs.free();
    if (free !== null && free - this.#arriving - bytes < keepFree) throw full();
  }

  /** Holds room for bytes while they arrive. @throws Refused 'quota' */
  async during<T>(bytes: number, arrive: () => Promise<T>): Promise<T> {
    await this.demand(bytes);
    this.#arriving += bytes;
    try {
      return await arrive();
    } finally {
      this.#arriving -= bytes;
    }
  }
}

const full = () =>
  new Refused('quota', 'The server has no room left for this file. Ask its operator for more.');
