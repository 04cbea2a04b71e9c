import type { AccountId } from '@sotto/protocol';

/** Named reasons why something from outside was refused. */
export type VerificationCode =
  | 'bad_signature'
  | 'malformed'
  | 'unknown_version'
  | 'wrong_room'
  | 'wrong_sender'
  | 'wrong_epoch'
  | 'wrong_kind'
  | 'bad_list'
  | 'old_list'
  | 'missing_list'
  | 'identity_changed'
  | 'unknown_device'
  | 'not_member'
  | 'expired_key'
  | 'old_key'
  | 'bad_key'
  | 'bad_header'
  | 'rule_broken'
  | 'misdated'
  | 'bad_wrap'
  | 'bad_commitment'
  | 'cannot_decrypt'
  | 'replayed'
  | 'gap'
  | 'rollback'
  | 'fork'
  | 'bad_admission'
  | 'bad_invite'
  | 'bad_vault'
  | 'bad_phrase'
  | 'old_vault'
  | 'bad_file';

/** Something from outside broke a rule; `rule` is its number in the design. Nothing of it was used. */
export class VerificationError extends Error {
  readonly rule: string;
  readonly code: VerificationCode;
  /** A verified device list that is needed first: fetch it and try again. */
  readonly missing: { readonly account: AccountId; readonly version: number } | undefined;
  /** A device list that is another one here than for whoever signed this. */
  readonly differs: { readonly account: AccountId; readonly version: number } | undefined;
  /** Attack 52: of when what was shown is, where something newer exists. */
  readonly since: number | undefined;
  constructor(
    rule: string,
    code: VerificationCode,
    message: string,
    options: {
      cause?: unknown;
      missing?: { account: AccountId; version: number };
      differs?: { account: AccountId; version: number };
      since?: number;
    } = {},
  ) {
    super(`[${rule}] ${message}`, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'VerificationError';
    this.rule = rule;
    this.code = code;
    this.missing = options.missing;
    this.differs = options.differs;
    this.since = options.since;
  }
}

/** The caller's own mistake: wrong lengths, a key that may not be exported. */
export class UsageError extends Error {
  constructor(message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'UsageError';
  }
}
