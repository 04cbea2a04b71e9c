import { sha256 } from '@noble/hashes/sha2.js';
import { type Bytes, utf8 } from '@sotto/protocol';

/**
 * M6: SHA-256( label ‖ digest of each sealed chunk ). Web Crypto hashes no streams, so the bulk is hashed
 * by it chunk by chunk, and only 32 bytes per chunk here; one changed byte anywhere gives another hash.
 */
export class FileHash {
  readonly #sum = sha256.create().update(utf8('sotto/v1/file-hash\0'));

  /** @param digest SHA-256 of the next sealed chunk, in the file's order */
  add(digest: Bytes): void {
    this.#sum.update(digest);
  }

  /** The hash of what was added so far. */
  value(): Bytes {
    return new Uint8Array(this.#sum.clone().digest());
  }
}
