import {
  importHkdfKey,
  type ListSeen,
  lockVaultKey,
  newPhrase,
  newVaultKey,
  openVault,
  randomBytes,
  recoverySecrets,
  sealVault,
  unlockVaultKey,
  type VaultContent,
} from '@sotto/crypto';
import {
  type Bytes,
  OpaqueResponseSchema,
  PATHS,
  toBase64Url,
  type VaultRecord,
  VaultSchema,
} from '@sotto/protocol';
import { ClientError } from '../../error.ts';
import type { Platform, Storage } from '../../seams/index.ts';
import type { SignedCalls } from '../calls.ts';
import { decisionsHere } from '../consent/consent.ts';
import type { SelfRow } from '../rows.ts';
import { keyFormOf } from './key-form.ts';
import { bytesFrom, checkPassword, exportKeyBytes } from './setup.ts';
import { provePassword } from './sign-in.ts';
import type { VaultKeeper } from './vault-keeper.ts';
import { derivationKeyRow, putVaultRows, type SeedRow, seedFrom } from './vault-rows.ts';

const ATTEMPTS = 6;

interface Deps {
  readonly platform: Platform;
  readonly storage: Storage;
  readonly calls: SignedCalls;
  readonly keeper: VaultKeeper;
  readonly self: SelfRow;
  /** Attack 52: the newest list of the account that this device has seen. */
  ownList(): Promise<ListSeen>;
}

/**
 * Sets the account's password: a guest becomes an account that can sign in elsewhere; an old password is replaced.
 * The vault gets a fresh key, so what the old password opened stays what it was (K5).
 * @throws ClientError 'weak_password', 'usage' where the vault is locked here
 */
export async function setPassword(deps: Deps, password: string): Promise<SelfRow> {
  const { keeper, self } = deps;
  if (self.kind === 'password') {
    return replaceVault(deps, password, async () => ({
      content: await contentHere(keeper),
      version: keeper.version + 1,
    }));
  }
  try {
    return await replaceVault(deps, password, async () => ({
      content: await contentOfGuest(deps),
      version: 1,
    }));
  } catch (error) {
    if (!(error instanceof ClientError) || error.code !== 'vault_conflict') throw error;
    return completePassword(deps, password);
  }
}

/** A guest's password was set, and this device never heard of it: the same one, typed again, completes it. */
async function completePassword(deps: Deps, password: string): Promise<SelfRow> {
  const { platform } = deps;
  try {
    const self = await unlockVault(deps, password);
    const { account, name, kind, identity } = self;
    await platform.host.saveProfile({ account, name, kind, identity, lastUsed: platform.clock.now() });
    return self;
  } catch (error) {
    if (!(error instanceof ClientError) || error.code !== 'bad_login') throw error;
    throw new ClientError('usage', { reason: 'other_password', cause: error });
  }
}

/**
 * Somebody who knew the password changed it: this device sets another one, by what it opened before. The account's own
 * devices may do that, not the password (K3). Whoever had the vault open knows what was in it, so the recovery phrase
 * counts no more, and the archive gets another key (M5).
 * @throws ClientError 'weak_password', 'usage' where this device never opened the vault
 */
export async function takeBack(deps: Deps, password: string): Promise<SelfRow> {
  const { calls, keeper, self } = deps;
  const archiveKey = randomBytes(32);
  return replaceVault(deps, password, async () => {
    const known = self.kind === 'guest' ? null : await keeper.remembered();
    if (!known) throw new ClientError('usage', { reason: 'vault_never_open' });
    const { version } = await calls.get(PATHS.vault, VaultSchema);
    const devices = known.devices.filter(({ device }) => device === self.device);
    const at = deps.platform.clock.now();
    const content = { ...known, at, list: await deps.ownList(), devices, archiveKey, phraseKey: null };
    return { content, version: version + 1, recovery: null };
  });
}

/** A fresh vault under a fresh key and a new password. */
async function replaceVault(
  deps: Deps,
  password: string,
  make: () => Promise<{ content: VaultContent; version: number; recovery?: null }>,
): Promise<SelfRow> {
  checkPassword(password);
  const { platform, storage, calls, keeper, self } = deps;
  const { passwords } = platform;
  const start = await passwords.startRegistration(password);
  const request = { request: start.request };
  const { response } = await calls.post(PATHS.passwordStart, request, OpaqueResponseSchema);
  const { record, exportKey } = await passwords.finishRegistration({
    password,
    state: start.state,
    response,
  });
  const { bytes, key } = await newVaultKey();
  const secret = exportKeyBytes(exportKey);
  const { version, content } = await retryConflicts(
    async () => {
      const { content, version, ...more } = await make();
      const vault = await sealed({ content, bytes, key }, { account: self.account, version, secret });
      await calls.put(PATHS.password, { record, vault, ...more });
      return { version, content };
    },
    self.kind === 'guest' ? 1 : ATTEMPTS,
  );
  const next: SelfRow = { ...self, kind: 'password' };
  await keepVault(deps, bytes, content, next);
  await keeper.load();
  const { account, name, kind, identity } = next;
  await platform.host.saveProfile({ account, name, kind, identity, lastUsed: platform.clock.now() });
  await storage.transaction(['meta'], 'write', (tx) => tx.put('meta', ['vault'], { version }));
  await keeper.refresh();
  return next;
}

