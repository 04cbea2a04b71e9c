import {
  extendDeviceList,
  importHkdfKey,
  importSigningKeySeed,
  type ListSeen,
  openSigned,
  openVault,
  proveRecovery,
  randomBytes,
  randomId,
  type SigningKey,
  seenOf,
  sha256,
  signingKeyOf,
  unlockVaultKey,
  VerificationError,
  type VerifiedList,
} from '@sotto/crypto';
import {
  type AccountId,
  type Bytes,
  type DeviceId,
  DeviceListCodec,
  equalBytes,
  foldName,
  LoginFinishedSchema,
  LoginStartedSchema,
  PATHS,
  toBase64Url,
  type VaultRecord,
  type WorkDone,
} from '@sotto/protocol';
import { ClientError } from '../../error.ts';
import type { Platform, Storage, Transaction } from '../../seams/index.ts';
import { askInfo, callOpen, Refused } from '../calls.ts';
import { stranger } from '../people/people-rows.ts';
import type { PersonRow, SelfRow } from '../rows.ts';
import { keyFormOf } from './key-form.ts';
import { phraseSecrets } from './phrase-secrets.ts';
import { bytesFrom, checkName, exportKeyBytes, makeDevice, type OnStep, settleIn } from './setup.ts';
import { keptDevice } from './unfinished.ts';
import { derivationKeyRow } from './vault-rows.ts';

/** What the server hands to whoever proved the password or the phrase. */
interface Login {
  readonly account: AccountId;
  readonly list: string;
  readonly vault: VaultRecord;
}

/** What is asked for while it is done may have grown too much meanwhile: then once more. */
const WORKS = 3;

/**
 * The first step of a login. Where strangers tried this name often, the server asks for work first (attack 51).
 * @throws ClientError with the server's refusal
 */
async function startLogin(
  { transport, passwords }: Pick<Platform, 'transport' | 'passwords'>,
  { name, request }: { name: string; request: string },
  onStep: OnStep,
) {
  let work: WorkDone | undefined;
  for (let works = 0; ; works += 1) {
    try {
      const asked = { name, request, ...(work ? { work } : {}) };
      return await callOpen(transport, 'POST', PATHS.loginStart, LoginStartedSchema, asked);
    } catch (error) {
      const needed = error instanceof Refused ? error.refusal.work : undefined;
      if (!needed || works === WORKS) throw error;
      if (works === 0) onStep?.('work');
      work = { seed: needed.seed, nonce: await passwords.work({ work: needed, request }) };
    }
  }
}

/** OPAQUE: proves the password without sending it. @throws ClientError 'bad_login' */
export async function provePassword(
  platform: Pick<Platform, 'transport' | 'passwords'>,
  who: { name: string; password: string },
  onStep?: OnStep,
): Promise<{ login: Login; exportKey: Bytes }> {
  const { transport, passwords } = platform;
  const start = await passwords.startLogin(who.password);
  const started = await startLogin(platform, { name: who.name, request: start.request }, onStep);
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
  const { login, exportKey } = await provePassword(platform, { name, password: who.password }, onStep);
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
  const { time } = await askInfo(transport);
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
    throw new ClientError('usage', { reason: 'here_already' });
  }
  const keyForm = keyFormOf(platform);
  const key = await importHkdfKey(vaultKey);
  const place = { account, version: login.vault.version, key };
  const content = await openVault(bytesFrom(login.vault.body), place);
  const identity = await importSigningKeySeed(content.identitySeed, { extractable: keyForm === 'bytes' });
  const kept = known ? await keptDevice(platform, account) : null;
  const device = kept?.self.device ?? randomId<DeviceId>();
  const fresh = kept?.made ?? (await makeDevice(platform, { account, device }, onStep));
  const vault = {
    vault: await derivationKeyRow(vaultKey, keyForm),
    archive: await derivationKeyRow(content.archiveKey, keyForm),
    seed: null,
  };
  vaultKey.fill(0);
  const newest = await openOwnList(login, identity.publicKey);
  mustReach(newest, content.list);
  const { name } = newest.list;
  const self: SelfRow = { account, device, name, kind: 'password', identity: identity.publicKey };
  const joined = await joinedList(platform, newest, { device, identity, signing: fresh.signing.publicKey });
  // Attack 34: from here on only a list that is newer than this one can say that the device is removed.
  const more = (tx: Transaction) =>
    tx.put<PersonRow>('people', [account], { ...stranger(account), list: seenOf(joined) });
  return settleIn(platform, { self, identity, device: fresh, vault, more }, async () => {
    onStep?.('registering');
    if (joined === newest) return;
    await callOpen(platform.transport, 'POST', PATHS.devices, null, {
      list: toBase64Url(joined.signed),
      key: toBase64Url(fresh.exchange.verified.signed),
    });
  });
}

/** Attack 52: what the vault says another device saw. The rest of the chain is verified at the first connection. */
function mustReach({ list, hash }: VerifiedList, seen: ListSeen): void {
  const forked = list.version === seen.version && !equalBytes(hash, seen.hash);
  if (list.version >= seen.version && !forked) return;
  throw new ClientError('rolled_back', { since: list.at });
}

/** K4: the vault says who this account is: a list of any other identity is refused. */
async function openOwnList({ account, list: text }: Login, identity: Bytes): Promise<VerifiedList> {
  const signed = bytesFrom(text);
  const list = DeviceListCodec.decode(await openSigned('deviceList', signed, identity, 'K4'));
  if (list.account !== account) {
    throw new VerificationError('K4', 'identity_changed', 'the list belongs to another account');
  }
  return { list, signed, hash: await sha256(signed) };
}

/** K3: the newest list with this device in it. The whole chain of lists is verified at the first connection. */
async function joinedList(
  platform: Platform,
  newest: VerifiedList,
  { device, identity, signing }: { device: DeviceId; identity: SigningKey; signing: Bytes },
): Promise<VerifiedList> {
  if (signingKeyOf(newest.list, device)) return newest; // an earlier attempt came this far, and only its answer was lost
  return extendDeviceList(newest, identity, { at: platform.clock.now(), add: [{ device, signing }] });
}
