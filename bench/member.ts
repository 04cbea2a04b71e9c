import {
  createDeviceList,
  createExchangeKey,
  generateSigningKey,
  type KemKeyPair,
  proofHeader,
  proveConnection,
  randomId,
  type SigningKey,
  type VerifiedExchangeKey,
  type VerifiedList,
} from '@sotto/crypto';
import {
  type AccountId,
  type DeviceId,
  fromBase64Url,
  PATHS,
  PROOF_HEADER,
  SOCKET_PATH,
  toBase64Url,
} from '@sotto/protocol';
import { maskedFrame, RawSocket } from './raw-socket.ts';

/** An account with one device, spoken for by raw frames: nothing but the server is measured. */
export interface Member {
  readonly account: AccountId;
  readonly device: DeviceId;
  readonly signing: SigningKey;
  readonly list: VerifiedList;
  readonly key: VerifiedExchangeKey;
}

/** Makes a guest and what registers them. `exchange` may be shared: making RSA keys is not what is measured. */
export async function prepareGuest(
  name: string,
  exchange: KemKeyPair,
): Promise<{ readonly member: Member; readonly body: unknown }> {
  const device = randomId<DeviceId>();
  const identity = await generateSigningKey({ extractable: false });
  const signing = await generateSigningKey({ extractable: false });
  const at = Date.now();
  const devices = [{ device, signing: signing.publicKey }];
  const list = await createDeviceList({ identity, at, name, devices });
  const { account } = list.list;
  const key = await createExchangeKey({ account, device, publicKey: exchange.publicKey, signing, at });
  const body = { account, list: toBase64Url(list.signed), key: toBase64Url(key.signed) };
  return { member: { account, device, signing, list, key }, body };
}

/** Registers a guest. */
export async function register(origin: string, name: string, exchange: KemKeyPair): Promise<Member> {
  const { member, body } = await prepareGuest(name, exchange);
  await post(origin, PATHS.accounts, body);
  return member;
}

/** @throws Error with the server's refusal */
export async function post(origin: string, path: string, json: unknown, member?: Member): Promise<void> {
  const body = json === undefined ? '' : JSON.stringify(json);
  const headers: Record<string, string> = { 'content-type': 'application/json', origin };
  if (member) headers[PROOF_HEADER] = await proofOf(origin, { method: 'POST', path, body }, member);
  const response = await fetch(origin + path, { method: 'POST', headers, ...(body ? { body } : {}) });
  if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
}

/** D5: for one request. */
export const proofOf = (
  origin: string,
  { method, path, body }: { method: string; path: string; body: string },
  { account, device, signing }: Member,
): Promise<string> => proofHeader({ origin, method, path, time: Date.now(), account, device }, body, signing);

/** Opens and authenticates a member's WebSocket; resolves once the server says `ready`. */
export async function connect(origin: string, member: Member): Promise<RawSocket> {
  const { account, device } = member;
  const ready = Promise.withResolvers<void>();
  const answer = async (text: string) => {
    const nonce = fromBase64Url(text);
    if (!nonce) throw new Error('a challenge without a nonce');
    const signature = await proveConnection({ origin, nonce, account, device }, member.signing);
    const frame = { t: 'auth', account, device, origin, signature: toBase64Url(signature) };
    (await opening).write(maskedFrame(JSON.stringify(frame)));
  };
  const opening = RawSocket.open(
    origin.replace(/^http/, 'ws') + SOCKET_PATH,
    (text) => {
      const frame = JSON.parse(text.toString('utf8')) as { t: string; nonce?: string };
      if (frame.t === 'challenge') answer(frame.nonce ?? '').catch(ready.reject);
      else if (frame.t === 'ready') ready.resolve();
      else if (frame.t === 'bye') ready.reject(new Error(text.toString('utf8')));
    },
    origin,
  );
  const socket = await opening;
  socket.onClose((why) => ready.reject(new Error(why)));
  await ready.promise;
  return socket;
}

/** Signed GET. @throws Error with the server's refusal */
export async function get<T>(origin: string, path: string, member: Member): Promise<T> {
  const proof = await proofOf(origin, { method: 'GET', path, body: '' }, member);
  const response = await fetch(origin + path, { headers: { [PROOF_HEADER]: proof, origin } });
  if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
  return (await response.json()) as T;
}
