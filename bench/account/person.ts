/** An account with a password and a vault, made by hand: its history can then be made in bulk. */
import {
  createDeviceList,
  createExchangeKey,
  generateSigningKey,
  importHkdfKey,
  importSigningKeySeed,
  lockVaultKey,
  newVaultKey,
  randomBytes,
  randomId,
  sealVault,
  seenOf,
  type VerifiedList,
} from '@sotto/crypto';
import {
  type AccountId,
  type Bytes,
  type DeviceId,
  fromBase64Url,
  PATHS,
  type RoomId,
  toBase64Url,
} from '@sotto/protocol';
import { opaquePasswords } from '../../packages/client/src/password/opaque-passwords.ts';
import { type Member, post } from '../member.ts';
import { exchangeKeys } from '../room.ts';

export interface Person extends Member {
  /** M5: under which the account's archive is sealed. */
  readonly archive: CryptoKey;
  readonly rooms: readonly RoomId[];
}

/** @param who.rooms others will bring it into these, and its vault says yes to that */
export async function registerPerson(
  origin: string,
  who: { readonly name: string; readonly password: string; readonly rooms: readonly RoomId[] },
): Promise<Person> {
  const { name, rooms } = who;
  const device = randomId<DeviceId>();
  const seed = randomBytes(32);
  const identity = await importSigningKeySeed(seed, { extractable: false });
  const signing = await generateSigningKey({ extractable: false });
  const { publicKey } = await exchangeKeys();
  const at = Date.now();
  const devices = [{ device, signing: signing.publicKey }];
  const list = await createDeviceList({ identity, at, name, devices });
  const { account } = list.list;
  const key = await createExchangeKey({ account, device, publicKey, signing, at });
  const archiveKey = randomBytes(32);
  const body = {
    account,
    list: toBase64Url(list.signed),
    key: toBase64Url(key.signed),
    password: await lockedVault(origin, { ...who, account, device, seed, archiveKey, list }),
  };
  await post(origin, PATHS.accounts, body);
  return { account, device, signing, list, key, rooms, archive: await importHkdfKey(archiveKey) };
}

async function lockedVault(
  origin: string,
  who: {
    account: AccountId;
    device: DeviceId;
    name: string;
    password: string;
    seed: Bytes;
    archiveKey: Bytes;
    rooms: readonly RoomId[];
    list: VerifiedList;
  },
) {
  const { account, device, name, password, seed, archiveKey, list } = who;
  const passwords = opaquePasswords();
  const { state, request } = await passwords.startRegistration(password);
  const answer = await fetch(origin + PATHS.opaqueRegistration, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin },
    body: JSON.stringify({ account, name, request }),
  });
  const { response } = (await answer.json()) as { response: string };
  const { record, exportKey } = await passwords.finishRegistration({ password, state, response });
  const { bytes, key } = await newVaultKey();
  const content = {
    identitySeed: seed,
    archiveKey,
    phraseKey: null,
    at: Date.now(),
    list: seenOf(list),
    contacts: [],
    devices: [{ device, name: 'Bench', kind: 'terminal' as const }],
    blocked: [],
    rooms: who.rooms.map((room) => ({ room, accepted: true })),
  };
  const secret = fromBase64Url(exportKey.replace(/=+$/, ''));
  if (!secret) throw new Error('an export key that is not base64url');
  const body = toBase64Url(await sealVault(content, { account, version: 1, key }));
  const lock = toBase64Url(await lockVaultKey(bytes, { account, kind: 'password', secret }));
  return { record, vault: { version: 1, body, password: lock, phrase: null } };
}
