import { foldName, LIMITS } from '@sotto/protocol';
import type { Platform, Storage, Transaction } from '../../seams/index.ts';
import type { ExchangeKeyRow, SelfRow, SigningKeyRow } from '../rows.ts';
import { keyFormOf } from './key-form.ts';
import { signingKeyFrom } from './keys.ts';
import { keyTimeNow, type NewDevice } from './setup.ts';

/** Table `meta`, ['sign-up']: exactly what the server was asked, so that it can be asked again. */
interface SignUpRow {
  readonly request: unknown;
}

/** D3: kept with the keys before it is sent: said twice, the server answers alike. */
export const keepRequest = (tx: Transaction, request: unknown) =>
  tx.put<SignUpRow>('meta', ['sign-up'], { request });

/** A sign-up under this name that was begun here and whose answer never came. */
export async function unfinishedSignUp(
  platform: Platform,
  name: string,
): Promise<{ self: SelfRow; storage: Storage; request: unknown } | null> {
  for (const profile of await platform.host.profiles()) {
    if (!profile.unfinished || foldName(profile.name) !== foldName(name)) continue;
    const storage = await platform.host.open(profile.account);
    const kept = await storage.transaction(['meta'], 'read', async (tx) => ({
      self: await tx.get<SelfRow>('meta', ['self']),
      row: await tx.get<SignUpRow>('meta', ['sign-up']),
    }));
    if (kept.self && kept.row) return { self: kept.self, storage, request: kept.row.request };
    await storage.close(); // a sign-in, which is taken up by signing in; or nothing was stored yet
  }
  return null;
}

/**
 * The device that began to join this account from here: tried again it is the same one, and no device stays in the
 * list that nobody holds. Null where there is none, or where its exchange key has aged meanwhile (K2).
 */
export async function keptDevice(
  platform: Platform,
  account: string,
): Promise<{ self: SelfRow; made: NewDevice } | null> {
  const storage = await platform.host.open(account);
  try {
    const rows = await storage.transaction(['meta', 'keys'], 'read', async (tx) => ({
      self: await tx.get<SelfRow>('meta', ['self']),
      signing: await tx.get<SigningKeyRow>('keys', ['signing']),
      exchange: await tx.range<ExchangeKeyRow>('keys', { prefix: ['exchange'] }),
    }));
    const { self, signing } = rows;
    const row = rows.exchange.find(({ standing }) => standing.state !== 'replaced');
    if (!self || !signing || !row) return null;
    if ((await keyTimeNow(platform)) - row.key.notBefore >= LIMITS.exchangeKeyRotation) return null;
    const verified = { key: row.key, hash: row.hash, signed: row.signed };
    const own = await signingKeyFrom(signing, keyFormOf(platform) === 'bytes');
    return { self, made: { signing: own, exchange: { verified, row } } };
  } finally {
    await storage.close();
  }
}
