import { PATHS } from '@sotto/protocol';
import type { HttpRequest, Tabs, Transaction } from '../../packages/client/src/seams/index.ts';

/** A program that is the only one on its store. */
export const alone: Tabs = {
  announce: () => undefined,
  onChange: () => () => undefined,
  close: () => undefined,
};

/** Writes down which tables a transaction changes. */
export function noting(inner: Transaction, written: Set<string>): Transaction {
  return {
    get: (table, key) => inner.get(table, key),
    range: (table, range) => inner.range(table, range),
    put: (table, key, row) => {
      written.add(table);
      return inner.put(table, key, row);
    },
    delete: (table, key) => {
      written.add(table);
      return inner.delete(table, key);
    },
  };
}

/** Asked by POST for their size; they leave nothing behind. */
const QUESTIONS: readonly string[] = [
  PATHS.keys,
  PATHS.loginStart,
  PATHS.opaqueRegistration,
  PATHS.passwordStart,
];
export const leavesTraces = ({ method, path }: HttpRequest) => method !== 'GET' && !QUESTIONS.includes(path);
