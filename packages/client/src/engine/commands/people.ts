import { safetyNumber } from '@sotto/crypto';
import { type AccountId, type Bytes, equalBytes } from '@sotto/protocol';
import type { SafetyNumber } from '../../api.ts';
import { setBlocked } from '../consent/answers.ts';
import type { EngineCore } from '../core.ts';
import { goOnWith } from '../people/identity-lines.ts';

/** Other people: whose key is whose, and whom one hears. */
export class PeopleCommands {
  readonly #core: EngineCore;

  constructor(core: EngineCore) {
    this.#core = core;
  }

  /**
   * What two people compare; null where no key of theirs is known yet. While a person's key is changed, it is of the key the
   * server shows now. @throws ClientError 'unreachable' where that has to be asked for
   */
  async safetyNumber(account: AccountId): Promise<SafetyNumber | null> {
    const { directory, keys } = this.#core;
    const identity = await directory.shownIdentity(account);
    if (!identity) return null;
    const numberOf = (theirs: Bytes) => safetyNumber(keys.self, { account, identity: theirs });
    const known = directory.identityOf(account);
    const replaces = known && !equalBytes(known, identity) ? await numberOf(known) : null;
    return { number: await numberOf(identity), identity, replaces };
  }

  /**
   * K4: whether the user compared the number of this very key; verifying a changed key accepts it.
   * @throws ClientError 'not_current' where `identity` is no longer the person's
   */
  async setVerified(account: AccountId, identity: Bytes, verified: boolean): Promise<void> {
    const { directory } = this.#core;
    if (verified && directory.trustOf(account) === 'changed') await this.acceptIdentity(account, identity);
    await directory.setVerified(account, identity, verified);
    this.#core.announce({ type: 'people' });
  }

  /**
   * K4: goes on with the person's new identity key. @param identity as `safetyNumber` showed it
   * @throws ClientError 'not_current' where the server shows another by now
   */
  async acceptIdentity(account: AccountId, identity: Bytes): Promise<void> {
    if (!(await this.#core.directory.acceptIdentity(account, identity))) return;
    this.#core.announce({ type: 'people' });
    this.#core.background(this.#core.sync.retryRefused());
    await goOnWith(this.#core, account);
  }

  /** Hears nothing of the person any more, on all devices of this account; nobody else learns of it. */
  block(account: AccountId): Promise<void> {
    return setBlocked(this.#core, account, true);
  }

  unblock(account: AccountId): Promise<void> {
    return setBlocked(this.#core, account, false);
  }
}
