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
  SetPasswordSchema,
} from '@sotto/protocol';
import { asPerson, companionsOf, visiblePeople } from '../../accounts/directory.ts';
import { finishLogin, startLogin } from '../../accounts/login.ts';
import { recover } from '../../accounts/recovery.ts';
import { createAccount, startPassword } from '../../accounts/register.ts';
import { resetAccount, startReset } from '../../accounts/reset.ts';
import { putVault, setPassword, startOwnPassword } from '../../accounts/vault.ts';
import { found } from '../../refusal.ts';
import type { Service } from '../../service.ts';
import { jsonLimit } from '../body.ts';
import type { Endpoints } from '../endpoint.ts';

/** Sign-up, log-in, vault, directory. */
export function accountRoutes(endpoints: Endpoints, service: Service): void {
  const { store, presence } = service;
  const small = { method: 'POST', limit: LIMITS.openBody } as const;
  const first = {
    method: 'POST',
    limit: jsonLimit(LIMITS.deviceList + LIMITS.exchangeKey + LIMITS.firstVault),
  } as const;

  endpoints.open(
    { ...small, path: PATHS.opaqueRegistration, body: RegistrationRequestSchema, rate: 'registrations' },
    (body) => startPassword(service, body),
  );
  endpoints.open({ ...small, path: PATHS.loginStart, body: LoginStartSchema }, (body, { address }) =>
    startLogin(service, body, address),
  );
  endpoints.open({ ...small, path: PATHS.loginFinish, body: LoginFinishSchema }, (body) =>
    finishLogin(service, body),
  );
  endpoints.open(
    { ...first, path: PATHS.accounts, body: CreateAccountSchema, status: 201, rate: 'registrations' },
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
  endpoints.open({ ...first, path: PATHS.reset, body: ResetSchema }, (body, { address }) =>
    resetAccount(service, body, address),
  );
  endpoints.signed({ method: 'GET', path: PATHS.people }, async ({ account }) => {
    const people = await visiblePeople(service, account);
    const lists = await store.devices.versions();
    const near = await companionsOf(service, account);
    return {
      people: people.map((person) => ({
        ...asPerson(person),
        online: near(person.account) && presence.isOnline(person.account),
        seen: near(person.account) ? person.seen : null,
        list: lists.get(person.account),
      })),
    };
  });
}
