import type { Locator, Page } from '@playwright/test';
import { expect, test } from '../support/fixtures.ts';

/** Tabs on until the element has the focus; nobody should need more stops than this. */
async function tabTo(page: Page, target: Locator, limit = 40): Promise<void> {
  for (let stops = 0; stops < limit; stops += 1) {
    if (await target.evaluate((element) => element === document.activeElement)) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`not reached with ${limit} stops of the Tab key: ${target}`);
}

test('sign up, find somebody, write and read with the keyboard alone', async ({ person, visitor }) => {
  const [bob, alice] = await Promise.all([person('Bob'), visitor()]);
  const { page } = alice;
  await expect(alice.nameField).toBeEditable();
  await tabTo(page, alice.nameField);
  await page.keyboard.type('Alice');
  await page.keyboard.press('Enter');
  const entry = alice.stranger('Bob');
  await expect(entry).toBeVisible();
  await tabTo(page, entry);
  await page.keyboard.press('Enter');
  await expect(alice.composer).toBeVisible();
  await tabTo(page, alice.composer);
  await page.keyboard.type('first line');
  await page.keyboard.press('Shift+Enter');
  await page.keyboard.type('second line');
  await page.keyboard.press('Enter');
  await bob.openConversation('Alice');
  await expect(bob.messages.getByText('second line')).toBeVisible();
});

test('a dialog takes the focus, keeps it, closes with Escape and gives it back', async ({ person }) => {
  const alice = await person('Alice');
  const { page } = alice;
  const opener = alice.newGroup;
  await tabTo(page, opener);
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog');
  await expect(dialog).toBeVisible();
  for (let stops = 0; stops < 12; stops += 1) {
    await page.keyboard.press('Tab');
    // At its edges the dialog hands the focus round in a moment of its own.
    await expect
      .poll(() => dialog.evaluate((element) => element.contains(document.activeElement)))
      .toBe(true);
  }
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
  await expect(opener).toBeFocused();
});

test('what has the focus shows it', async ({ visitor }) => {
  const { page, nameField } = await visitor();
  await expect(nameField).toBeEditable();
  const unseen: string[] = [];
  for (let stops = 0; stops < 8; stops += 1) {
    await page.keyboard.press('Tab');
    const shown = await page.evaluate(() => {
      const element = document.activeElement;
      if (!element || element === document.body) return null;
      const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(element);
      const visible = (outlineStyle !== 'none' && outlineWidth !== '0px') || boxShadow !== 'none';
      return visible ? null : element.outerHTML.slice(0, 200);
    });
    if (shown) unseen.push(shown);
  }
  expect(unseen).toEqual([]);
});

test('a message that has the focus tells its exact time', async ({ person }) => {
  const [alice] = await Promise.all([person('Alice'), person('Bob')]);
  await alice.openDirect('Bob');
  await alice.send('when was this?');
  await alice.reads('when was this?');
  const time = alice.messages.getByRole('article').last().locator('time');
  const shown = () => time.evaluate((element) => getComputedStyle(element, '::after').content);
  expect(await shown()).toBe('none');
  await alice.messages.focus();
  await alice.page.keyboard.press('ArrowUp');
  await expect(alice.messages.getByRole('article').last()).toBeFocused();
  expect(await shown()).toMatch(/\d:\d\d:\d\d/);
});
