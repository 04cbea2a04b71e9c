import { client } from '@serenity-kit/opaque';
import { foldName, PATHS, recoveryPayload, toBase64Url, type VaultRecord } from '@sotto/protocol';
import { expect } from 'vitest';
import { type Answer, Person, request } from './person.ts';
import { type Key, random, signRaw } from './signing.ts';

// The client's stretching is not the server's business: the least that the library takes.
const keyStretching = { 'argon2id-custom': { iterations: 1, memory: 65_536, parallelism: 4 } } as const;

type Change = { body?: Uint8Array; password?: Uint8Array; phrase?: string | null };

/** A vault as the server sees it: noise. */
export function makeVault(version: number, change: Change = {}): VaultRecord {
  return {
    version,
    body: toBase64Url(change.body ?? random(100)),
    password: toBase64Url(change.password ?? random(80)),
    phrase: change.phrase ?? null,
  } as VaultRecord;
}

/** The client's side of an OPAQUE registration, with the server asked by `ask`. */
async function makeRecord(password: string, ask: (request: string) => Promise<Answer>) {
  const { clientRegistrationState, registrationRequest } = client.startRegistration({ password });
  const { json } = await ask(registrationRequest);
  const { registrationRecord, exportKey } = client.finishRegistration({
    clientRegistrationState,
    registrationResponse: json.response,
    password,
    keyStretching,
  });
  return { record: registrationRecord, exportKey };
}

export async function registerWithPassword(
  origin: string,
  password: string,
  lock: (exportKey: string) => Promise<Change> = async () => ({}),
): Promise<Person & { vault: VaultRecord; exportKey: string }> {
  const person = await Person.prepare(origin);
  const { account, name } = person;
  const { record, exportKey } = await makeRecord(password, (text) =>
    request(origin, 'POST', PATHS.opaqueRegistration, { body: { account, name, request: text } }),
  );
  const vault = makeVault(1, await lock(exportKey));
  const body = { ...person.registration(), password: { record, vault } };
  expect((await request(origin, 'POST', PATHS.accounts, { body })).status).toBe(201);
  return Object.assign(person, { vault, exportKey });
}

/** A signed-in person sets a password, with the vault of that version. */
export async function setPassword(
  person: Person,
  password: string,
  vault: VaultRecord,
  change: { recovery?: string | null } = {},
): Promise<Answer & { exportKey: string }> {
  const { record, exportKey } = await makeRecord(password, (text) =>
    person.call('POST', PATHS.passwordStart, { request: text }),
  );
  return { ...(await person.call('PUT', PATHS.password, { record, vault, ...change })), exportKey };
}

/** A login up to, and not with, its last step. */
export async function beginLogin(
  origin: string,
  name: string,
  password: string,
  headers: Record<string, string> = {},
) {
  const { clientLoginState, startLoginRequest } = client.startLogin({ password });
  const body = { name, request: startLoginRequest };
  const started = await request(origin, 'POST', PATHS.loginStart, { body, headers });
  const result =
    started.status === 200
      ? client.finishLogin({
          clientLoginState,
          loginResponse: started.json.response,
          password,
          keyStretching,
        })
      : undefined;
  const finish = result?.finishLoginRequest ?? toBase64Url(random(64));
  return { started, result, body: { login: started.json.login, finish } };
}

export async function logIn(origin: string, name: string, password: string) {
  const begun = await beginLogin(origin, name, password);
  const finished = await request(origin, 'POST', PATHS.loginFinish, { body: begun.body });
  return { ...begun, finished };
}

/** The proof of a recovery phrase's key. */
export async function recovery(
  origin: string,
  name: string,
  key: Key,
  change: { time?: number; origin?: string } = {},
) {
  const [time, nonce] = [change.time ?? Date.now(), random(16)];
  const payload = recoveryPayload({ origin: change.origin ?? origin, name: foldName(name), time, nonce });
  const signature = toBase64Url(await signRaw('recovery', payload, key));
  return { name, time, nonce: toBase64Url(nonce), signature };
}
