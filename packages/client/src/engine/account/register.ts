import {
  createDeviceList,
  extendDeviceList,
  importHkdfKey,
  importSigningKeySeed,
  lockVaultKey,
  newVaultKey,
  openSigned,
  openVault,
  randomBytes,
  randomId,
  type SigningKey,
  sealVault,
  sha256,
  unlockVaultKey,
  VerificationError,
} from '@sotto/crypto';
import {
  type AccountId,
  type Bytes,
  type DeviceId,
  DeviceListCodec,
  fromBase64Url,
  LoginFinishedSchema,
  LoginStartedSchema,
  NameSchema,
  OpaqueResponseSchema,
  PATHS,
  parseValue,
  toBase64Url,
} from '@sotto/protocol';
import type { SetupStep } from '../../api.ts';
import { ClientError } from '../../error.ts';
import type { Platform, Storage } from '../../seams/index.ts';
import { callOpen } from '../calls.ts';
import type { SelfRow } from '../rows.ts';
import { type KeyKeeping, makeExchangeKey, makeSigningKey, signingKeyRow, storeKeys } from './keys.ts';

type OnStep = ((step: SetupStep) => void) | undefined;

const MIN_PASSWORD = 8;

function checkName(name: string): string {
  const parsed = parseValue(NameSchema, name);
  if (!parsed.ok) throw new ClientError('bad_name');
  return parsed.value;
}

const keepingOf = (platform: Platform): KeyKeeping => (platform.host.keepsKeysOpaque ? 'opaque' : 'bytes');

/** Stores a fresh profile; where anything fails on the way, nothing of it stays. */
async function withNewStorage<T>(
  platform: Platform,
  account: AccountId,
  work: (storage: Storage) => Promise<T>,
): Promise<T> {
  const storage = await platform.host.open(account);
  try {
    return await work(storage);
  } catch (error) {
    await storage.close();
    await platform.host.erase(account);
    throw error;
  }
}

const saveProfile = (platform: Platform, self: SelfRow) =>
  platform.host.saveProfile({
    account: self.account,
    name: self.name,
    kind: self.kind,
    identity: self.identity,
    lastUsed: platform.clock.now(),
  });

/**
 * K1–K3: makes an account, registers it and stores its keys. With a password, the identity's seed goes into
 * the vault under OPAQUE's export key (K5); the password itself goes nowhere.
 * @throws ClientError with the server's refusal, 'weak_password', 'bad_name', 'unreachable'
 */
export async function register(
  platform: Platform,
  who: { name: string; password: string | null },
  onStep: OnStep,
): Promise<Storage> {
  const name = checkName(who.name);
  if (who.password !== null && who.password.length < MIN_PASSWORD) throw new ClientError('weak_password');
  const { transport, clock } = platform;
  const keeping = keepingOf(platform);
  const account = randomId<AccountId>();
  const device = randomId<DeviceId>();
  const at = clock.now();
  onStep?.('identity');
  const seed = randomBytes(32);
  const identity = await importSigningKeySeed(seed, { extractable: keeping === 'bytes' });
  onStep?.('device');
  const signing = await makeSigningKey(keeping);
  const exchange = await makeExchangeKey({ account, device, signing, at, keeping, onStep });
  const list = await createDeviceList({
    account,
    identity,
    at,
    devices: [{ device, signing: signing.publicKey }],
  });
  const password =
    who.password === null
      ? undefined
      : await makePassword(platform, { account, name, seed }, who.password, onStep);
  seed.fill(0);
  const self: SelfRow = {
    account,
    device,
    name,
    kind: password ? 'password' : 'guest',
    identity: identity.publicKey,
  };
  return withNewStorage(platform, account, async (storage) => {
    // Keys rest here before the server knows of them: a crash in between leaves no account without keys.
    await storeKeys(storage, {
      self,
      identity: await signingKeyRow(identity, keeping),
      signing: await signingKeyRow(signing, keeping),
      exchange: exchange.row,
    });
    await storage.transaction(['lists'], 'write', (tx) => tx.put('lists', [account, 1], list));
    onStep?.('registering');
    await callOpen(transport, 'POST', PATHS.accounts, null, {
      account,
      name,
      list: toBase64Url(list.signed),
      key: toBase64Url(exchange.verified.signed),
      ...(password ? { password } : {}),
    });
    await saveProfile(platform, self);
    return storage;
  });
}

