import { openVault, sealVault, type VaultContent, VerificationError } from '@sotto/crypto';
import { PATHS, toBase64Url, type VaultRecord, VaultSchema } from '@sotto/protocol';
import { ClientError } from '../../error.ts';
import type { Clock, Locks, Storage } from '../../seams/index.ts';
import type { SignedCalls } from '../calls.ts';
import type { SelfRow } from '../rows.ts';
import { bytesFrom } from './setup.ts';
import { type DerivationKeyRow, derivationKeyFrom } from './vault-rows.ts';

/** 'none': a guest. 'locked': another device changed the password; it has to be typed here once. */
export type VaultStanding = 'none' | 'open' | 'locked';

const ATTEMPTS = 6;

/** Table `meta`, ['vault']: newest vault this device has opened (attack 10). */
interface SeenRow {
  readonly version: number;
  /** As sealed: what this device goes back to where somebody else locked the newest one. */
  readonly body?: string;
  /** The newest version that this device wrote itself. */
  readonly wrote?: number;
}

interface Deps {
  readonly storage: Storage;
  readonly calls: SignedCalls;
  readonly locks: Locks;
  readonly clock: Clock;
  readonly self: () => SelfRow;
  /** The vault's newest content, after it was opened here. */
  onContent(content: VaultContent): Promise<void>;
  /** Attack 52: the server shows one without what this device wrote into it; told before its content. */
  onBranch(error: VerificationError): Promise<void>;
  /** Standing or content are others now. */
  onChange(): void;
}

/** K5: reads and writes the account's vault: compare-and-set at the server, an older one is refused here. */
export class VaultKeeper {
  readonly #deps: Deps;
  #key: CryptoKey | null = null;
  #standing: VaultStanding = 'none';
  #content: VaultContent | null = null;
  #version = 0;
  #wrote = 0;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  get standing(): VaultStanding {
    return this.#standing;
  }

  /** Of the newest vault seen here. */
  get version(): number {
    return this.#version;
  }

  get content(): VaultContent | null {
    return this.#content;
  }

  async load(): Promise<void> {
    const rows = await this.#deps.storage.transaction(['keys', 'meta'], 'read', async (tx) => ({
      key: await tx.get<DerivationKeyRow>('keys', ['vault']),
      seen: await tx.get<SeenRow>('meta', ['vault']),
    }));
    this.#key = rows.key ? await derivationKeyFrom(rows.key) : null;
    this.#version = rows.seen?.version ?? 0;
    this.#wrote = rows.seen?.wrote ?? 0;
    this.#standing = this.#key ? 'open' : 'none';
    this.#content = null;
  }

  /** The newest content this device has opened, also where a newer vault is locked; null where there is none. */
  async remembered(): Promise<VaultContent | null> {
    if (this.#content || !this.#key) return this.#content;
    const seen = await this.#deps.storage.transaction(['meta'], 'read', (tx) =>
      tx.get<SeenRow>('meta', ['vault']),
    );
    if (!seen?.body) return null;
    const { account } = this.#deps.self();
    return openVault(bytesFrom(seen.body), { account, version: seen.version, key: this.#key });
  }

  /** Reads the newest vault. @throws VerificationError K5 where the server shows an older one */
  async refresh(): Promise<void> {
    if (!this.#key) return;
    await this.#read();
  }

  /** Changes the content; a change of another device in between is merged by doing it again on top. */
  async update(change: (content: VaultContent) => VaultContent): Promise<void> {
    await this.#deps.locks.exclusive('vault', async () => {
      for (let attempt = 1; ; attempt++) {
        const read = await this.#read();
        if (!read || !this.#key) return;
        const changed = change(read.content);
        if (changed === read.content) return;
        const version = read.record.version + 1;
        const { account, device } = this.#deps.self();
        const devices = changed.devices.map((known) =>
          known.device === device ? { ...known, wrote: version } : known,
        );
        const next = { ...changed, devices, at: this.#deps.clock.now() };
        const body = toBase64Url(await sealVault(next, { account, version, key: this.#key }));
        try {
          await this.#deps.calls.put(PATHS.vault, { vault: { ...read.record, version, body } });
        } catch (error) {
          const again = error instanceof ClientError && error.code === 'vault_conflict';
          if (!again || attempt >= ATTEMPTS) throw error;
          continue;
        }
        if (devices.some((known) => known.device === device)) this.#wrote = version;
        await this.#took(version, body, next);
        return;
      }
    });
  }

  async #read(): Promise<{ record: VaultRecord; content: VaultContent } | null> {
    const record = await this.#deps.calls.get(PATHS.vault, VaultSchema);
    const { account } = this.#deps.self();
    if (!this.#key) return null;
    if (this.#content && record.version === this.#version) return { record, content: this.#content };
    try {
      const place = { account, version: record.version, key: this.#key };
      const content = await openVault(bytesFrom(record.body), place, this.#version);
      this.#setStanding('open');
      if (this.#lacksOwn(content)) {
        const what = 'the server shows a vault without what this device wrote into it';
        await this.#deps.onBranch(new VerificationError('K5', 'old_vault', what, { since: content.at }));
      }
      await this.#took(record.version, record.body, content);
      await this.#deps.onContent(content);
      return { record, content };
    } catch (error) {
      if (!(error instanceof VerificationError) || error.code !== 'bad_vault') throw error;
      this.#setStanding('locked'); // sealed anew under a key this device does not have
      return null;
    }
  }

  #lacksOwn({ devices }: VaultContent): boolean {
    const { device } = this.#deps.self();
    return (devices.find((known) => known.device === device)?.wrote ?? 0) < this.#wrote;
  }

  async #took(version: number, body: string, content: VaultContent): Promise<void> {
    await this.#deps.storage.transaction(['meta'], 'write', (tx) =>
      tx.put<SeenRow>('meta', ['vault'], { version, body, wrote: this.#wrote }),
    );
    this.#version = version;
    this.#content = content;
    this.#deps.onChange();
  }

  #setStanding(standing: VaultStanding): void {
    if (this.#standing === standing) return;
    this.#standing = standing;
    this.#deps.onChange();
  }
}
