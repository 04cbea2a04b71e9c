import type { Page } from '@playwright/test';

/** Changes what rests in the browser's store, as a fault or an older version with other rules may have left it. */
export interface Planted {
  /** Times of the newest message and of the conversation's last activity. */
  readonly time?: number;
  /** What the newest message says, whether it is a text or not. */
  readonly body?: unknown;
}

/** Plants it in the one conversation of the page's only account; shown after a reload. */
export async function plant(page: Page, planted: Planted): Promise<void> {
  await page.evaluate(async ({ time, body }) => {
    const done = <T>(request: IDBRequest<T>) =>
      new Promise<T>((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
      });
    const found = (await indexedDB.databases()).find(({ name }) => /^sotto-[\w-]{22}$/.test(name ?? ''));
    const database = await done(indexedDB.open(found?.name ?? ''));
    const stores = database.transaction(['entries', 'rooms'], 'readwrite');
    const entries = stores.objectStore('entries');
    const [key] = (await done(entries.getAllKeys())).slice(-1);
    if (!key) throw new Error('there is no message');
    const entry = await done(entries.get(key));
    if (body !== undefined) entry.what.content.body = body;
    if (time !== undefined) entry.time = time;
    await done(entries.put(entry, key));
    const rooms = stores.objectStore('rooms');
    const [room] = await done(rooms.getAllKeys());
    if (!room) throw new Error('there is no conversation');
    const row = await done(rooms.get(room));
    if (time !== undefined) row.last.time = time;
    await done(rooms.put(row, room));
    database.close();
  }, planted);
}
