import { attach, given, meet, png, sendTray, tray } from '../support/files.ts';
import { expect, test } from '../support/fixtures.ts';
import { NAMES } from '../support/page.ts';

test('a reload loses nothing: account, conversation, history and draft', async ({ person }) => {
  const [alice, bob] = await Promise.all([person('Alice'), person('Bob')]);
  await alice.openDirect('Bob');
  await alice.send('remember this');
  await bob.openConversation('Alice');
  await bob.reads('remember this');
  await bob.composer.fill('half a thou');
  await bob.conversations.getByRole('button', { name: NAMES.people, exact: true }).click();
  await expect(bob.conversations.getByText('half a thou')).toBeVisible(); // the list tells of the draft
  await bob.page.reload();
  await bob.openConversation('Alice');
  await bob.reads('remember this');
  await expect(bob.composer).toHaveValue('half a thou');
});

test('[E5] what is written offline goes out once, when the connection is back', async ({ person, watch }) => {
  watch.allow(/ERR_INTERNET_DISCONNECTED/);
  const [alice, bob] = await Promise.all([person('Alice'), person('Bob')]);
  await alice.openDirect('Bob');
  await alice.send('online');
  await bob.openConversation('Alice');
  await bob.reads('online');
  await alice.page.context().setOffline(true);
  await alice.send('written offline');
  await alice.reads('written offline');
  await expect(bob.message('written offline')).toHaveCount(0);
  await alice.page.context().setOffline(false);
  await bob.reads('written offline');
  await bob.send('got it');
  await alice.reads('got it');
  await expect(bob.message('written offline')).toHaveCount(1);
});

test('[D2, D3] a server killed mid-conversation loses nothing and duplicates nothing', async ({
  person,
  server,
  watch,
}) => {
  watch.allow(/ERR_CONNECTION_REFUSED|ERR_EMPTY_RESPONSE|ERR_CONNECTION_RESET|WebSocket connection/);
  const [alice, bob] = await Promise.all([person('Alice'), person('Bob')]);
  await alice.openDirect('Bob');
  await alice.send('before');
  await bob.openConversation('Alice');
  await bob.reads('before');
  const lines = Array.from({ length: 10 }, (_, index) => `line ${index + 1}`);
  for (const [index, line] of lines.entries()) {
    await alice.send(line);
    if (index === 4) await server.kill9();
  }
  await server.restart();
  await bob.reads('line 10');
  const read = await bob.messages.getByText(/^line \d+$/).allTextContents();
  expect(read).toEqual(lines);
});

test('a draft typed right before a reload is there after it', async ({ person }) => {
  const [alice] = await Promise.all([person('Alice'), person('Bob')]);
  await alice.openDirect('Bob');
  await alice.send('first');
  await alice.reads('first');
  await alice.composer.fill('typed in the last mom');
  await alice.page.reload();
  await expect(alice.composer).toHaveValue('typed in the last mom');
});

test('[E3] files that were chosen are there after a reload, in their order, until they are sent or taken out', async ({
  person,
}) => {
  const [alice, bob] = await meet(person);
  await attach(alice, [
    given('pier.png', 'image/png', png(80, 60, 1)),
    given('plan.txt', 'text/plain', 'the plan'),
    given('boat.png', 'image/png', png(80, 60, 2)),
  ]);
  const handle = (name: RegExp) => tray(alice).getByRole('button', { name });
  await handle(/^boat\.png, 3 of 3/).press('Home');
  await tray(alice).getByRole('button', { name: 'Remove plan.txt' }).click();
  await expect(handle(/^boat\.png, 1 of 2/)).toBeVisible();
  await alice.composer.fill('as before');
  await alice.page.reload();
  await expect(handle(/^pier\.png, 2 of 2/)).toBeVisible();
  await expect(tray(alice).getByRole('listitem')).toHaveCount(2);
  await expect(alice.composer).toHaveValue('as before');
  await sendTray(alice);
  await bob.reads('as before');
  await expect(bob.messages.locator('img.tile-picture')).toHaveCount(2, { timeout: 30_000 });
  await alice.page.reload();
  await alice.reads('as before');
  await expect(tray(alice)).toBeHidden();
});

test('[E5] with the server stopped, a reload opens the page, the conversations and their history', async ({
  person,
  server,
  watch,
}) => {
  watch.allow(/ERR_CONNECTION_REFUSED|ERR_EMPTY_RESPONSE|ERR_CONNECTION_RESET|WebSocket connection/);
  const [alice, bob] = await Promise.all([person('Alice'), person('Bob')]);
  await alice.openDirect('Bob');
  await alice.send('kept on this device');
  await bob.openConversation('Alice');
  await bob.reads('kept on this device');
  await bob.page.evaluate(async () => {
    const { active } = await navigator.serviceWorker.ready;
    if (active?.state !== 'activated') {
      await new Promise((resolve) => active?.addEventListener('statechange', resolve));
    }
  });
  await server.stop();
  await bob.page.reload();
  await bob.openConversation('Alice');
  await bob.reads('kept on this device');
  await bob.openNewGroup(); // what is loaded later was kept too
  await bob.page.keyboard.press('Escape');
  await bob.send('written without a server');
  await bob.reads('written without a server');
  const caches = await bob.page.evaluate(async () => {
    const names = await globalThis.caches.keys();
    const kept = await Promise.all(names.map(async (name) => (await globalThis.caches.open(name)).keys()));
    return kept.flat().map(({ url }) => new URL(url).pathname);
  });
  expect(caches).toContain('/index.html');
  expect(caches.filter((path) => path.startsWith('/api'))).toEqual([]);
  await server.restart();
  await alice.reads('written without a server');
});
