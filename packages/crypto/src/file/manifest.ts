import type { Bytes } from '@sotto/protocol';
import { randomBytes } from '../primitives/random.ts';

/** M6: what opens one file; it travels only inside a message. */
export interface FileKey {
  /** 32 random bytes, for this one file. */
  readonly key: Bytes;
  /** 16 random bytes that name the blob. */
  readonly file: Bytes;
}

/** M6: what a message says about a file. The ciphertext is worth nothing without it. */
export interface FileManifest extends FileKey {
  readonly name: string;
  /** Media type. */
  readonly type: string;
  /** Plaintext bytes. */
  readonly size: number;
  /** 32 bytes that commit to the whole ciphertext: SHA-256 over the SHA-256 of each sealed chunk. */
  readonly hash: Bytes;
}

/** What sealing or opening saw once its generator has ended; sealing puts both into the manifest. */
export interface FileTotals {
  readonly size: number;
  readonly hash: Bytes;
}

/** Name and media type, bound to every chunk. */
export type FileNaming = Pick<FileManifest, 'name' | 'type'>;

export const newFileKey = (): FileKey => ({ key: randomBytes(32), file: randomBytes(16) });
