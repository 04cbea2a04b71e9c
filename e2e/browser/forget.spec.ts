import type { Page } from '@playwright/test';
import { attach, given } from '../support/files.ts';
import { expect, test } from '../support/fixtures.ts';
import { lookAway, type Outside, watchOutside } from '../support/outside.ts';
import { Person } from '../support/page.ts';
import { makePhrase } from '../support/phrase.ts';

const PASSWORD = 'correct horse battery';
const SAID = 'the lighthouse keeper sings';

/** Everything that a page of this origin can find of what was kept, as one text. */
async function everythingKept(page: Page): Promise<string> {
  return page.evaluate(async () => {
    const found: string[] = [];
    const note = (...parts: unknown[]) => found.push(parts.map((part) => textOf(part)).join(' '));
    const textOf = (value: unknown): string => {
      if (value instanceof ArrayBuffer) return textOf(new Uint8Array(value));
      if (value instanceof Uint8Array) return new TextDecoder('latin1').decode(value);
      if (Array.isArray(value)) return value.map(textOf).join(' ');
      if (value && typeof value === 'object') return Object.entries(value).map(textOf).join(' ');
      return String(value);
    };
    for (const store of [localStorage, sessionStorage]) note('web storage', Object.entries(store));
    for (const { name, version } of await indexedDB.databases()) {
      note('database', name, version);
      const database = await new Promise<IDBDatabase>((resolve, reject) => {
        const opening = indexedDB.open(String(name));
        opening.onsuccess = () => resolve(opening.result);
        opening.onerror = () => reject(opening.error);
      });
      for (const store of database.objectStoreNames) {
        const rows = database.transaction(store).objectStore(store);
        for (const asked of [rows.getAllKeys(), rows.getAll()]) {
          await new Promise((resolve) => {
            asked.onsuccess = resolve;
          });
          note('rows of', store, asked.result);
        }
      }
      database.close();
    }
    const walk = async (folder: FileSystemDirectoryHandle, path: string): Promise<void> => {
      for await (const [name, entry] of folder.entries()) {
        note('private file', `${path}/${name}`);
        if (entry.kind === 'directory') await walk(entry as FileSystemDirectoryHandle, `${path}/${name}`);
        else note(await (await (entry as FileSystemFileHandle).getFile()).arrayBuffer());
      }
    };
    await walk(await navigator.storage.getDirectory(), '');
    for (const name of await caches.keys()) {
      const cache = await caches.open(name);
      for (const { url } of await cache.keys()) note('cached', name, url);
    }
    const worker = await navigator.serviceWorker.getRegistration();
    for (const { title, body } of (await worker?.getNotifications()) ?? []) note('notification', title, body);
    const { badge } = window as unknown as Outside;
    note('badge', badge, 'title', document.title, location.href, document.body.textContent);
    return found.join('\n');
  });
}

test('[attack 34] what forgets an account leaves nothing of it in this browser, in no tab', async ({
  person,
  visitor,
  server,
  watch,
}) => {
  watch.allow(/401 \(Unauthorized\)/); // of the tab that was still asking as this device was signed off
  const [bob, ada] = [await person('Bob'), await visitor()];
  await ada.page.context().addInitScript(watchOutside);
  await ada.page.reload();
  await ada.createAccount('Ada', PASSWORD);
  await ada.openDirect('Bob');
  await ada.send(SAID);
  await attach(ada, [given('chart.bin', 'application/octet-stream', Buffer.alloc(300_000, 7))]);
  await ada.page.getByRole('button', { name: 'Send', exact: true }).click();
  await bob.openConversation('Ada');
  await bob.reads(SAID);
  const account = await ada.page.evaluate(() => sessionStorage.getItem('sotto.account') ?? '');
  expect(account).toMatch(/^[\w-]{22}$/);
  await ada.openSettings('Ada');
  await makePhrase(ada, PASSWORD);

  // Another tab of hers, with something typed and something chosen.
  const second = new Person(await ada.page.context().newPage());
  await second.page.goto(server.origin);
  await second.page.getByRole('button', { name: /Ada/ }).click();
  await second.openConversation('Bob');
  await attach(second, [given('more.bin', 'application/octet-stream', Buffer.alloc(30_000, 8))]);
  await second.composer.fill(`${SAID} again`);
  // She looks elsewhere.
  for (const { page } of [ada, second]) {
    await lookAway(page);
  }
  await bob.send(`${SAID} with me`);
  const keptNow = () => Promise.all([ada, second].map(({ page }) => everythingKept(page)));
  await expect.poll(async () => (await keptNow()).join()).toContain('notification Bob');
  const before = await keptNow();
  for (const kept of before) expect(kept).toContain(account);
  expect(before.join()).toContain('sotto.reminders');

  await ada.openSettings('Ada');
  await ada.page.getByRole('button', { name: 'Sign out of this device' }).click();
  await ada.page.getByRole('alertdialog').getByRole('button', { name: 'Sign out' }).click();
  await expect(ada.nameField).toBeVisible({ timeout: 30_000 });
  await expect(second.page.getByRole('alert')).toContainText('erased');
  for (const { page } of [ada, second]) {
    await expect.poll(() => everythingKept(page)).not.toContain(account);
    const kept = await everythingKept(page);
    expect(kept).not.toContain(account);
    expect(kept).not.toContain(SAID);
    expect(kept).toMatch(/badge 0 title Sotto/);
  }
});
