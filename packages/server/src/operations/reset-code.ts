import { access } from 'node:fs/promises';
import { foldName } from '@sotto/protocol';
import { CODE_LIFETIME, issueCode } from '../accounts/reset.ts';
import { openSqliteStore } from '../store/sqlite/index.ts';
import { databaseIn, OperationError } from './backup.ts';

/** A reset code and whose it is, for the operator to look at before handing it over. */
export interface IssuedCode {
  readonly name: string;
  readonly account: string;
  /** In groups, as it is read out. */
  readonly code: string;
  readonly hours: number;
}

/**
 * K4: lets the person of this name start over; also while the server runs. The operator vouches for who asks: nothing
 * else does any more. @throws OperationError where nobody has the name
 */
export async function makeResetCode(folder: string, name: string, now = Date.now()): Promise<IssuedCode> {
  await access(databaseIn(folder)).catch((cause: unknown) => {
    throw new OperationError('SOTTO_DATA: there is no database in this folder.', { cause });
  });
  const store = await openSqliteStore(folder);
  try {
    const known = await store.accounts.byName(foldName(name));
    if (!known) throw new OperationError(`Nobody here is called ${name}.`);
    const code = await issueCode(store, known.account, now);
    const groups = code.match(/.{4}/g) ?? [];
    return {
      name: known.name,
      account: known.account,
      code: groups.join('-'),
      hours: CODE_LIFETIME / 3_600_000,
    };
  } finally {
    await store.close();
  }
}
