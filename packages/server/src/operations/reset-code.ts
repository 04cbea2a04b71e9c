import { foldName } from '@sotto/protocol';
import { CODE_LIFETIME, issueCode } from '../accounts/reset.ts';
import { openStore, type StoreConfig } from '../store/open.ts';
import { OperationError } from './error.ts';

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
export async function makeResetCode(place: StoreConfig, name: string, now = Date.now()): Promise<IssuedCode> {
  const store = await openStore(place, { existing: true });
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
