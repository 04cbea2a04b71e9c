import { lockVaultKey, newVaultKey, sealVault, type VaultContent } from '@sotto/crypto';
import {
  type AccountId,
  type Bytes,
  OpaqueResponseSchema,
  toBase64Url,
  type VaultRecord,
} from '@sotto/protocol';
import type { Platform } from '../../seams/index.ts';
import { callOpen } from '../calls.ts';
import { keyFormOf } from './key-form.ts';
import { exportKeyBytes } from './setup.ts';
import { derivationKeyRow, type VaultRows } from './vault-rows.ts';

/** What the server gets of a new password, and what rests here of the vault that goes with it. */
export interface FirstVault {
  readonly record: string;
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

/** The server's answer to the first step of a password account that does not exist yet. */
export async function askRegistration(
  platform: Platform,
  who: { account: AccountId; name: string },
  path: string,
  request: string,
): Promise<string> {
  const { account, name } = who;
  const { transport } = platform;
  const asked = { account, name, request };
  return (await callOpen(transport, 'POST', path, OpaqueResponseSchema, asked)).response;
}

/** K5: version 1 of a vault, under the password and, where its content has one, the phrase. */
export async function sealFirstVault(
  platform: Platform,
  account: AccountId,
  content: VaultContent,
  exportKey: Bytes,
): Promise<Omit<FirstVault, 'record'>> {
  const keyForm = keyFormOf(platform);
  const { bytes, key } = await newVaultKey();
  const { archiveKey, phraseKey } = content;
  const body = toBase64Url(await sealVault(content, { account, version: 1, key }));
  const lock = await lockVaultKey(bytes, { account, kind: 'password', secret: exportKey });
  const phrase = phraseKey && (await lockVaultKey(bytes, { account, kind: 'phrase', secret: phraseKey }));
  const rows: VaultRows = {
    vault: await derivationKeyRow(bytes, keyForm),
    archive: await derivationKeyRow(archiveKey, keyForm),
    seed: null,
  };
  bytes.fill(0);
  const password = toBase64Url(lock);
  const vault = { version: 1, body, password, phrase: phrase && toBase64Url(phrase) } as VaultRecord;
  return { vault, rows };
}
