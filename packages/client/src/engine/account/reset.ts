import { importSigningKeySeed, randomBytes, randomId, restartDeviceList, seenOf } from '@sotto/crypto';
import { type AccountId, type DeviceId, PATHS, ResetStartedSchema, toBase64Url } from '@sotto/protocol';
import { ClientError } from '../../error.ts';
import type { Platform, Storage, Transaction } from '../../seams/index.ts';
import { callOpen } from '../calls.ts';
import { NOTHING_DECIDED } from '../consent/decisions.ts';
import { stranger } from '../people/people-rows.ts';
import type { PersonRow, SelfRow } from '../rows.ts';
import { newPassword, sealFirstVault } from './first-vault.ts';
import { keyFormOf } from './key-form.ts';
import { bytesFrom, checkName, checkPassword, makeDevice, newSeed, type OnStep, settleIn } from './setup.ts';

/** An operator's code as people type it: groups, small letters, and the letters that look like digits. */
const codeFrom = (text: string): string =>
  text
    .toUpperCase()
    .replaceAll(/[^0-9A-Z]/g, '')
    .replaceAll('O', '0')
    .replaceAll(/[IL]/g, '1');

/**
 * K4: starts the account over where password, phrase and devices are all gone. Nothing of the old identity comes back: the
 * name stays, the key is another one, and everybody who knew the account has to accept it.
 * @throws ClientError 'bad_code', 'weak_password', 'bad_name', 'usage' where the account's keys rest on this device
 */
export async function reset(
  platform: Platform,
  who: { name: string; code: string; password: string },
  onStep: OnStep,
): Promise<Storage> {
  const name = checkName(who.name);
  checkPassword(who.password);
  const code = codeFrom(who.code);
  if (!/^[0-9A-HJKMNP-TV-Z]{20}$/.test(code)) throw new ClientError('bad_code');
  const { transport } = platform;
  onStep?.('password');
  let started: { account: AccountId; list: string } | undefined;
  const { record, exportKey } = await newPassword(platform, who.password, async (request) => {
    const asked = { name, code, request };
    const answer = await callOpen(transport, 'POST', PATHS.resetStart, ResetStartedSchema, asked);
    started = answer;
    return answer.response;
  });
  if (!started) throw new ClientError('bad_answer');
  const { account, list } = started;
  await mustBeElsewhere(platform, account);
  onStep?.('identity');
  const keyForm = keyFormOf(platform);
  const seed = newSeed();
  const identity = await importSigningKeySeed(seed, { extractable: keyForm === 'bytes' });
  const device = randomId<DeviceId>();
  const fresh = await makeDevice(platform, { account, device }, onStep);
  const signing = fresh.signing.publicKey;
  const at = platform.clock.now();
  const next = await restartDeviceList(bytesFrom(list), { account, identity, at, device, signing });
  onStep?.('vault');
  const devices = [{ device, ...platform.device }];
  const content = {
    identitySeed: seed,
    archiveKey: randomBytes(32),
    phraseKey: null,
    at,
    list: seenOf(next),
    contacts: [],
    ...NOTHING_DECIDED,
    devices,
  };
  const { vault, rows } = await sealFirstVault(platform, account, content, exportKey);
  seed.fill(0);
  const self: SelfRow = {
    account,
    device,
    name: next.list.name,
    kind: 'password',
    identity: identity.publicKey,
  };
  const more = (tx: Transaction) =>
    tx.put<PersonRow>('people', [account], { ...stranger(account), list: seenOf(next) });
  return settleIn(platform, { self, identity, device: fresh, vault: rows, more }, async () => {
    onStep?.('registering');
    await callOpen(transport, 'POST', PATHS.reset, null, {
      name,
      code,
      list: toBase64Url(next.signed),
      key: toBase64Url(fresh.exchange.verified.signed),
      record,
      vault,
    });
  });
}

/** Where the keys still are, nothing is lost: a password is set there. */
async function mustBeElsewhere(platform: Platform, account: AccountId): Promise<void> {
  const known = (await platform.host.profiles()).find((profile) => profile.account === account);
  if (!known || known.unfinished) return;
  throw new ClientError('usage', { reason: 'here_still' });
}
