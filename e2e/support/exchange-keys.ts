import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { AccountId } from '@sotto/protocol';
import type { ExchangeKeyRow } from '../../packages/client/src/engine/rows.ts';
import { fileHost } from '../../packages/client/src/node/file-host.ts';

/** K2: exchange keys whose private half rests in a device's folder, by their hash, and how each stands. */
export async function keysAtRest(directory: string, account: AccountId): Promise<Map<string, string>> {
  const storage = await fileHost(directory).open(account);
  try {
    const rows = await storage.transaction(['keys'], 'read', (tx) =>
      tx.range<ExchangeKeyRow>('keys', { prefix: ['exchange'] }),
    );
    const held = rows.filter(({ opaque, raw }) => opaque !== null || raw !== null);
    return new Map(held.map(({ hash, standing }) => [nameOf(hash), standing.state]));
  } finally {
    await storage.close();
  }
}

export interface ShownKey {
  readonly device: string;
  readonly hash: string;
  readonly notBefore: number;
  /** As its device signed it, base64url. */
  readonly signed: string;
}

/** What the server whose data rest here shows as the keys of an account's devices. */
export function keysShown(data: string, account: AccountId): ShownKey[] {
  const db = new DatabaseSync(join(data, 'sotto.sqlite'), { readOnly: true, timeout: 5_000 });
  try {
    const sql =
      'SELECT device, hash, not_before AS notBefore, signed FROM exchange_keys WHERE account = ? ORDER BY device';
    return db.prepare(sql).all(account) as unknown as ShownKey[];
  } finally {
    db.close();
  }
}

const nameOf = (hash: Uint8Array) => hash.toBase64({ alphabet: 'base64url', omitPadding: true });
