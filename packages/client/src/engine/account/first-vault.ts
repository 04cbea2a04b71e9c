import { lockVaultKey, newVaultKey, sealVault, type VaultContent } from '@sotto/crypto';
import { type AccountId, type Bytes, toBase64Url, type VaultRecord } from '@sotto/protocol';
import type { Platform } from '../../seams/index.ts';
import { keyFormOf } from './key-form.ts';
import { exportKeyBytes } from './setup.ts';
import { derivationKeyRow, type VaultRows } from './vault-rows.ts';

/** What the server gets of a vault, and what rests here of it. */
interface FirstVault {
  readonly vault: VaultRecord;
  readonly rows: VaultRows;
}

/** OPAQUE registration with the server's answer fetched by `ask`; the password itself goes nowhere. */
export async function newPassword(
  platform: Platform,
  password: string,
  ask: (request: string) => Promise<string>,
): Promise<{ record: string; exportKey: Bytes }> {
  const { passwords } = platform;
  const { state, request } = await passwords.startRegistration(password);
  const response = await ask(request);
  const { record, exportKey } = await passwords.finishRegistration({ password, state, response });
  return { record, exportKey: exportKeyBytes(exportKey) };
}

/** K5: version 1 of a vault, under the password. */
export async function sealFirstVault(
  platform: Platform,
  account: AccountId,
  content: VaultContent,
  exportKey: Bytes,
): Promise<FirstVault> {
  const keyForm = keyFormOf(platform);
  const { bytes, key } = await newVaultKey();
  const body = toBase64Url(await sealVault(content, { account, version: 1, key }));
  const lock = await lockVaultKey(bytes, { account, kind: 'password', secret: exportKey });
  const rows: VaultRows = {
    vault: await derivationKeyRow(bytes, keyForm),
    archive: await derivationKeyRow(content.archiveKey, keyForm),
    seed: null,
  };
  bytes.fill(0);
  const vault = { version: 1, body, password: toBase64Url(lock), phrase: null } as VaultRecord;
  return { vault, rows };
}
