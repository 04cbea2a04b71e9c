import { expect, test } from '../support/fixtures.ts';

test('a German and an English browser are in one conversation, each in its own language', async ({
  person,
  visitor,
}) => {
  const alice = await person('Alice');
  const bernd = await visitor({ locale: 'de-DE', viewport: { width: 390, height: 844 } });
  const { page } = bernd;
  const fits = () => page.evaluate(() => document.documentElement.scrollWidth <= innerWidth);

  await expect(page.locator('html')).toHaveAttribute('lang', 'de');
  await bernd.nameField.fill('Bernd');
  await page.getByRole('button', { name: 'Loslegen' }).click();
  const list = page.getByRole('navigation', { name: 'Unterhaltungen' });
  await list.getByRole('button', { name: /^Alice schreiben/ }).click();
  await page.getByRole('textbox', { name: 'Nachricht', exact: true }).fill('Guten Tag');
  await page.getByRole('button', { name: 'Senden', exact: true }).click();
  await expect(page.getByText('Du hast die Unterhaltung begonnen.')).toBeVisible();
  expect(await fits()).toBe(true);

  await alice.openConversation('Bernd');
  await alice.reads('Guten Tag');
  await expect(alice.messages.getByText('Bernd started the conversation.')).toBeVisible();
  await expect(alice.page.locator('html')).toHaveAttribute('lang', 'en');
  await alice.send('Hello');
  await expect(
    page.getByRole('region', { name: 'Nachrichten', exact: true }).getByText('Hello'),
  ).toBeVisible();

  await page.getByRole('button', { name: 'Zurück zu den Unterhaltungen' }).click();
  await list.getByRole('link', { name: 'Einstellungen von Bernd' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Einstellungen' })).toBeVisible();
  expect(await fits()).toBe(true);
  await page.getByRole('radio', { name: 'English' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Settings' })).toBeVisible();
  await page.reload();
  await expect(page.getByRole('heading', { level: 1, name: 'Settings' })).toBeVisible();
  await expect(page.locator('html')).toHaveAttribute('lang', 'en');
});
