import { randomBytes, type SigningKey } from '@sotto/crypto';
import {
  type AccountId,
  type Bytes,
  type DeviceId,
  fromBase64Url,
  NameSchema,
  parseValue,
} from '@sotto/protocol';
import type { SetupStep } from '../../api.ts';
import { ClientError } from '../../error.ts';
import type { Platform, Storage } from '../../seams/index.ts';
import type { SelfRow } from '../rows.ts';
import { type KeyKeeping, makeExchangeKey, makeSigningKey, signingKeyRow, storeKeys } from './keys.ts';
import type { VaultRows } from './vault-rows.ts';

/** What sign-up, sign-in and recovery share. */
export type OnStep = ((step: SetupStep) => void) | undefined;

const MIN_PASSWORD = 8;

/** @throws ClientError 'bad_name' */
export function checkName(name: string): string {
  const parsed = parseValue(NameSchema, name);
  if (!parsed.ok) throw new ClientError('bad_name');
  return parsed.value;
}

/** @throws ClientError 'weak_password' */
export function checkPassword(password: string): void {
  if (password.length < MIN_PASSWORD) throw new ClientError('weak_password');
}

export const keepingOf = (platform: Platform): KeyKeeping =>
  platform.host.keepsKeysOpaque ? 'opaque' : 'bytes';

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

/** K2: the keys of a device that is about to join an account. */
export async function makeDevice(
  platform: Platform,
  who: { account: AccountId; device: DeviceId },
  onStep: OnStep,
) {
  const keeping = keepingOf(platform);
  onStep?.('device');
  const signing = await makeSigningKey(keeping);
  const at = platform.clock.now();
  const exchange = await makeExchangeKey({ ...who, signing, at, keeping, onStep });
  return { signing, exchange };
}

export type NewDevice = Awaited<ReturnType<typeof makeDevice>>;

/**
 * Keys rest on this device before the server knows of them: a crash in between leaves no account without keys.
 * Where `announce` fails, nothing of it stays here.
 */
export async function settleIn(
  platform: Platform,
  keys: { self: SelfRow; identity: SigningKey; device: NewDevice; vault: VaultRows },
  announce: (storage: Storage) => Promise<void>,
): Promise<Storage> {
  const { self, identity, device, vault } = keys;
  const keeping = keepingOf(platform);
  const storage = await platform.host.open(self.account);
  try {
    await storeKeys(storage, {
      self,
      identity: await signingKeyRow(identity, keeping),
      signing: await signingKeyRow(device.signing, keeping),
      exchange: device.exchange.row,
      vault,
    });
    await announce(storage);
    const { account, name, kind } = self;
    const lastUsed = platform.clock.now();
    await platform.host.saveProfile({ account, name, kind, identity: self.identity, lastUsed });
    return storage;
  } catch (error) {
    await storage.close();
    await platform.host.erase(self.account);
    throw error;
  }
}

export const newSeed = (): Bytes => randomBytes(32);