async function makePassword(
  platform: Platform,
  who: { account: AccountId; name: string; seed: Bytes },
  password: string,
  onStep: OnStep,
) {
  const { passwords, transport } = platform;
  onStep?.('password');
  const start = await passwords.startRegistration(password);
  const { response } = await callOpen(transport, 'POST', PATHS.opaqueRegistration, OpaqueResponseSchema, {
    account: who.account,
    name: who.name,
    request: start.request,
  });
  const { record, exportKey } = await passwords.finishRegistration({
    password,
    state: start.state,
    response,
  });
  onStep?.('vault');
  const { account } = who;
  const { bytes, key } = await newVaultKey();
  const content = {
    identitySeed: who.seed,
    archiveKey: randomBytes(32),
    phraseKey: null,
    contacts: [],
    devices: [],
  };
  const body = toBase64Url(await sealVault(content, { account, version: 1, key }));
  const lock = await lockVaultKey(bytes, { account, kind: 'password', secret: keyFrom(exportKey) });
  bytes.fill(0);
  return { record, vault: { version: 1, body, password: toBase64Url(lock), phrase: null } };
}

function keyFrom(exportKey: string): Bytes {
  const bytes = fromBase64Url(exportKey.replace(/=+$/, ''));
  if (!bytes || bytes.length < 32) throw new ClientError('bad_answer');
  return bytes;
}

/**
 * Signs in here as a further device of the account: OPAQUE opens the vault, the vault's identity signs this
 * device into the list (K3). @throws ClientError 'bad_login' and others
 */
export async function signIn(
  platform: Platform,
  who: { name: string; password: string },
  onStep: OnStep,
): Promise<Storage> {
  const name = checkName(who.name);
  const { transport, passwords, clock } = platform;
  onStep?.('password');
  const start = await passwords.startLogin(who.password);
  const started = await callOpen(transport, 'POST', PATHS.loginStart, LoginStartedSchema, {
    name,
    request: start.request,
  });
  const proof = await passwords.finishLogin({
    password: who.password,
    state: start.state,
    response: started.response,
  });
  if (!proof) throw new ClientError('bad_login');
  const login = await callOpen(transport, 'POST', PATHS.loginFinish, LoginFinishedSchema, {
    login: started.login,
    finish: proof.finish,
  });
  onStep?.('vault');
  const sealed = fromBase64Url(login.vault.body);
  const lock = fromBase64Url(login.vault.password);
  if (!sealed || !lock) throw new ClientError('bad_answer');
  const secret = keyFrom(proof.exportKey);
  const vaultKey = await unlockVaultKey(lock, { account: login.account, kind: 'password', secret });
  const vault = await openVault(sealed, {
    account: login.account,
    version: login.vault.version,
    key: await importHkdfKey(vaultKey),
  });
  const keeping = keepingOf(platform);
  const { account } = login;
  if ((await platform.host.profiles()).some((profile) => profile.account === account)) {
    throw new ClientError('usage', { message: 'This account is already on this device. Open it instead.' });
  }
  const identity = await importSigningKeySeed(vault.identitySeed, { extractable: keeping === 'bytes' });
  const device = randomId<DeviceId>();
  onStep?.('device');
  const signing = await makeSigningKey(keeping);
  const exchange = await makeExchangeKey({ account, device, signing, at: clock.now(), keeping, onStep });
  const self: SelfRow = { account, device, name: login.name, kind: 'password', identity: identity.publicKey };
  return withNewStorage(platform, account, async (storage) => {
    await storeKeys(storage, {
      self,
      identity: await signingKeyRow(identity, keeping),
      signing: await signingKeyRow(signing, keeping),
      exchange: exchange.row,
    });
    onStep?.('registering');
    const exchangeKey = exchange.verified.signed;
    await joinList(platform, { account, device, identity, signing, exchangeKey, newest: login.list });
    await saveProfile(platform, self);
    return storage;
  });
}

/**
 * K3: adds the device to the newest list. The vault says who this account is: a list of any other identity is
 * refused. The whole chain of lists is verified at the first connection.
 */
async function joinList(
  platform: Platform,
  joining: {
    account: AccountId;
    device: DeviceId;
    identity: SigningKey;
    signing: SigningKey;
    exchangeKey: Bytes;
    newest: string;
  },
): Promise<void> {
  const { account, device, identity, signing } = joining;
  const signed = fromBase64Url(joining.newest);
  if (!signed) throw new ClientError('bad_answer');
  const list = DeviceListCodec.decode(await openSigned('deviceList', signed, identity.publicKey, 'K4'));
  if (list.account !== account)
    throw new VerificationError('K4', 'identity_changed', 'another account’s list');
  const last = { list, signed, hash: await sha256(signed) };
  const next = await extendDeviceList(last, identity, {
    at: platform.clock.now(),
    add: [{ device, signing: signing.publicKey }],
  });
  await callOpen(platform.transport, 'POST', PATHS.devices, null, {
    list: toBase64Url(next.signed),
    key: toBase64Url(joining.exchangeKey),
  });
}
