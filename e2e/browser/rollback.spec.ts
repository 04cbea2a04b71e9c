import { cp, rm } from 'node:fs/promises';
import { expect, test } from '../support/fixtures.ts';

test('[attack 8] after an older backup came back, the alarm says so, and a button leads on in a new group', async ({
  person,
  server,
  watch,
}) => {
  watch.allow(
    /ERR_CONNECTION_REFUSED|ERR_EMPTY_RESPONSE|ERR_CONNECTION_RESET|WebSocket connection|status of 4/,
  );
  const [alice, bob] = await Promise.all([person('Alice'), person('Bob')]);
  await alice.openDirect('Bob');
  await alice.send('before the backup');
  await bob.openConversation('Alice');
  await bob.reads('before the backup');
  await server.stop();
  const backup = `${server.data}-monday`;
  await cp(server.data, backup, { recursive: true });
  await server.restart();
  await alice.send('after the backup');
  await bob.reads('after the backup');
  await server.stop();
  await rm(server.data, { recursive: true });
  await cp(backup, server.data, { recursive: true });
  await server.restart();
  const { page } = bob;
  await expect(
    page.getByText('The server showed an older state than this device has seen').first(),
  ).toBeVisible({
    timeout: 30_000,
  });
  await bob.reads('after the backup'); // what was received stays
  // With the keyboard alone: there, back again, and through.
  const goOn = page.getByRole('button', { name: 'Go on in a new group' });
  await goOn.press('Enter');
  await expect(page.getByRole('alertdialog')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(goOn).toBeFocused();
  await page.keyboard.press('Enter');
  await page.getByRole('alertdialog').getByRole('button', { name: 'Make the group' }).press('Enter');
  await expect(page.getByRole('heading', { level: 1, name: 'Bob and Alice' })).toBeVisible();
  await bob.send('here we go on');
  await alice.openConversation('Bob and Alice');
  await alice.reads('here we go on');
});
