import type { AccountId, VaultRecord } from '@sotto/protocol';
import { accountTopic } from '../bus/bus.ts';
import type { Signer } from '../http/proofs.ts';
import { found, Refused } from '../refusal.ts';
import type { Service } from '../service.ts';
import type { VaultChange } from '../store/store.ts';
import { asPerson, tellAudience } from './directory.ts';

/** K5: the next version of the vault. @throws Refused 'vault_conflict' */
export async function putVault(service: Service, signer: Signer, change: VaultChange): Promise<void> {
  const result = await service.store.accounts.putVault(signer.account, change);
  if (result === 'conflict') throw new Refused('vault_conflict');
  if (result === 'stored') tellOwnDevices(service, signer, change.vault);
}

/** First step of setting or changing the own password. @throws Refused */
export function startOwnPassword(
  { passwords, limiter }: Service,
  { account }: Signer,
  request: string,
): { response: string } {
  // Attack 18: together with a login it would test a guess, so it must not be faster than logins are.
  limiter.demand('passwords', account);
  return { response: passwords.register(account, request) };
}

/** Record, vault and recovery key change together; a guest becomes a password account. @throws Refused */
export async function setPassword(
  service: Service,
  signer: Signer,
  change: VaultChange & { readonly record: string },
): Promise<void> {
  const { store, limiter } = service;
  limiter.demand('passwords', signer.account);
  const before = found(await store.accounts.get(signer.account));
  await putVault(service, signer, change);
  if (before.kind === 'guest') await tellKind(service, signer.account);
}

/** Those who see the person learn that it is a guest no more. */
export async function tellKind(service: Service, account: AccountId): Promise<void> {
  const person = asPerson(found(await service.store.accounts.get(account)));
  const frame = { t: 'people' as const, people: [person] };
  await tellAudience(service, account, frame);
  // Among strangers the audience is the neighbours; the own devices want to know too.
  if (service.config.directory === 'rooms')
    service.bus.publish(accountTopic(account), { type: 'frame', frame });
}

function tellOwnDevices({ bus }: Service, { account, device }: Signer, { version }: VaultRecord): void {
  bus.publish(accountTopic(account), { type: 'frame', frame: { t: 'vault', version }, from: device });
}
