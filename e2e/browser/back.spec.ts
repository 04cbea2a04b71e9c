import { attach, given, meet, png, sendTray } from '../support/files.ts';
import { expect, test } from '../support/fixtures.ts';

test('going back closes what is on top, one thing at a time, and leaves nothing behind', async ({
  person,
}) => {
  const [alice, bob] = await meet(person);
  await attach(alice, [given('pier.png', 'image/png', png(80, 60, 1))]);
  await sendTray(alice);
  const { page } = bob;
  await page.setViewportSize({ width: 390, height: 800 });
  const picture = bob.messages.getByRole('button', { name: 'Open picture pier.png' });
  const viewer = page.getByRole('dialog');
  const list = bob.conversations;

  // A picture, twice: the second time closed by its own button, which takes its step back too.
  await picture.click();
  await expect(viewer).toBeVisible();
  await page.goBack();
  await expect(viewer).toBeHidden();
  await expect(bob.composer).toBeVisible();
  await picture.click();
  await page.keyboard.press('Escape');
  await expect(viewer).toBeHidden();

  // A menu that leads to a question: going back closes the question, and the next time leaves the conversation.
  await alice.send('not for long');
  await bob.reads('not for long');
  await bob.send('mine');
  await alice.reads('mine'); // only what was sent can be deleted
  const mine = bob.messages.getByRole('article').last();
  await expect(mine).toContainText('mine');
  await mine.click({ button: 'right', position: { x: 5, y: 5 } });
  await page.getByRole('menuitem', { name: 'Delete' }).click();
  const question = page.getByRole('alertdialog');
  await expect(question).toBeVisible();
  await page.goBack();
  await expect(question).toBeHidden();
  await expect(page.getByRole('menu')).toBeHidden();
  await expect(bob.composer).toBeVisible();
  await mine.click({ button: 'right', position: { x: 5, y: 5 } });
  await expect(page.getByRole('menu')).toBeVisible();
  await page.goBack();
  await expect(page.getByRole('menu')).toBeHidden();
  await page.goBack();
  await expect(list).toBeVisible();
  await expect(viewer).toBeHidden();

  // What leads on takes the step over: back from the new group is the list, not the dialog.
  await bob.createGroup('Harbour', ['Alice']);
  await page.goBack();
  await expect(list).toBeVisible();
  await expect(page.getByRole('dialog')).toBeHidden();
  await page.goForward();
  await expect(page.getByRole('heading', { level: 1, name: 'Harbour' })).toBeVisible();
});

test('a dialog that leads on to another one closes to where it was opened; what is shown once stays', async ({
  person,
}) => {
  const alice = await person('Alice');
  const { page } = alice;
  const dialog = page.getByRole('dialog');
  await alice.openSettings('Alice');
  await page.getByRole('main').getByRole('button', { name: 'Set a password' }).click();
  await alice.setPassword('correct horse battery');
  await dialog.getByRole('button', { name: 'Make recovery phrase' }).click();
  await dialog.getByRole('textbox', { name: 'Your password' }).fill('correct horse battery');
  await dialog.getByRole('button', { name: 'Show the words' }).click();
  const words = dialog.getByRole('listitem');
  await expect(words).toHaveCount(24, { timeout: 30_000 });
  await page.goBack();
  await expect(words).toHaveCount(24);
  await dialog.getByRole('button', { name: 'Close' }).click();
  await expect(dialog).toBeHidden();
  await expect(page.getByRole('heading', { level: 1, name: 'Settings' })).toBeVisible();
  await page.getByRole('main').getByRole('button', { name: 'Change password' }).click();
  await expect(dialog).toBeVisible();
  await page.goBack();
  await expect(dialog).toBeHidden();
  await expect(page.getByRole('heading', { level: 1, name: 'Settings' })).toBeVisible();
});

test('a menu is closed by going back, and nothing else', async ({ person }) => {
  const [alice] = await meet(person);
  const { page } = alice;
  await alice.createGroup('Harbour', ['Bob']);
  await page.getByRole('button', { name: 'Details' }).click();
  const details = page.getByRole('complementary');
  await details.getByRole('button', { name: /Bob/ }).last().click();
  await expect(page.getByRole('menu')).toBeVisible();
  await page.goBack();
  await expect(page.getByRole('menu')).toBeHidden();
  await expect(details).toBeVisible();
  // One that leads on takes the step over, or gives it back.
  await details.getByRole('button', { name: /Bob/ }).last().click();
  await page.getByRole('menuitem', { name: 'Safety number' }).click();
  await expect(page.getByRole('dialog')).toBeVisible();
  await page.goBack();
  await expect(page.getByRole('dialog')).toBeHidden();
  await expect(details).toBeVisible();
  await page.goBack();
  await expect(details).toBeHidden();
  await expect(page.getByRole('heading', { level: 1, name: 'Harbour' })).toBeVisible();
});
