import { removeOthers, renameAccount } from '../account/devices.ts';
import { createRecoveryPhrase, setPassword, takeBack, unlockVault } from '../account/passwords.ts';
import { checkPassword } from '../account/setup.ts';
import type { EngineCore } from '../core.ts';

/** The own account: its name, its password, and what it takes along. */
export class AccountCommands {
  readonly #core: EngineCore;

  constructor(core: EngineCore) {
    this.#core = core;
  }

  /** K3: the account goes by another name, which everyone is told. @throws ClientError 'bad_name', 'name_taken' */
  async rename(name: string): Promise<void> {
    await renameAccount(this.#core, name);
    await this.#core.epochs.renewAll();
  }

  /** A zip of everything this device can read, as readable files; without keys. */
  async export(onProgress?: (done: number, total: number) => void): Promise<Uint8Array> {
    // What people do seldom comes when it is asked for: the page's first load is small.
    const { exportAccount } = await import('../account/export.ts');
    return exportAccount(this.#core, onProgress);
  }

  /** A guest gets a password and with it a vault; an account gets another password. @throws ClientError 'weak_password' */
  async setPassword(password: string): Promise<void> {
    await this.#core.becameAccount(await setPassword(this.#needs(), password));
  }

  /**
   * Somebody who knew the password changed it, or may: signs out every other device, sets a new password by the keys of
   * this one, and makes new keys in every room. The recovery phrase counts no more. @throws ClientError 'weak_password', 'usage'
   */
  async takeBack(password: string): Promise<void> {
    checkPassword(password);
    await removeOthers(this.#core);
    await this.#core.becameAccount(await takeBack(this.#needs(), password));
    await removeOthers(this.#core); // whoever came in with the old password meanwhile
    await this.#core.archive.startAnew();
    await this.#core.epochs.renewAll();
  }

  /** After the password was changed on another device: opens the vault here again. @throws ClientError 'bad_login' */
  async unlockVault(password: string): Promise<void> {
    await this.#core.becameAccount(await unlockVault(this.#needs(), password));
  }

  /** 24 words, shown once, in place of any before. @throws ClientError 'bad_login' */
  createRecoveryPhrase(password: string): Promise<string> {
    return createRecoveryPhrase(this.#needs(), password);
  }

  #needs() {
    const { platform, storage, calls, upkeep, own, directory } = this.#core;
    const ownList = () => directory.ownList();
    return { platform, storage, calls, keeper: upkeep.keeper, self: own.row, ownList };
  }
}
