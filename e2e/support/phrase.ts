import { expect } from '@playwright/test';
import type { Person } from './page.ts';

/** Makes a recovery phrase in the settings and leaves the dialog by confirming it. */
export async function makePhrase({ page }: Person, password: string): Promise<string> {
  await page.getByRole('button', { name: 'Recovery phrase', exact: true }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('textbox', { name: 'Your password' }).fill(password);
  await dialog.getByRole('button', { name: 'Show the words' }).click();
  const items = dialog.getByRole('list', { name: 'Recovery phrase, 24 words' }).getByRole('listitem');
  await expect(items).toHaveCount(24, { timeout: 30_000 });
  const words = (await items.allInnerTexts()).map((text) => text.replaceAll(/[^a-z]/g, ''));
  await dialog.getByRole('button', { name: 'I have written them down' }).click();
  for (const label of await dialog.locator('label').allInnerTexts()) {
    const place = Number(/\d+/.exec(label)?.[0]);
    await dialog.getByRole('textbox', { name: label, exact: true }).fill(words[place - 1] ?? '');
  }
  await dialog.getByRole('button', { name: 'Confirm' }).click();
  await dialog.getByRole('button', { name: 'Done' }).click();
  return words.join(' ');
}
