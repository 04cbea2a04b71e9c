import type { Store } from '../store.ts';
import type { Database } from './database.ts';

/**
 * D2: what a method of the store resolves with is on disk: what it wrote, and what it read of others' writing. So nothing
 * can be acknowledged, delivered or shown before it is durable.
 */
export function durable(db: Database, store: Omit<Store, 'close'>): Omit<Store, 'close'> {
  return guarded(db, store);
}

type Method = (...values: unknown[]) => Promise<unknown>;

function guarded<Part extends object>(db: Database, part: Part): Part {
  const members = Object.entries(part) as [string, Method | object][];
  return Object.fromEntries(
    members.map(([name, member]) => [
      name,
      typeof member === 'function' ? settling(db, member as Method) : guarded(db, member),
    ]),
  ) as Part;
}

const settling =
  (db: Database, method: Method): Method =>
  async (...values) => {
    const result = await method(...values);
    const settled = db.settled();
    if (settled) await settled;
    return result;
  };
