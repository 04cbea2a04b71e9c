import type { AccountId, Info } from '@sotto/protocol';
import type { Profile, SetupStep } from './api.ts';
import type { Engine } from './engine/engine.ts';

/** The client before anyone is signed in: which accounts live here, and how to get one. */
export interface Sotto {
  /** @throws ClientError 'unreachable' */
  info(): Promise<Info>;
  /** Accounts whose keys rest on this device, last used first. */
  profiles(): Promise<readonly Profile[]>;
  /** Just a name; the identity lives on this device only. @throws ClientError 'name_taken', 'bad_name', … */
  createGuest(name: string, onStep?: (step: SetupStep) => void): Promise<Engine>;
  /** @throws ClientError 'name_taken', 'bad_name', 'weak_password', … */
  createAccount(name: string, password: string, onStep?: (step: SetupStep) => void): Promise<Engine>;
  /** Signs in here as a further device. @throws ClientError 'bad_login', … */
  signIn(name: string, password: string, onStep?: (step: SetupStep) => void): Promise<Engine>;
  /** Signs in by the recovery phrase, without the password, and sets a new one. @throws ClientError 'bad_login', 'bad_phrase' */
  recover(
    who: { name: string; phrase: string; password: string },
    onStep?: (step: SetupStep) => void,
  ): Promise<Engine>;
  /**
   * Password, phrase and devices are all gone: with a code from the operator the account starts over under its name, as
   * somebody everyone has to accept anew (K4). History, contacts and groups are not brought back by it.
   * @throws ClientError 'bad_code', 'weak_password', 'usage'
   */
  reset(
    who: { name: string; code: string; password: string },
    onStep?: (step: SetupStep) => void,
  ): Promise<Engine>;
  /** Opens an account that lives here; works offline (E5). */
  resume(account: AccountId): Promise<Engine>;
  /** Erases an account's keys and messages from this device; where online, takes the device off its list. */
  forget(account: AccountId): Promise<void>;
}
