import {
  accountIdOf,
  createDeviceList,
  importSigningKeySeed,
  randomBytes,
  randomId,
  seenOf,
  type VerifiedList,
} from '@sotto/crypto';
import {
  type AccountId,
  type Bytes,
  type DeviceId,
  OpaqueResponseSchema,
  PATHS,
  toBase64Url,
  type VaultRecord,
} from '@sotto/protocol';
import { isUncertain } from '../../error.ts';
import type { Platform, Storage, Transaction } from '../../seams/index.ts';
import { callOpen } from '../calls.ts';
import { NOTHING_DECIDED } from '../consent/decisions.ts';
import type { SelfRow } from '../rows.ts';
import { newPassword, sealFirstVault } from './first-vault.ts';
import { keyFormOf } from './key-form.ts';
import { checkName, checkPassword, makeDevice, newSeed, type OnStep, settleIn, tell } from './setup.ts';
import { keepRequest, unfinishedSignUp } from './unfinished.ts';
import { seedRow, type VaultRows } from './vault-rows.ts';

/**
 * K1–K3: makes an account, registers it and stores its keys. With a password, the identity's seed goes into the
 * vault, whose key is locked under OPAQUE's export key (K5); the password itself goes nowhere.
 * @returns `again`: an earlier attempt was taken up, which may have had another password or none
 * @throws ClientError with the server's refusal, 'weak_password', 'bad_name', 'unreachable'
 */
export async function register(
  platform: Platform,
  who: { name: string; password: string | null },
  onStep: OnStep,
): Promise<{ storage: Storage; again: boolean }> {
  const name = checkName(who.name);
  if (who.password !== null) checkPassword(who.password);
  const earlier = await registerAgain(platform, name, onStep);
  if (earlier) return { storage: earlier, again: true };
  const keyForm = keyFormOf(platform);
  onStep?.('identity');
  const seed = newSeed();
  const identity = await importSigningKeySeed(seed, { extractable: keyForm === 'bytes' });
  const account = await accountIdOf(identity.publicKey);
  const device = randomId<DeviceId>();
  const fresh = await makeDevice(platform, { account, device }, onStep);
  const list = await createDeviceList({
    identity,
    at: platform.clock.now(),
    name,
    devices: [{ device, signing: fresh.signing.publicKey }],
  });
  let password: { record: string; vault: VaultRecord } | undefined;
  let vault: VaultRows;
  if (who.password === null) {
    vault = { vault: null, archive: null, seed: await seedRow(seed, account, keyForm) };
  } else {
    const made = await makePassword(
      platform,
      { account, name, device, seed, password: who.password, list },
      onStep,
    );
    password = made.password;
    vault = made.rows;
  }
  seed.fill(0);
  const kind = password ? 'password' : 'guest';
  const self: SelfRow = { account, device, name, kind, identity: identity.publicKey };
  const request = {
    account,
    list: toBase64Url(list.signed),
    key: toBase64Url(fresh.exchange.verified.signed),
    ...(password ? { password } : {}),
  };
  const more = async (tx: Transaction) => {
    await tx.put('lists', [account, 1], list);
    await keepRequest(tx, request);
  };
  const storage = await settleIn(platform, { self, identity, device: fresh, vault, more }, async () => {
    onStep?.('registering');
    await callOpen(platform.transport, 'POST', PATHS.accounts, null, request);
  });
  return { storage, again: false };
}

/**
 * The answer to an earlier attempt was lost: the same is said again, so that a name is never taken by an account
 * whose keys nobody uses. @returns null where there was none, or where the server refuses it now
 */
async function registerAgain(platform: Platform, name: string, onStep: OnStep): Promise<Storage | null> {
  const begun = await unfinishedSignUp(platform, name);
  if (!begun) return null;
  const { self, storage, request } = begun;
  try {
    await tell(platform, storage, self.account, () => {
      onStep?.('registering');
      return callOpen(platform.transport, 'POST', PATHS.accounts, null, request);
    });
    return storage;
  } catch (error) {
    if (isUncertain(error)) throw error;
    return null; // it was never taken, and somebody else has the name by now
  }
}

async function makePassword(
  platform: Platform,
  who: {
    account: AccountId;
    name: string;
    device: DeviceId;
    seed: Bytes;
    password: string;
    list: VerifiedList;
  },
  onStep: OnStep,
): Promise<{ password: { record: string; vault: VaultRecord }; rows: VaultRows }> {
  onStep?.('password');
  const { account, name } = who;
  const { record, exportKey } = await newPassword(platform, who.password, async (request) => {
    const asked = { account, name, request };
    const path = PATHS.opaqueRegistration;
    return (await callOpen(platform.transport, 'POST', path, OpaqueResponseSchema, asked)).response;
  });
  onStep?.('vault');
  const content = {
    identitySeed: who.seed,
    archiveKey: randomBytes(32),
    phraseKey: null,
    at: platform.clock.now(),
    list: seenOf(who.list),
    contacts: [],
    ...NOTHING_DECIDED,
    devices: [{ device: who.device, ...platform.device }],
  };
  const { vault, rows } = await sealFirstVault(platform, account, content, exportKey);
  return { password: { record, vault }, rows };
}
