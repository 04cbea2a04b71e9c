import {
  createDeviceList,
  createExchangeKey,
  generateKeyPair,
  generateSigningKey,
  type KemKeyPair,
  randomId,
  restartDeviceList,
  type SigningKey,
  sign,
  type VerifiedList,
} from '@sotto/crypto';
import {
  type AccountId,
  type Bytes,
  type DeviceId,
  encodeCbor,
  idBytes,
  LIMITS,
  PATHS,
  toBase64Url,
} from '@sotto/protocol';

/** An account whose private keys the test holds: it can sign what no honest device would. */
export interface Puppet {
  readonly account: AccountId;
  readonly device: DeviceId;
  readonly name: string;
  readonly identity: SigningKey;
  readonly signing: SigningKey;
  readonly pair: KemKeyPair;
  readonly list: VerifiedList;
  /** Its exchange key as registered, signed. */
  readonly key: Bytes;
}

let pair: Promise<KemKeyPair> | undefined;

/** Fresh keys and an account of theirs; RSA keys take long, so puppets share theirs. */
export const makePuppet = (name: string): Promise<Puppet> =>
  withKeys(name, (identity, at, first) => createDeviceList({ identity, at, name, devices: [first] }));

/** Somebody who claims to be an account that started over with these keys. @param list its newest one, signed */
export const makeImpostor = (name: string, account: AccountId, list: Bytes): Promise<Puppet> =>
  withKeys(name, (identity, at, first) => restartDeviceList(list, { account, identity, at, ...first }));

async function withKeys(
  name: string,
  listOf: (
    identity: SigningKey,
    at: number,
    first: { device: DeviceId; signing: Bytes },
  ) => Promise<VerifiedList>,
): Promise<Puppet> {
  pair ??= generateKeyPair({ extractable: false });
  const kem = await pair;
  const at = Date.now();
  const device = randomId<DeviceId>();
  const identity = await generateSigningKey({ extractable: false });
  const signing = await generateSigningKey({ extractable: false });
  const list = await listOf(identity, at, { device, signing: signing.publicKey });
  const { account } = list.list;
  const key = await createExchangeKey({ account, device, publicKey: kem.publicKey, signing, at });
  return { account, device, name, identity, signing, pair: kem, list, key: key.signed };
}

/** A puppet that has an account at the server. */
export async function registerPuppet(origin: string, name: string): Promise<Puppet> {
  const puppet = await makePuppet(name);
  const { account, list, key } = puppet;
  const answer = await fetch(new URL(PATHS.accounts, origin), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ account, list: toBase64Url(list.signed), key: toBase64Url(key) }),
  });
  if (!answer.ok) throw new Error(`the puppet could not register: ${await answer.text()}`);
  return puppet;
}

/** An exchange key that only looks like one: any bytes, version and lifetime, properly signed by the device. */
export function signExchangeKey(
  puppet: Puppet,
  fields: { v?: number; key?: Bytes; notBefore?: number; notAfter?: number },
): Promise<Bytes> {
  const { account, device, signing, pair: kem } = puppet;
  const at = Date.now();
  const payload = encodeCbor({
    v: 1,
    key: kem.publicKey,
    notBefore: at,
    notAfter: at + LIMITS.exchangeKeyLifetime,
    ...fields,
    account: idBytes(account),
    device: idBytes(device),
  });
  return sign('exchangeKey', payload, signing);
}
