import { Refused } from '../refusal.ts';
import type { FileStore } from '../store/store.ts';
import type { Blobs } from './blobs.ts';
import type { FileSettings } from './settings.ts';

/** Bytes held for an upload at once, as it arrives: a few bytes of a large one hold no more than this (attack 51). */
export const STEP = 1_048_576;

/** Asked before each part of an upload is taken: false where there is no room for it. */
export type Admit = (bytes: number) => Promise<boolean>;

/**
 * Room for files on the whole server. Announcements alone take nothing of it, or a flood of them would keep others out
 * (attack 37); what has arrived does, and the step that is arriving now.
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

  /**
   * Holds room for an upload of `most` bytes while it arrives, step by step.
   * @throws Refused 'quota' where there is none for the first
   */
  async during<T>(most: number, arrive: (admit: Admit) => Promise<T>): Promise<T> {
    let [held, came] = [0, 0];
    const holdMore = async () => {
      const more = Math.min(STEP, most - held);
      held += more;
      this.#arriving += more;
      await this.demand(0);
    };
    try {
      await holdMore();
      return await arrive(async (bytes) => {
        came += bytes;
        try {
          while (held < Math.min(came, most)) await holdMore();
          return true;
        } catch (error) {
          if (error instanceof Refused) return false;
          throw error;
        }
      });
    } finally {
      this.#arriving -= held;
    }
  }
}

const full = () =>
  new Refused('quota', 'The server has no room left for this file. Ask its operator for more.');
