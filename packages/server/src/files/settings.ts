import type { FileStore } from '../store/store.ts';

/** What a place for bytes needs to know. */
export interface BlobParts {
  readonly files: Pick<FileStore, 'get' | 'part' | 'progress' | 'restartParts'>;
  readonly now: () => number;
  readonly looseAge: number;
}

/** How much of files is taken (M6, attack 37). */
export interface FileSettings {
  /** Sealed bytes of the largest file; 0: none are taken. */
  readonly limit: number;
  /** Sealed bytes that the files of one account may take; null: no limit but the server's. */
  readonly accountQuota: number | null;
  /** Sealed bytes of all files; null: no limit but the disk. */
  readonly quota: number | null;
  /** Bytes of the disk that files leave free. */
  readonly keepFree: number;
  /** Milliseconds after which an upload that nobody goes on with, or that no message came for, is removed. */
  readonly looseAge: number;
  /** Uploads of one account that are announced and not finished. */
  readonly unfinished: number;
  /** Transfers at once. */
  readonly uploads: Crowd;
  readonly downloads: Crowd;
  /** A transfer that moves fewer bytes in so many milliseconds is cut; what has arrived stays. */
  readonly pace: { readonly bytes: number; readonly window: number };
}

export interface Crowd {
  readonly account: number;
  readonly address: number;
  readonly server: number;
}

const GIB = 1_073_741_824;
/** M6: plaintext bytes of a chunk, and what sealing adds to each. */
const CHUNK = 1_048_576;
const TAG = 16;

/** Sealed bytes of a file of `size` bytes; 0 stays 0, since then no files are taken. */
export const sealedLimit = (size: number): number => (size === 0 ? 0 : size + Math.ceil(size / CHUNK) * TAG);

const DEFAULTS: FileSettings = {
  limit: sealedLimit(5 * GIB),
  accountQuota: 20 * GIB,
  quota: null,
  keepFree: GIB,
  looseAge: 7 * 24 * 3_600_000,
  unfinished: 200,
  uploads: { account: 8, address: 64, server: 256 },
  downloads: { account: 24, address: 128, server: 512 },
  pace: { bytes: 32_768, window: 30_000 },
};

export const withDefaultFiles = (settings: Partial<FileSettings>): FileSettings => ({
  ...DEFAULTS,
  ...settings,
});
