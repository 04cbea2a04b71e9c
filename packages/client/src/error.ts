import type { AccountId, NameFlaw, RefusalCode } from '@sotto/protocol';
import type { StorageError } from './seams/storage.ts';

/** The server's refusals, and what this side finds by itself. Interfaces have words for each. */
export type ClientErrorCode =
  | RefusalCode
  | 'bad_answer'
  | 'bad_passphrase'
  | 'bad_password'
  | 'bad_phrase'
  | 'bad_title'
  /** Its author deleted the message meanwhile. */
  | 'deleted'
  | 'identity_changed'
  | 'invite_expired'
  /** The server answers; something on the way keeps the live connection from it. */
  | 'live_blocked'
  | 'name_differs'
  | 'no_usable_device'
  | 'not_current'
  | 'not_here'
  | 'rolled_back'
  | 'unreachable'
  | 'usage'
  | 'verification'
  | 'weak_password';

/** What exactly, where the code alone does not say it. */
export type Reason =
  | `store_${StorageError['code']}`
  | 'accept_first'
  | 'bad_file'
  | 'blocked'
  | 'file_changed'
  | 'file_lost'
  | 'file_unread'
  | 'guest_too_old'
  | 'here_already'
  | 'here_still'
  | 'invite_gone'
  | 'no_keys'
  | 'not_accepted'
  | 'not_editable'
  | 'other_password'
  | 'removal_unconfirmed'
  | 'setup_unconfirmed'
  | 'stopped'
  | 'too_many_invites'
  | 'text_too_long'
  | 'too_many_members'
  | 'unsendable'
  | 'vault_locked'
  | 'vault_never_open'
  | 'worker_failed'
  | NodeReason;

/** Of the adapters for Node alone. `path` says where. */
export type NodeReason = 'keys_locked' | 'path_taken' | 'path_unread' | 'path_unwritten';

/** Why something was not done, for an interface to say in its own words. */
export interface Failure {
  readonly code: ClientErrorCode;
  readonly reason?: Reason | undefined;
}

/** Whether it was done is not known after these. */
const UNCERTAIN: readonly string[] = ['unreachable', 'bad_answer', 'rate_limited', 'busy', 'internal'];

/** True where the server may have done what was asked, or may yet: nothing it refused for good. */
export const isUncertain = (error: unknown): error is ClientError =>
  error instanceof ClientError && UNCERTAIN.includes(error.code);

/** By what name the user chose a person, and what that person signed. */
export interface OtherName {
  readonly account: AccountId;
  readonly shown: string;
  readonly name: string;
}

/** What belongs to a failure. */
export interface FailureFacts extends Failure {
  /** Rule of the design that was broken, on `verification`. */
  readonly rule?: string | undefined;
  /** On `name_differs`. */
  readonly names?: OtherName | undefined;
  /** On `bad_name`, `bad_password` and `bad_title`: what is wrong, and which character. */
  readonly flaw?: NameFlaw | undefined;
  /** On `rolled_back`: of when what the server shows is, in milliseconds since 1970. */
  readonly since?: number | undefined;
  /** Where a limit is reached: how many there may be. */
  readonly limit?: number | undefined;
  /** Of a file on this machine. */
  readonly path?: string | undefined;
}

/** What a command can fail with: whose fault it is and why, as codes. `message` is for developers, and shown to nobody. */
export class ClientError extends Error implements FailureFacts {
  readonly code: ClientErrorCode;
  readonly reason: Reason | undefined;
  readonly rule: string | undefined;
  readonly names: OtherName | undefined;
  readonly flaw: NameFlaw | undefined;
  readonly since: number | undefined;
  readonly limit: number | undefined;
  readonly path: string | undefined;
  constructor(
    code: ClientErrorCode,
    options: Omit<FailureFacts, 'code'> & { message?: string; cause?: unknown } = {},
  ) {
    const { cause, message = [code, options.reason, options.rule].filter(Boolean).join(', ') } = options;
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'ClientError';
    this.code = code;
    this.reason = options.reason;
    this.rule = options.rule;
    this.names = options.names;
    this.flaw = options.flaw;
    this.since = options.since;
    this.limit = options.limit;
    this.path = options.path;
  }
}
