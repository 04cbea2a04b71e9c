import { type AccountId, foldName, type Signed, toBase64Url, utf8, type VaultRecord } from '@sotto/protocol';
import { readExchangeKey } from '../devices/exchange-keys.ts';
import { readList } from '../devices/lists.ts';
import { announceList } from '../devices/update.ts';
import { sha256 } from '../digest.ts';
import { found, Refused } from '../refusal.ts';
import type { Service } from '../service.ts';
import type { Store } from '../store/store.ts';
import { nameOf } from './names.ts';
import { tellKind } from './vault.ts';

export interface ResetStart {
  readonly name: string;
  readonly code: string;
  readonly request: string;
}

export interface Reset {
  readonly name: string;
  readonly code: string;
  readonly list: Signed;
  readonly key: Signed;
  readonly record: string;
  readonly vault: VaultRecord;
}

/** What is stored of a code. 100 random bits need no slow hash, and no limit of the name: it would lock its owner out. */
const hashOfCode = (code: string): string => toBase64Url(sha256(utf8(`sotto/v1/reset-code\0${code}`)));

/** First step of starting over. @throws Refused 'bad_code', alike whether the name is known (attack 37) */
export async function startReset(service: Service, asked: ResetStart, address: string) {
  const { store, passwords, limiter } = service;
  limiter.demand('logins', address);
  const account = await demandCode(service, asked);
  const response = passwords.register(account, asked.request);
  const list = found(await store.devices.newest(account)).signed;
  return { account, list, response };
}

/**
 * K4: who can prove nothing cannot keep the identity. With the operator's code the account starts over under its name:
 * another identity key, one new device, an empty vault and archive. Whoever knew the person is told by the list itself,
 * and no code makes this server able to do it silently.
 * @throws Refused 'bad_code', 'list_conflict', 'malformed', 'bad_signature'
 */
export async function resetAccount(service: Service, asked: Reset, address: string): Promise<void> {
  const { store, now, log, limiter } = service;
  limiter.demand('logins', address);
  const { list, stored } = await readList(asked.list);
  const { account } = list;
  if (list.devices.length !== 1 || !list.previous) {
    throw new Refused('malformed', 'Who starts over has one device, in a list that follows another.');
  }
  const name = nameOf(list);
  const key = await readExchangeKey(asked.key, { account, list }, now());
  // Attack 37: from here on, whatever does not fit is answered alike.
  const known = await store.accounts.byName(foldName(asked.name));
  if (known?.account !== account || known.name !== name.name) throw new Refused('bad_code');
  const previous = toBase64Url(list.previous);
  const { record, vault } = asked;
  const code = hashOfCode(asked.code);
  const result = await store.resets.reset(
    { account, name, code, list: stored, previous, key, record, vault },
    now(),
  );
  if (result === 'bad_code') throw new Refused('bad_code');
  if (result === 'conflict') throw new Refused('list_conflict');
  if (result === 'same') return;
  log.warn('an account started over with a reset code');
  await announceList(service, list, asked.list);
  if (known.kind === 'guest') await tellKind(service, account);
}

async function demandCode(
  { store, now }: Pick<Service, 'store' | 'now'>,
  asked: { name: string; code: string },
): Promise<AccountId> {
  const known = await store.accounts.byName(foldName(asked.name));
  const allowed = known && (await store.resets.allows(known.account, hashOfCode(asked.code), now()));
  if (!known || !allowed) throw new Refused('bad_code');
  return known.account;
}

/** An operator's leave: how long a code is good, in milliseconds. */
export const CODE_LIFETIME = 24 * 3_600_000;
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** K4: a fresh code for the account; it counts once, for a day, in place of any before. */
export async function issueCode(store: Store, account: AccountId, now: number): Promise<string> {
  const bytes = crypto.getRandomValues(new Uint8Array(20));
  const code = [...bytes].map((byte) => ALPHABET[byte % 32]).join('');
  await store.resets.allow(account, { hash: hashOfCode(code), until: now + CODE_LIFETIME });
  return code;
}
