import { randomBytes, type SigningKey } from '@sotto/crypto';
import {
  type AccountId,
  type Bytes,
  type DeviceId,
  fromBase64Url,
  NameSchema,
  nameFlaw,
  normaliseName,
  parseValue,
} from '@sotto/protocol';
import type { SetupStep } from '../../api.ts';
import { ClientError, isUncertain } from '../../error.ts';
import { prepared } from '../../password/prepared.ts';
import type { Platform, Storage, Transaction } from '../../seams/index.ts';
import { askInfo } from '../calls.ts';
import type { SelfRow } from '../rows.ts';
import { keyFormOf } from './key-form.ts';
import { makeExchangeKey, makeSigningKey, signingKeyRow, storeKeys } from './keys.ts';
import { keyTime } from './renewal.ts';
import type { VaultRows } from './vault-rows.ts';

/** What sign-up, sign-in and recovery share. */
export type OnStep = ((step: SetupStep) => void) | undefined;

const MIN_PASSWORD = 8;

/** @throws ClientError 'bad_name' */
export function checkName(name: string): string {
  const parsed = parseValue(NameSchema, name);
  if (!parsed.ok) throw new ClientError('bad_name', { flaw: nameFlaw(normaliseName(name)) });
  return parsed.value;
}

/** @throws ClientError 'weak_password', 'bad_password' */
export function checkPassword(password: string): void {
  if ([...prepared(password)].length < MIN_PASSWORD) throw new ClientError('weak_password');
}

/** OPAQUE's export key as bytes. */
export function exportKeyBytes(exportKey: string): Bytes {
  const bytes = fromBase64Url(exportKey.replace(/=+$/, ''));
  if (!bytes || bytes.length < 32) throw new ClientError('bad_answer');
  return bytes;
}

export function bytesFrom(text: string): Bytes {
  const bytes = fromBase64Url(text);
  if (!bytes) throw new ClientError('bad_answer');
  return bytes;
}

/** K2: before there is a connection. */
export const keyTimeNow = async ({ clock, transport }: Pick<Platform, 'clock' | 'transport'>) =>
  keyTime(clock.now(), (await askInfo(transport)).time);

/** K2: the keys of a device that is about to join an account. */
export async function makeDevice(
  platform: Platform,
  who: { account: AccountId; device: DeviceId },
  onStep: OnStep,
) {
  const keyForm = keyFormOf(platform);
  onStep?.('device');
  const signing = await makeSigningKey(keyForm);
  const at = await keyTimeNow(platform);
  const exchange = await makeExchangeKey({ ...who, signing, at, keyForm, onStep });
  return { signing, exchange };
}

export type NewDevice = Awaited<ReturnType<typeof makeDevice>>;

/**
 * Keys rest on this device before the server knows of them: a crash in between leaves no account without keys, and
 * whoever tries again goes on with the same ones. The profile is unfinished until `finish`.
 * @param keys.more written together with the keys
 */
export async function settleIn(
  platform: Platform,
  keys: {
    self: SelfRow;
    identity: SigningKey;
    device: NewDevice;
    vault: VaultRows;
    more: (tx: Transaction) => Promise<void>;
  },
  announce: () => Promise<void>,
): Promise<Storage> {
  const { self, identity, device, vault, more } = keys;
  const { account, name, kind } = self;
  const keyForm = keyFormOf(platform);
  const lastUsed = platform.clock.now();
  const profile = { account, name, kind, identity: self.identity, lastUsed };
  await platform.host.saveProfile({ ...profile, unfinished: true });
  const storage = await platform.host.open(account);
  try {
    const rows = {
      self,
      identity: await signingKeyRow(identity, keyForm),
      signing: await signingKeyRow(device.signing, keyForm),
      exchange: device.exchange.row,
      vault,
    };
    await storeKeys(storage, rows, more);
  } catch (error) {
    await discard(platform, storage, account);
    throw error;
  }
  await tell(platform, storage, account, announce);
  return storage;
}

/** Tells the server. Nothing stays here of what it refused; where no answer came, all of it does. */
export async function tell(
  platform: Platform,
  storage: Storage,
  account: AccountId,
  announce: () => Promise<void>,
): Promise<void> {
  try {
    await announce();
  } catch (error) {
    if (!isUncertain(error)) {
      await discard(platform, storage, account);
      throw error;
    }
    await storage.close();
    throw new ClientError(error.code, { reason: 'setup_unconfirmed', cause: error });
  }
}

async function discard(platform: Platform, storage: Storage, account: AccountId): Promise<void> {
  await storage.close();
  await platform.host.erase(account);
}

/** From here on the account stands in the list of those on this device. */
export async function finish(platform: Platform, storage: Storage): Promise<Storage> {
  const self = await storage.transaction(['meta'], 'read', (tx) => tx.get<SelfRow>('meta', ['self']));
  if (!self) throw new ClientError('not_here');
  const { account, name, kind, identity } = self;
  await platform.host.saveProfile({ account, name, kind, identity, lastUsed: platform.clock.now() });
  return storage;
}

export const newSeed = (): Bytes => randomBytes(32);
