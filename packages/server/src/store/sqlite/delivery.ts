import type { DeliveryStore } from '../store.ts';
import type { Database } from './database.ts';
import { answer, ask, asked, askers, helpers } from './requests.ts';
import { wrapsOf } from './wraps.ts';

export function sqliteDelivery(db: Database): DeliveryStore {
  return {
    wraps: async (account, device) => wrapsOf(db, account, device),
    forgetWrap: async (header, account, device) => {
      db.run('DELETE FROM wraps WHERE account = ? AND device = ? AND header = ?', account, device, header);
    },
    ask: async (asker, headers, terms) => db.transaction(() => ask(db, asker, headers, terms)),
    asked: async (asker, since) => asked(db, asker, since),
    answer: async (asker, key, wraps) => db.transaction(() => answer(db, asker, key, wraps)),
    helpers: async (asker, since) => helpers(db, asker, since),
    askers: async (account, device, since, limit) => askers(db, { account, device }, since, limit),
  };
}
