import type { Locator } from '@playwright/test';
import { expect, test } from '../support/fixtures.ts';
import { Person } from '../support/page.ts';

type Made = (name: string) => Promise<Person>;

async function meet(person: Made) {
  const [alice, bob] = await Promise.all([person('Alice'), person('Bob')]);
  await alice.openDirect('Bob');
  await alice.send('from Alice');
  await bob.openConversation('Alice');
  await bob.reads('from Alice');
  return [alice, bob] as const;
}

/** The same conversation in a second tab of the browser. */
async function anotherTab(of: Person, name: string): Promise<Person> {
  const other = new Person(await of.page.context().newPage());
  await other.page.goto(of.page.url());
  await other.page.getByRole('button', { name: `Continue as ${name}` }).click();
  await expect(other.composer).toBeVisible();
  return other;
}

async function fromMenu(who: Person, action: string): Promise<void> {
  const last = who.messages.getByRole('article').last();
  await last.click({ button: 'right', position: { x: 5, y: 5 } });
  await who.page.getByRole('menuitem', { name: action }).click();
}

/** Enter as an input method ends a word with it, in the orders that browsers tell it. */
const endWord = (field: Locator) =>
  field.evaluate((element) => {
    const key = (init: KeyboardEventInit) =>
      element.dispatchEvent(
        new KeyboardEvent('keydown', { key: 'Enter', bubbles: true, cancelable: true, ...init }),
      );
    const composed = (type: string) => element.dispatchEvent(new CompositionEvent(type, { bubbles: true }));
    composed('compositionstart');
    key({ isComposing: true }); // Chromium, Firefox
    key({ keyCode: 229 });
    composed('compositionend');
    key({ keyCode: 229 }); // Safari
  });

test('Enter that ends a word of an input method sends nothing and chooses nothing', async ({ person }) => {
  const [alice, bob] = await meet(person);
  await alice.composer.fill('かな');
  await endWord(alice.composer);
  await expect(alice.composer).toHaveValue('かな');
  await alice.page.keyboard.press('Control+k');
  const jump = alice.page.getByRole('dialog').getByRole('combobox');
  await jump.fill('Bob');
  await endWord(jump);
  await expect(jump).toBeVisible();
  await jump.press('Escape');
  await alice.composer.press('Enter');
  await bob.reads('かな');
});

test('what was typed is what is sent: only blank ends are cut', async ({ person }) => {
  const [alice, bob] = await meet(person);
  await alice.composer.fill('\n  \n    indented\n\tTab  \n');
  await alice.composer.press('Enter');
  const arrived = bob.messages.getByRole('article').filter({ hasText: 'indented' });
  await expect(arrived).toBeVisible();
  expect(await arrived.locator('.message-body').evaluate((element) => element.textContent)).toBe(
    '    indented\n\tTab',
  );
});

test('what one answers is kept with the text: on other pages, in other tabs, over a reload', async ({
  person,
}) => {
  const [alice, bob] = await meet(person);
  await fromMenu(bob, 'Reply');
  await bob.composer.fill('about that');
  const answering = bob.page.getByText('Reply to Alice');
  await bob.openSettings('Bob');
  await bob.openConversation('Alice');
  await expect(answering).toBeVisible();
  await bob.page.reload();
  await expect(answering).toBeVisible();
  await expect(bob.composer).toHaveValue('about that');

  const other = await anotherTab(bob, 'Bob');
  await expect(other.page.getByText('Reply to Alice')).toBeVisible();
  await other.composer.fill('about this');
  await expect(bob.composer).toHaveValue('about this');
  await bob.composer.press('Enter');
  await alice.reads('about this');
  await expect(alice.messages.getByRole('article').last()).toContainText('from Alice');
  await expect(answering).toBeHidden();
  await expect(other.composer).toHaveValue('');
});

test('an edit of a message that another tab deletes is told, and its text kept', async ({ person }) => {
  const [alice, bob] = await meet(person);
  const other = await anotherTab(alice, 'Alice');
  await other.reads('from Alice');
  await alice.composer.press('ArrowUp');
  await alice.composer.fill('with many new words');
  await fromMenu(other, 'Delete');
  await other.page.getByRole('alertdialog').getByRole('button', { name: 'Delete' }).click();
  await expect(bob.message('from Alice')).toHaveCount(0);
  await expect(alice.message('from Alice')).toHaveCount(0);
  await alice.composer.press('Enter');
  await expect(alice.page.getByRole('alert')).toContainText('deleted');
  await expect(alice.composer).toHaveValue('with many new words');
});
