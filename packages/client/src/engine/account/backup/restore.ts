import {
  extendDeviceList,
  randomBytes,
  randomId,
  seenOf,
  type VaultContact,
  type VerifiedList,
} from '@sotto/crypto';
import {
  type AccountId,
  type Bytes,
  type DeviceId,
  headerHash,
  LIMITS,
  PATHS,
  type RoomId,
  toBase64Url,
  VaultSchema,
} from '@sotto/protocol';
import type { BackupWatch } from '../../../backup.ts';
import { ClientError, isUncertain } from '../../../error.ts';
import type { Platform, Storage } from '../../../seams/index.ts';
import { callOpen, SignedCalls } from '../../calls.ts';
import { stranger } from '../../people/people-rows.ts';
import type { PersonRow, SecretRow, SelfRow } from '../../rows.ts';
import { askRegistration, newPassword, sealFirstVault } from '../first-vault.ts';
import { keyFormOf } from '../key-form.ts';
import { loadKeys } from '../keys.ts';
import { checkName, checkPassword, makeDevice, type OnStep, settleIn } from '../setup.ts';
import { identityOf, type OpenedBackup } from './read.ts';
import { bringBack } from './rooms.ts';

/** With what its phrase gives, which the new vault is locked under as well (K5). */
export interface PhrasedBackup extends OpenedBackup {
  readonly phraseKey: Bytes;
  /** Public half of what the phrase proves, for the server. */
  readonly recovery: Bytes;
}

export interface RestoredStore {
  readonly storage: Storage;
  /** Conversations that could not be brought back. */
  readonly missing: ReadonlySet<RoomId>;
}

/**
 * K1, K3: the account of a backup comes back to a server that does not have it: same id, same identity, a new device.
 * Then its people's lists and its rooms' logs, which everybody verifies again as they are read.
 * @throws ClientError 'id_reused' where the account is there already, 'name_taken', 'weak_password', …
 */
export async function restoreAccount(
  platform: Platform,
  backup: PhrasedBackup,
  who: { name?: string | undefined; password: string },
  tell: { onStep: OnStep; onProgress: BackupWatch['onProgress'] },
): Promise<RestoredStore> {
  checkPassword(who.password);
  const { account } = backup.account;
  const storage =
    (await begunBefore(platform, account)) ?? (await registerAgain(platform, backup, who, tell.onStep));
  try {
    const { self, signing } = await loadKeys(storage);
    const calls = new SignedCalls(platform.transport, platform.clock, {
      account,
      device: self.device,
      signing,
    });
    tell.onStep?.('restoring');
    const missing = await bringBack(calls, backup, tell.onProgress);
    return { storage, missing };
  } catch (error) {
    await storage.close();
    throw error;
  }
}

/** An earlier attempt came as far as the account: it goes on from there. */
async function begunBefore(platform: Platform, account: AccountId): Promise<Storage | null> {
  const known = (await platform.host.profiles()).find((profile) => profile.account === account);
  if (!known) return null;
  if (!known.unfinished) {
    throw new ClientError('usage', { message: 'This account is already on this device. Open it instead.' });
  }
  const storage = await platform.host.open(account);
  try {
    const { self, signing } = await loadKeys(storage);
    const device = { account, device: self.device, signing };
    await new SignedCalls(platform.transport, platform.clock, device).get(PATHS.vault, VaultSchema);
    return storage;
  } catch (error) {
    await storage.close();
    if (!(error instanceof ClientError) || isUncertain(error)) throw error;
    return null; // the server never took it
  }
}

async function registerAgain(
  platform: Platform,
  backup: PhrasedBackup,
  who: { name?: string | undefined; password: string },
  onStep: OnStep,
): Promise<Storage> {
  const { account, identitySeed, devices } = backup.account;
  const name = checkName(who.name ?? backup.account.name);
  const { identity, newest } = await identityOf(backup, { extractable: keyFormOf(platform) === 'bytes' });
  onStep?.('password');
  const { record, exportKey } = await newPassword(platform, who.password, (request) =>
    askRegistration(platform, { account, name }, PATHS.opaqueRegistration, request),
  );
  const device = randomId<DeviceId>();
  const fresh = await makeDevice(platform, { account, device }, onStep);
  const next = await extendDeviceList(newest, identity, {
    at: platform.clock.now(),
    name,
    add: [{ device, signing: fresh.signing.publicKey }],
    // Other devices stay: they may hold more than the backup. Where the list is full, the oldest makes room.
    remove: newest.list.devices
      .slice(0, Math.max(0, newest.list.devices.length + 1 - LIMITS.devices))
      .map((d) => d.device),
  });
  onStep?.('vault');
  const content = {
    identitySeed,
    archiveKey: randomBytes(32),
    phraseKey: backup.phraseKey,
    at: platform.clock.now(),
    list: seenOf(next),
    contacts: contactsOf(backup, platform.clock.now()),
    devices: [...devices, { device, ...platform.device }],
    blocked: backup.people.flatMap(({ account: whose, blocked }) =>
      blocked ? [{ account: whose, name: backup.lists.get(whose)?.at(-1)?.list.name ?? '' }] : [],
    ),
    rooms: backup.rooms.flatMap(({ room, accepted }) => (accepted ? [{ room, accepted }] : [])),
  };
  const { vault, rows } = await sealFirstVault(platform, account, content, exportKey);
  const self: SelfRow = { account, device, name, kind: 'password', identity: identity.publicKey };
  const lists = new Map(backup.lists).set(account, [...(backup.lists.get(account) ?? []), next]);
  const keys = { self, identity, device: fresh, vault: rows };
  const storage = await settleIn(platform, keys, async () => {
    onStep?.('registering');
    await callOpen(platform.transport, 'POST', PATHS.restoredAccount, null, {
      account,
      earlier: (backup.lists.get(account) ?? []).map(({ signed }) => toBase64Url(signed)),
      list: toBase64Url(next.signed),
      key: toBase64Url(fresh.exchange.verified.signed),
      password: { record, vault },
      recovery: toBase64Url(backup.recovery),
    });
  });
  await keepPast(storage, backup, lists);
  return storage;
}

/** K4: whom the backup pinned, as their lists in it say. */
function contactsOf({ account, people, lists }: OpenedBackup, since: number): VaultContact[] {
  return people.flatMap(({ account: whose, identity, verified }) => {
    const newest = lists.get(whose)?.at(-1);
    if (!identity || !newest || whose === account.account) return [];
    return [{ account: whose, identity, verified, name: newest.list.name, since, list: seenOf(newest) }];
  });
}

/** K4, R2: who is known, and what opens the past; verified already, or as the log is read. */
async function keepPast(
  storage: Storage,
  { account, people, rooms }: OpenedBackup,
  lists: ReadonlyMap<AccountId, readonly VerifiedList[]>,
): Promise<void> {
  await storage.transaction(['lists', 'people', 'secrets'], 'write', async (tx) => {
    for (const [whose, versions] of lists) {
      for (const list of versions) await tx.put('lists', [whose, list.list.version], list);
    }
    for (const { account: whose, identity, verified } of people) {
      if (whose === account.account) continue;
      const trust = verified ? 'verified' : 'unverified';
      const signed = lists.get(whose)?.at(-1)?.list.name ?? null;
      await tx.put<PersonRow>('people', [whose], { ...stranger(whose), signed, identity, trust });
    }
    for (const { room, secrets } of rooms) {
      for (const { header: hash, secret } of secrets) {
        const header = headerHash(hash);
        await tx.put<SecretRow>('secrets', [room, header], { room, header, secret, archived: false });
      }
    }
  });
}
