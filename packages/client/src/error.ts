import { type AccountId, type NameFlaw, REFUSALS, type RefusalCode } from '@sotto/protocol';

const OWN_CODES = {
  unreachable: 'The server does not answer. Check the connection; it is tried again by itself.',
  bad_answer:
    'The server answered in a form this client does not understand. Update the client or the server.',
  bad_password: 'The password has a character that no password can have.',
  bad_title: 'A name of a group, or its topic, has a character that nobody would see.',
  weak_password: 'The password is too short. Use at least 8 characters.',
  identity_changed: 'The security key of this person changed. Accept or verify it before going on.',
  not_current: 'What you confirmed is not what is there now. Look at it again, and confirm that.',
  name_differs: 'By their own signature they are called otherwise than shown. Nothing was sent.',
  rolled_back: 'The server shows an older state of this account than its other devices have seen.',
  no_usable_device: 'This person has no device with a current key. They need to open Sotto once.',
  bad_passphrase: 'The passphrase of the keys on this device is wrong.',
  bad_phrase: 'A word of the recovery phrase is wrong. Check spelling and order.',
  bad_backup: 'This file is not a backup of an account, or it is damaged.',
  invite_expired: 'This invite is no longer open. Ask for a new one.',
  not_here: 'This account is not on this device. Sign in again.',
  verification: 'Something the server sent broke a rule of the protocol and was refused.',
  deleted: 'Its author deleted this message.',
  usage: 'This cannot be done now.',
} as const;

export type ClientErrorCode = RefusalCode | keyof typeof OWN_CODES;

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

/** What a command can fail with: whose fault it is (`code`) and what to do (`message`). */
export class ClientError extends Error {
  readonly code: ClientErrorCode;
  /** Rule of the design that was broken, on `verification`. */
  readonly rule: string | undefined;
  /** On `name_differs`. */
  readonly names: OtherName | undefined;
  /** On `bad_name`, `bad_password` and `bad_title`: what is wrong, and which character. */
  readonly flaw: NameFlaw | undefined;
  /** On `rolled_back`: of when what the server shows is, in milliseconds since 1970. */
  readonly since: number | undefined;
  constructor(
    code: ClientErrorCode,
    options: {
      message?: string;
      rule?: string;
      names?: OtherName;
      flaw?: NameFlaw | undefined;
      since?: number;
      cause?: unknown;
    } = {},
  ) {
    const known =
      code in OWN_CODES ? OWN_CODES[code as keyof typeof OWN_CODES] : REFUSALS[code as RefusalCode][1];
    super(options.message ?? known, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'ClientError';
    this.code = code;
    this.rule = options.rule;
    this.names = options.names;
    this.flaw = options.flaw;
    this.since = options.since;
  }
}
