import { access, constants } from 'node:fs/promises';
import { join } from 'node:path';
import { StoreError } from '../error.ts';

/** The database of a data folder. */
export const databaseIn = (folder: string): string => join(folder, 'sotto.sqlite');

export const NO_DATABASE =
  'SOTTO_DATA: there is no database in this folder. Start the server once, it makes one.';

/** @throws StoreError */
export async function mustExist(path: string, otherwise: string): Promise<void> {
  if (!(await isThere(path))) throw new StoreError(otherwise);
}

export const isThere = (path: string): Promise<boolean> =>
  access(path, constants.F_OK).then(
    () => true,
    () => false,
  );