/** After the password was changed on another device: the new one opens the vault here again. */
export async function unlockVault(deps: Deps, password: string): Promise<SelfRow> {
  const { self, keeper } = deps;
  const { login, exportKey } = await provePassword(deps.platform, { name: self.name, password });
  const { bytes, content } = await openLogin(login.vault, self, exportKey);
  const next: SelfRow = { ...self, kind: 'password' };
  await keepVault(deps, bytes, content, next);
  await keeper.load();
  await keeper.refresh();
  return next;
}

/**
 * A fresh recovery phrase, in place of any before. The password is asked for, since the phrase is as good as it.
 * @returns 24 words; they are shown once and kept nowhere
 */
export async function createRecoveryPhrase(deps: Deps, password: string): Promise<string> {
  const { self, calls, keeper } = deps;
  const { account, name } = self;
  const { login, exportKey } = await provePassword(deps.platform, { name, password });
  const { bytes } = await openLogin(login.vault, self, exportKey);
  const phrase = newPhrase();
  const { phraseKey, recovery } = await recoverySecrets(phrase);
  const key = await importHkdfKey(bytes);
  const lock = toBase64Url(await lockVaultKey(bytes, { account, kind: 'phrase', secret: phraseKey }));
  bytes.fill(0);
  await retryConflicts(async () => {
    const record = await calls.get(PATHS.vault, VaultSchema);
    const content = await openVault(bytesFrom(record.body), { account, version: record.version, key });
    const version = record.version + 1;
    const at = deps.platform.clock.now();
    const body = toBase64Url(await sealVault({ ...content, at, phraseKey }, { account, version, key }));
    const vault = { ...record, version, body, phrase: lock };
    await calls.put(PATHS.vault, { vault, recovery: toBase64Url(recovery.publicKey) });
  });
  await keeper.refresh();
  return phrase;
}

/** Another device stored a vault in between: look again. */
async function retryConflicts<T>(work: () => Promise<T>, attempts = ATTEMPTS): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      const again = error instanceof ClientError && error.code === 'vault_conflict';
      if (!again || attempt >= attempts) throw error;
    }
  }
}

/** The vault under a fresh key, locked under the password and, where there is one, the phrase. */
async function sealed(
  vault: { content: VaultContent; bytes: Bytes; key: CryptoKey },
  place: { account: SelfRow['account']; version: number; secret: Bytes },
): Promise<VaultRecord> {
  const { content, bytes, key } = vault;
  const { account, version, secret } = place;
  const { phraseKey } = content;
  const password = await lockVaultKey(bytes, { account, kind: 'password', secret });
  const phrase = phraseKey && (await lockVaultKey(bytes, { account, kind: 'phrase', secret: phraseKey }));
  return {
    version,
    body: toBase64Url(await sealVault(content, { account, version, key })),
    password: toBase64Url(password),
    phrase: phrase && toBase64Url(phrase),
  } as VaultRecord;
}

async function openLogin(record: VaultRecord, self: SelfRow, exportKey: Bytes) {
  const { account } = self;
  const bytes = await unlockVaultKey(bytesFrom(record.password), {
    account,
    kind: 'password',
    secret: exportKey,
  });
  const key = await importHkdfKey(bytes);
  const content = await openVault(bytesFrom(record.body), { account, version: record.version, key });
  return { bytes, content };
}

async function contentHere(keeper: VaultKeeper): Promise<VaultContent> {
  await keeper.refresh();
  if (keeper.standing !== 'open' || !keeper.content) {
    throw new ClientError('usage', { reason: 'vault_locked' });
  }
  return keeper.content;
}

async function contentOfGuest({ storage, self, platform, ownList }: Deps): Promise<VaultContent> {
  const row = await storage.transaction(['keys'], 'read', (tx) => tx.get<SeedRow>('keys', ['seed']));
  if (!row) throw new ClientError('usage', { reason: 'guest_too_old' });
  return {
    identitySeed: (await seedFrom(row, self.account)).slice(),
    archiveKey: randomBytes(32),
    phraseKey: null,
    at: platform.clock.now(),
    list: await ownList(),
    contacts: [],
    devices: [{ device: self.device, ...platform.device }],
    ...(await decisionsHere(storage)),
  };
}

/** The vault's and the archive's key rest here; a guest's seed is forgotten, the vault has it now. */
async function keepVault(deps: Deps, bytes: Bytes, content: VaultContent, self: SelfRow): Promise<void> {
  const keyForm = keyFormOf(deps.platform);
  const rows = {
    vault: await derivationKeyRow(bytes, keyForm),
    archive: await derivationKeyRow(content.archiveKey, keyForm),
    seed: null,
  };
  bytes.fill(0);
  await deps.storage.transaction(['keys', 'meta'], 'write', async (tx) => {
    await putVaultRows(tx, rows);
    await tx.put('meta', ['self'], self);
  });
}
