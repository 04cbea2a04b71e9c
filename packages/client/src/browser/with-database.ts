import { type DBSchema, type IDBPDatabase, openDB, type StoreNames } from 'idb';
import { asStorageError } from './indexed-db-errors.ts';

/** Opens a database by its name for one piece of work, and closes it again. @throws StorageError */
type WithDatabase<Schema extends DBSchema> = <T>(
  name: string,
  work: (database: IDBPDatabase<Schema>) => Promise<T>,
) => Promise<T>;

/** @param stores made where the database is new */
export function withDatabase<Schema extends DBSchema>(
  ...stores: readonly StoreNames<Schema>[]
): WithDatabase<Schema> {
  return async (name, work) => {
    try {
      const database = await openDB<Schema>(name, 1, {
        upgrade: (created) => {
          for (const store of stores) created.createObjectStore(store);
        },
      });
      try {
        return await work(database);
      } finally {
        database.close();
      }
    } catch (error) {
      throw asStorageError(error);
    }
  };
}
