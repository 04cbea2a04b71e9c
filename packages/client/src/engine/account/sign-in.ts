import {
  extendDeviceList,
  importHkdfKey,
  importSigningKeySeed,
  openSigned,
  openVault,
  proveRecovery,
  randomBytes,
  randomId,
  type SigningKey,
  sha256,
  signingKeyOf,
  unlockVaultKey,
  VerificationError,
} from '@sotto/crypto';
import {
  type AccountId,
  type Bytes,
  type DeviceId,
  DeviceListCodec,
  foldName,
  InfoSchema,
  LoginFinishedSchema,
  LoginStartedSchema,
  PATHS,
  toBase64Url,
  type VaultRecord,
} from '@sotto/protocol';
import { ClientError } from '../../error.ts';
import type { Platform, Storage } from '../../seams/index.ts';
import { callOpen } from '../calls.ts';
import type { SelfRow } from '../rows.ts';
import { phraseSecrets } from './phrase-secrets.ts';
import {
  bytesFrom,
  checkName,
  exportKeyBytes,
  keepingOf,
  makeDevice,
  type NewDevice,
  type OnStep,
  settleIn,
} from './setup.ts';
import { keptDevice } from './unfinished.ts';
import { derivationKeyRow } from './vault-rows.ts';

/** What the server hands to whoever proved the password or the phrase. */
interface Login {
  readonly account: AccountId;
  readonly name: string;
  readonly list: string;
  readonly vault: VaultRecord;
}

/** OPAQUE: proves the password without sending it. @throws ClientError 'bad_login' */
export async function provePassword(
  platform: Pick<Platform, 'transport' | 'passwords'>,
  who: { name: string; password: string },
): Promise<{ login: Login; exportKey: Bytes }> {
  const { transport, passwords } = platform;
  const start = await passwords.startLogin(who.password);
  const started = await callOpen(transport, 'POST', PATHS.loginStart, LoginStartedSchema, {
    name: who.name,
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
  return { login, exportKey: exportKeyBytes(proof.exportKey) };
}

/**
 * Signs in here as a further device of the account: the password opens the vault, the vault's identity signs
 * this device into the list (K3). Nobody else needs to be online. @throws ClientError 'bad_login' and others
 */
export async function signIn(
  platform: Platform,
  who: { name: string; password: string },
  onStep: OnStep,
): Promise<Storage> {
  const name = checkName(who.name);
  onStep?.('password');
  const { login, exportKey } = await provePassword(platform, { name, password: who.password });
  const lock = bytesFrom(login.vault.password);
  const vaultKey = await unlockVaultKey(lock, {
    account: login.account,
    kind: 'password',
    secret: exportKey,
  });
  return enter(platform, login, vaultKey, onStep);
}

/** Signs in by the recovery phrase alone. @throws ClientError 'bad_login', 'bad_phrase' */
export async function recover(
  platform: Platform,
  who: { name: string; phrase: string },
  onStep: OnStep,
): Promise<Storage> {
  const name = checkName(who.name);
  const { phraseKey, recovery } = await phraseSecrets(who.phrase);
  const { transport } = platform;
  const { time } = await callOpen(transport, 'GET', PATHS.info, InfoSchema);
  const nonce = randomBytes(16);
  const proof = { origin: transport.origin, name: foldName(name), time, nonce };
  const login = await callOpen(transport, 'POST', PATHS.recovery, LoginFinishedSchema, {
    name,
    time,
    nonce: toBase64Url(nonce),
    signature: toBase64Url(await proveRecovery(proof, recovery)),
  });
  if (!login.vault.phrase) throw new ClientError('bad_answer');
  const lock = bytesFrom(login.vault.phrase);
  const vaultKey = await unlockVaultKey(lock, { account: login.account, kind: 'phrase', secret: phraseKey });
  return enter(platform, login, vaultKey, onStep);
}

async function enter(platform: Platform, login: Login, vaultKey: Bytes, onStep: OnStep): Promise<Storage> {
  onStep?.('vault');
  const { account } = login;
  const known = (await platform.host.profiles()).find((profile) => profile.account === account);
  if (known && !known.unfinished) {
    throw new ClientError('usage', { message: 'This account is already on this device. Open it instead.' });
  }
  const keeping = keepingOf(platform);
  const key = await importHkdfKey(vaultKey);
  const place = { account, version: login.vault.version, key };
  const content = await openVault(bytesFrom(login.vault.body), place);
  const identity = await importSigningKeySeed(content.identitySeed, { extractable: keeping === 'bytes' });
  const kept = known ? await keptDevice(platform, account) : null;
  const device = kept?.self.device ?? randomId<DeviceId>();
  const fresh = kept?.made ?? (await makeDevice(platform, { account, device }, onStep));
  const vault = {
    vault: await derivationKeyRow(vaultKey, keeping),
    archive: await derivationKeyRow(content.archiveKey, keeping),
    seed: null,
  };
  vaultKey.fill(0);
  const self: SelfRow = { account, device, name: login.name, kind: 'password', identity: identity.publicKey };
  return settleIn(platform, { self, identity, device: fresh, vault }, async () => {
    onStep?.('registering');
    await joinList(platform, { account, device, identity, fresh, newest: login.list });
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
    fresh: NewDevice;
    newest: string;
  },
): Promise<void> {
  const { account, device, identity, fresh } = joining;
  const signed = bytesFrom(joining.newest);
  const list = DeviceListCodec.decode(await openSigned('deviceList', signed, identity.publicKey, 'K4'));
  if (list.account !== account) {
    throw new VerificationError('K4', 'identity_changed', 'the list belongs to another account');
  }
  if (signingKeyOf(list, device)) return; // an earlier attempt came this far, and only its answer was lost
  const last = { list, signed, hash: await sha256(signed) };
  const next = await extendDeviceList(last, identity, {
    at: platform.clock.now(),
    add: [{ device, signing: fresh.signing.publicKey }],
  });
  await callOpen(platform.transport, 'POST', PATHS.devices, null, {
    list: toBase64Url(next.signed),
    key: toBase64Url(fresh.exchange.verified.signed),
  });
}
