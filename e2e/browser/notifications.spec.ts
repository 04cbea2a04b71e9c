import { expect, test } from '../support/fixtures.ts';
import { lookAway, type Outside, watchOutside } from '../support/outside.ts';
import { Person } from '../support/page.ts';

const shownIn = (pages: readonly Person[]) =>
  Promise.all(
    pages.map(({ page }) =>
      page.evaluate(() =>
        [...(window as unknown as Outside).shown].map(({ title, body }) => `${title}: ${body}`),
      ),
    ),
  ).then((all) => all.flat());

test('a message that nobody sees is told once, by the service worker, and no more once it is read or deleted', async ({
  person,
  visitor,
  server,
}) => {
  const [bob, ada] = [await person('Bob'), await visitor()];
  await ada.page.context().addInitScript(watchOutside);
  await ada.page.reload();
  await ada.signUp('Ada');
  await ada.openDirect('Bob');
  await ada.send('hello');
  await bob.openConversation('Ada');
  await bob.reads('hello');
  const second = new Person(await ada.page.context().newPage());
  await second.page.goto(server.origin);
  await second.page.getByRole('button', { name: /Ada/ }).click();
  await expect(second.conversations).toBeVisible();
  for (const { page } of [ada, second]) {
    await page.evaluate(() => navigator.serviceWorker.ready);
    await lookAway(page);
  }
  const told = () => shownIn([ada, second]);

  await bob.send('are you there?');
  await expect.poll(told).toEqual(['Bob: are you there?']);
  // Read in one of the two tabs, whichever showed it.
  await second.page.evaluate(() => {
    document.hasFocus = () => true;
    window.dispatchEvent(new Event('focus'));
  });
  await second.openConversation('Bob');
  await expect.poll(told).toEqual([]);
  await bob.send('you see this');
  await second.reads('you see this');
  await ada.page.waitForTimeout(1_500);
  expect(await told()).toEqual([]);

  await lookAway(second.page);
  await bob.send('secret pass 1234');
  await expect.poll(told).toEqual(['Bob: secret pass 1234']);
  await bob.messages
    .getByRole('article')
    .last()
    .click({ button: 'right', position: { x: 5, y: 5 } });
  await bob.page.getByRole('menuitem', { name: 'Delete' }).click();
  await bob.page.getByRole('alertdialog').getByRole('button', { name: 'Delete' }).click();
  await expect.poll(told).toEqual([]);
});
