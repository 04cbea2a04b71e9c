import type { Bytes, EpochHeader, MembershipEvent } from '@sotto/protocol';

/** R1: a header that passed every rule on top of the one before it. */
export interface VerifiedHeader {
  readonly header: EpochHeader;
  /** SHA-256 of the signed bytes. */
  readonly hash: Bytes;
  readonly signed: Bytes;
  readonly events: readonly MembershipEvent[];
}
