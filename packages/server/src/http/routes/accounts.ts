import {
  CreateAccountSchema,
  LIMITS,
  LoginFinishSchema,
  LoginStartSchema,
  PATHS,
  PasswordStartSchema,
  PutVaultSchema,
  RecoverSchema,
  RegistrationRequestSchema,
  ResetSchema,
  ResetStartSchema,
  RestoreAccountSchema,
  RestorePeopleSchema,
  SetPasswordSchema,
} from '@sotto/protocol';
import { asPerson, visiblePeople } from '../../accounts/directory.ts';
import { finishLogin, startLogin } from '../../accounts/login.ts';
import { recover } from '../../accounts/recovery.ts';
import { createAccount, startPassword } from '../../accounts/register.ts';
import { resetAccount, startReset } from '../../accounts/reset.ts';
import { keepAbsent, restoreAccount } from '../../accounts/restore.ts';
import { putVault, setPassword, startOwnPassword } from '../../accounts/vault.ts';
import { found } from '../../refusal.ts';
import type { Service } from '../../service.ts';
import { jsonLimit } from '../body.ts';
import type { Endpoints } from '../endpoint.ts';

/** Sign-up, log-in, vault, directory. */
export function accountRoutes(endpoints: Endpoints, service: Service): void {
  const { store, presence } = service;
  const small = { method: 'POST', limit: jsonLimit(4_096) } as const;

  endpoints.open(
    { ...small, path: PATHS.opaqueRegistration, body: RegistrationRequestSchema, rate: 'registrations' },
    (body) => startPassword(service, body),
  );
  endpoints.open({ ...small, path: PATHS.loginStart, body: LoginStartSchema }, (body, { address }) =>
    startLogin(service, body, address),
  );
  endpoints.open(
    {
      ...small,
      path: PATHS.loginFinish,
      body: LoginFinishSchema,
      rate: 'loginsPerAddress',
      limit: jsonLimit(8_192),
    },
    (body) => finishLogin(service, body),
  );
  endpoints.open(
    {
      method: 'POST',
      path: PATHS.accounts,
      body: CreateAccountSchema,
      limit: jsonLimit(LIMITS.deviceList + LIMITS.exchangeKey + LIMITS.vault + 4_096),
      status: 201,
      rate: 'registrations',
    },
    (body) => createAccount(service, body),
  );
  endpoints.signed({ method: 'GET', path: PATHS.vault }, async ({ account }) =>
    found(await store.accounts.vault(account), 'This account has no vault.'),
  );
  endpoints.signed(
    { method: 'PUT', path: PATHS.vault, body: PutVaultSchema, limit: jsonLimit(LIMITS.vault) },
    (signer, change) => putVault(service, signer, change),
  );
  endpoints.signed(
    { ...small, path: PATHS.passwordStart, body: PasswordStartSchema },
    async (signer, { request }) => startOwnPassword(service, signer, request),
  );
  endpoints.signed(
    {
      method: 'PUT',
      path: PATHS.password,
      body: SetPasswordSchema,
      limit: jsonLimit(LIMITS.vault + 4_096),
    },
    (signer, change) => setPassword(service, signer, change),
  );
  endpoints.open({ ...small, path: PATHS.recovery, body: RecoverSchema }, (body, asked) =>
    recover(service, body, asked),
  );
  endpoints.open({ ...small, path: PATHS.resetStart, body: ResetStartSchema }, (body, { address }) =>
    startReset(service, body, address),
  );
  endpoints.open(
    {
      method: 'POST',
      path: PATHS.reset,
      body: ResetSchema,
      limit: jsonLimit(LIMITS.deviceList + LIMITS.exchangeKey + LIMITS.vault + 4_096),
    },
    (body, { address }) => resetAccount(service, body, address),
  );
  endpoints.open(
    {
      method: 'POST',
      path: PATHS.restoredAccount,
      body: RestoreAccountSchema,
      limit: LIMITS.httpBody,
      status: 201,
      rate: 'registrations',
    },
    (body) => restoreAccount(service, body),
  );
  endpoints.signed(
    { method: 'POST', path: PATHS.restoredPeople, body: RestorePeopleSchema, limit: LIMITS.httpBody },
    (_signer, { people }) => keepAbsent(service, people),
  );
  endpoints.signed({ method: 'GET', path: PATHS.people }, async ({ account }) => {
    const people = await visiblePeople(service, account);
    const lists = await store.devices.versions();
    return {
      people: people.map((person) => ({
        ...asPerson(person),
        online: presence.isOnline(person.account),
        seen: person.seen,
        list: lists.get(person.account),
      })),
    };
  });
}
