import type { Bytes, EpochHeader } from '@sotto/protocol';

/** A header that stands in a room's log. */
export interface Laid {
  readonly header: EpochHeader;
  /** SHA-256 of the signed header. */
  readonly hash: Bytes;
  readonly position: number;
}
