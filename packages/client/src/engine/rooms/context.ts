import { VerificationError } from '@sotto/crypto';
import type { AccountId, RoomId } from '@sotto/protocol';
import type { Clock, Locks, Storage, Tabs } from '../../seams/index.ts';
import type { Alarm } from '../../state.ts';
import type { DeviceKeys, ExchangeKeys } from '../account/keys.ts';
import type { Bus } from '../bus.ts';
import type { SignedCalls } from '../calls.ts';
import type { ServerConnection } from '../connection.ts';
import type { Consent } from '../consent/consent.ts';
import type { Directory } from '../people/directory.ts';

/** What parts of the engine may need beside each other. Each says which of it it uses (`Pick`), and gets no more. */
export interface RoomContext {
  readonly bus: Bus;
  readonly keys: DeviceKeys;
  readonly exchange: ExchangeKeys;
  readonly storage: Storage;
  readonly calls: SignedCalls;
  readonly clock: Clock;
  readonly locks: Locks;
  readonly tabs: Tabs;
  readonly directory: Directory;
  readonly consent: Consent;
  readonly connection: Pick<ServerConnection, 'online' | 'send'>;
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
  const { rule, code, message: detail, since, differs } = error;
  const whose = account ?? differs?.account ?? null;
  return {
    rule,
    code,
    kind: kind ?? kindOf(error),
    account: whose,
    detail,
    at,
    ...(since === undefined ? {} : { since }),
  };
}

/**
 * Attack 40: what breaks a rule in one room, in work that goes through many, is told there and keeps no other from its turn.
 * Everything else is thrown on.
 */
export async function contained(
  { clock, notify }: Pick<RoomContext, 'clock' | 'notify'>,
  room: RoomId,
  work: () => Promise<void>,
): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof VerificationError)) throw error;
    notify(alarmFrom(error, clock.now(), null), room);
  }
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
    case 'old_key':
      return 'old-key';
    case 'old_list':
    case 'old_vault':
      return 'rolled-back';
    case 'bad_list':
    case 'missing_list':
    case 'unknown_device':
    case 'bad_key':
      return 'bad-list';
    case 'bad_wrap':
    case 'bad_commitment':
      return 'locked-out';
    case 'bad_header':
    case 'rule_broken':
    case 'misdated':
    case 'bad_admission':
      return 'bad-header';
    default:
      return 'bad-message';
  }
}
