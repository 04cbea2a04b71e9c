import type { StoreOptions } from './options.ts';
import { openSqliteStore } from './sqlite/index.ts';
import type { Store } from './store.ts';

/** Where the store is. Another kind of store adds what it is chosen by, and its line below. */
export interface StoreConfig {
  readonly dataDir: string;
}

/** D8: the one place where a store is chosen. @throws StoreError where this program cannot use it */
export const openStore = (config: StoreConfig, options: StoreOptions = {}): Promise<Store> =>
  openSqliteStore(config.dataDir, options);
