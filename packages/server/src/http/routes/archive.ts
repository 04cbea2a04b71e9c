import { LIMITS, PATHS, PutArchiveSchema } from '@sotto/protocol';
import { Refused } from '../../refusal.ts';
import type { Service } from '../../service.ts';
import type { Endpoints } from '../endpoint.ts';
import { wholeNumber } from '../parameters.ts';

/** JSON of one entry: ids, numbers and 48 bytes of text. */
const ENTRY = 192;

/** M5: the account's archive of epoch secrets, which only its devices can open. */
export function archiveRoutes(endpoints: Endpoints, { store }: Service): void {
  endpoints.signed({ method: 'GET', path: PATHS.archive }, ({ account }, _body: undefined, asked) =>
    store.archive.page(account, wholeNumber('after', asked.query('after')) ?? 0, LIMITS.archiveBatch),
  );
  endpoints.signed(
    { method: 'POST', path: PATHS.archive, body: PutArchiveSchema, limit: LIMITS.archiveBatch * ENTRY },
    async ({ account }, { entries }) => {
      if (await store.archive.put(account, entries, LIMITS.archive)) return;
      throw new Refused('limit', `An account can archive at most ${LIMITS.archive} epochs.`);
    },
  );
}
