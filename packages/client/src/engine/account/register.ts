import {
  createDeviceList,
  importSigningKeySeed,
  lockVaultKey,
  newVaultKey,
  randomBytes,
  randomId,
  sealVault,
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
import type { Platform, Storage } from '../../seams/index.ts';
import { callOpen } from '../calls.ts';
import type { SelfRow } from '../rows.ts';
import {
  checkName,
  checkPassword,
  exportKeyBytes,
  keepingOf,
  makeDevice,
  newSeed,
  type OnStep,
  settleIn,
} from './setup.ts';
import { derivationKeyRow, seedRow, type VaultRows } from './vault-rows.ts';

/**
 * K1–K3: makes an account, registers it and stores its keys. With a password, the identity's seed goes into the
 * vault, whose key is locked under OPAQUE's export key (K5); the password itself goes nowhere.
 * @throws ClientError with the server's refusal, 'weak_password', 'bad_name', 'unreachable'
 */
export async function register(
  platform: Platform,
  who: { name: string; password: string | null },
  onStep: OnStep,
): Promise<Storage> {
  const name = checkName(who.name);
  if (who.password !== null) checkPassword(who.password);
  const keeping = keepingOf(platform);
  const account = randomId<AccountId>();
  const device = randomId<DeviceId>();
  onStep?.('identity');
  const seed = newSeed();
  const identity = await importSigningKeySeed(seed, { extractable: keeping === 'bytes' });
  const fresh = await makeDevice(platform, { account, device }, onStep);
  const list = await createDeviceList({
    account,
    identity,
    at: platform.clock.now(),
    devices: [{ device, signing: fresh.signing.publicKey }],
  });
  let password: { record: string; vault: VaultRecord } | undefined;
  let vault: VaultRows;
  if (who.password === null) {
    vault = { vault: null, archive: null, seed: await seedRow(seed, account, keeping) };
  } else {
    const made = await makePassword(
      platform,
      { account, name, device, seed, password: who.password },
      onStep,
    );
    password = made.password;
    vault = made.rows;
  }
  seed.fill(0);
  const kind = password ? 'password' : 'guest';
  const self: SelfRow = { account, device, name, kind, identity: identity.publicKey };
  return settleIn(platform, { self, identity, device: fresh, vault }, async (storage) => {
    await storage.transaction(['lists'], 'write', (tx) => tx.put('lists', [account, 1], list));
    onStep?.('registering');
    await callOpen(platform.transport, 'POST', PATHS.accounts, null, {
      account,
      name,
      list: toBase64Url(list.signed),
      key: toBase64Url(fresh.exchange.verified.signed),
      ...(password ? { password } : {}),
    });
  });
}

async function makePassword(
  platform: Platform,
  who: { account: AccountId; name: string; device: DeviceId; seed: Bytes; password: string },
  onStep: OnStep,
): Promise<{ password: { record: string; vault: VaultRecord }; rows: VaultRows }> {
  const { passwords, transport } = platform;
  const { account, name, password } = who;
  onStep?.('password');
  const start = await passwords.startRegistration(password);
  const { response } = await callOpen(transport, 'POST', PATHS.opaqueRegistration, OpaqueResponseSchema, {
    account,
    name,
    request: start.request,
  });
  const { record, exportKey } = await passwords.finishRegistration({
    password,
    state: start.state,
    response,
  });
  onStep?.('vault');
  const keeping = keepingOf(platform);
  const { bytes, key } = await newVaultKey();
  const archiveKey = randomBytes(32);
  const content = {
    identitySeed: who.seed,
    archiveKey,
    phraseKey: null,
    contacts: [],
    devices: [{ device: who.device, ...platform.device }],
  };
  const body = toBase64Url(await sealVault(content, { account, version: 1, key }));
  const lock = await lockVaultKey(bytes, { account, kind: 'password', secret: exportKeyBytes(exportKey) });
  const rows: VaultRows = {
    vault: await derivationKeyRow(bytes, keeping),
    archive: await derivationKeyRow(archiveKey, keeping),
    seed: null,
  };
  bytes.fill(0);
  const vault = { version: 1, body, password: toBase64Url(lock), phrase: null } as VaultRecord;
  return { password: { record, vault }, rows };
}
