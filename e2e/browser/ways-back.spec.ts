import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { expect, test } from '../support/fixtures.ts';
import { nodeExecutable } from '../support/node.ts';
import { OTHER_PASSWORD, paulaAndBob, signsInAsPaula } from '../support/paula-and-bob.ts';

const OPERATIONS = resolve(import.meta.dirname, '../../packages/server/src/operations/main.ts');
/** What the browser itself says where a device or a password is no longer taken. */
const REFUSED = /status of 40[0139]/;

test.beforeEach(({ watch }) => watch.allow(REFUSED));

test('[attack 3] [K4] who lost everything starts over with a code, and the others are warned and accept', async ({
  person,
  visitor,
  server,
}) => {
  const [lost, bob] = await paulaAndBob(person, visitor);
  await lost.page.context().close();

  const again = await visitor();
  const { page } = again;
  await page.getByRole('tab', { name: 'Sign in' }).click();
  await page.getByRole('textbox', { name: 'Name', exact: true }).fill('Paula');
  await page.getByRole('button', { name: 'Forgot your password?' }).click();
  await page.getByRole('button', { name: 'I lost everything' }).click();
  await expect(page.getByRole('heading', { name: 'Start over under your name' })).toBeFocused();
  await expect(page.getByText('What was written so far cannot be read by you again.')).toBeVisible();
  await expect(page.getByText('Everyone you talked with is warned')).toBeVisible();
  const code = page.getByRole('textbox', { name: 'Reset code' });
  await code.fill('too short');
  await page.getByRole('textbox', { name: 'New password' }).fill(OTHER_PASSWORD);
  const submit = page.getByRole('button', { name: 'Start over' });
  await submit.click();
  await expect(page.getByRole('alert')).toContainText('a code has 20');
  await code.fill('00000-00000-00000-00000');
  await submit.click();
  await expect(page.getByRole('alert')).toContainText('Ask the operator for a new one');

  const env = { ...process.env, SOTTO_DATA: server.data };
  const args = ['--disable-warning=ExperimentalWarning', OPERATIONS, 'reset-code', 'Paula'];
  const { stdout } = spawnSync(nodeExecutable(), args, { env, encoding: 'utf8' });
  await code.fill(/[0-9A-Z]{4}(-[0-9A-Z]{4}){4}/.exec(stdout)?.[0] ?? '');
  await submit.click();
  await expect(again.conversations).toBeVisible({ timeout: 30_000 });
  await expect(page.getByText('hello back')).toHaveCount(0);

  await expect(bob.page.getByText('security key changed').first()).toBeVisible();
  await bob.page.getByRole('button', { name: 'Review' }).first().click();
  await bob.page.getByRole('dialog').getByRole('button', { name: 'Accept without comparing' }).click();
  await bob.send('is it you?');
  await again.openConversation('Bob');
  await again.reads('is it you?');
  await again.send('it is me');
  await bob.reads('it is me');
});

test('[K5] a stranger changed the password first: the device that was signed in takes the account back', async ({
  person,
  visitor,
}) => {
  const [laptop, bob] = await paulaAndBob(person, visitor);
  const stranger = await signsInAsPaula(visitor);
  await stranger.openSettings('Paula');
  await stranger.page.getByRole('button', { name: 'Change password' }).click();
  const theirs = stranger.page.getByRole('dialog');
  await theirs.getByRole('textbox', { name: 'New password' }).fill('set by the stranger');
  await theirs.getByRole('button', { name: 'Change password' }).click();
  await expect(theirs.getByText('Your password is changed.')).toBeVisible({ timeout: 30_000 });

  const bar = laptop.page.getByRole('region', { name: 'Password changed' });
  await bar.getByRole('button', { name: 'It was not me' }).click();
  const dialog = laptop.page.getByRole('dialog', { name: 'Take your account back' });
  await expect(dialog).toContainText('It signs out every other device');
  await dialog.getByRole('textbox', { name: 'New password' }).fill(OTHER_PASSWORD);
  await dialog.getByRole('button', { name: 'Take it back' }).click();
  await expect(dialog.getByText('The account is yours again.')).toBeVisible({ timeout: 30_000 });
  await dialog.getByRole('button', { name: 'Later' }).click();
  await expect(bar).toBeHidden();
  await expect(stranger.page.getByRole('heading', { name: /was removed from your account/ })).toBeVisible();

  const phone = await visitor();
  await phone.signIn('Paula', OTHER_PASSWORD);
  await phone.openConversation('Bob');
  await phone.reads('hello back');
  await bob.send('after the stranger');
  await phone.reads('after the stranger');
  await expect(bob.page.getByText('security key changed')).toHaveCount(0);
});
