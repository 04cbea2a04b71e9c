import type { VerificationError } from '@sotto/crypto';
import type { AccountId, RoomId } from '@sotto/protocol';
import type { Clock, Locks, Siblings, Storage } from '../../seams/index.ts';
import type { Alarm } from '../../state.ts';
import type { DeviceKeys, ExchangeKeys } from '../account/keys.ts';
import type { SignedCalls } from '../calls.ts';
import type { ServerConnection } from '../connection.ts';
import type { Directory } from '../people/directory.ts';

/** What every part of the engine that deals with rooms shares. */
export interface RoomContext {
  readonly keys: DeviceKeys;
  readonly exchange: ExchangeKeys;
  readonly storage: Storage;
  readonly calls: SignedCalls;
  readonly clock: Clock;
  readonly locks: Locks;
  readonly siblings: Siblings;
  readonly directory: Directory;
  readonly connection: () => ServerConnection;
  /** Lets work go on by itself; what it fails with is told or, where it heals by itself, left to the next try. */
  background(work: Promise<unknown>): void;
  /** Tells the user of something that broke a rule. */
  notify(alarm: Alarm, room: RoomId | null): void;
}

/** An alarm from a failed verification. */
export function alarmFrom(
  error: VerificationError,
  at: number,
  account: AccountId | null,
  kind?: Alarm['kind'],
): Alarm {
  return { rule: error.rule, kind: kind ?? kindOf(error), account, detail: error.message, at };
}

function kindOf(error: VerificationError): Alarm['kind'] {
  switch (error.code) {
    case 'identity_changed':
      return 'identity-changed';
    case 'fork':
      return 'fork';
    case 'gap':
      return 'gap';
    case 'rollback':
      return 'rollback';
    case 'expired_key':
      return 'expired-key';
    case 'bad_list':
    case 'old_list':
    case 'missing_list':
    case 'unknown_device':
    case 'bad_key':
      return 'bad-list';
    case 'bad_wrap':
    case 'bad_commitment':
      return 'locked-out';
    case 'bad_header':
    case 'rule_broken':
    case 'bad_admission':
      return 'bad-header';
    default:
      return 'bad-message';
  }
}
