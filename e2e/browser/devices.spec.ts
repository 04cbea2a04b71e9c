import { readFileSync } from 'node:fs';
import { strFromU8, unzipSync } from 'fflate';
import { expect, test } from '../support/fixtures.ts';
import { OTHER_PASSWORD, PASSWORD, paulaAndBob, signsInAsPaula } from '../support/paula-and-bob.ts';

/** What the browser itself says where a device or a password is no longer taken, or two devices make keys at once. */
const REFUSED = /status of 40[139]/;

test.beforeEach(({ watch }) => watch.allow(REFUSED));

test('[M5] a second clean browser is the same person, with all history, live both ways', async ({
  person,
  visitor,
}) => {
  const [laptop, bob] = await paulaAndBob(person, visitor);
  const number = await laptop.safetyNumber();
  expect(number).toHaveLength(60);
  expect(await bob.safetyNumber()).toBe(number);

  const phone = await visitor();
  await phone.signIn('Paula', PASSWORD);
  await phone.openConversation('Bob');
  await phone.reads('hello Bob');
  await phone.reads('hello back');
  expect(await phone.safetyNumber()).toBe(number);

  await bob.send('to both of you');
  await laptop.reads('to both of you');
  await phone.reads('to both of you');
  await phone.send('from the phone');
  await bob.reads('from the phone');
  await laptop.reads('from the phone');
  await expect(bob.page.getByText('security key changed')).toHaveCount(0);
});

test('[K5] a wrong password is refused in plain words', async ({ visitor }) => {
  const laptop = await visitor();
  await laptop.createAccount('Paula', PASSWORD);
  const phone = await visitor();
  await phone.signIn('Paula', OTHER_PASSWORD);
  await expect(phone.page.getByRole('alert')).toContainText('Name or password is not right');
  await expect(phone.nameField).toHaveValue('Paula');
});

test('a guest sets a password, keeps everything, and signs in elsewhere', async ({ person, visitor }) => {
  const [bob, gus] = await Promise.all([person('Bob'), person('Gus')]);
  await gus.openDirect('Bob');
  await gus.send('written as a guest');
  await gus.reads('written as a guest');
  const reminder = gus.conversations.getByRole('region', { name: 'Reminder' });
  await reminder.getByRole('button', { name: 'Set a password' }).click();
  await gus.setPassword(PASSWORD);
  await expect(reminder).toBeHidden();
  await gus.page.getByRole('dialog').getByRole('button', { name: 'Later' }).click();

  const phone = await visitor();
  await phone.signIn('Gus', PASSWORD);
  await phone.openConversation('Bob');
  await phone.reads('written as a guest');
  await bob.openConversation('Gus');
  await bob.send('welcome, account');
  await phone.reads('welcome, account');
});

test('[K5] the recovery phrase: shown once, three words asked back, and it signs in', async ({
  person,
  visitor,
}) => {
  const [laptop] = await paulaAndBob(person, visitor);
  await laptop.openSettings('Paula');
  await laptop.page.getByRole('button', { name: 'Recovery phrase' }).click();
  const dialog = laptop.page.getByRole('dialog');
  await dialog.getByRole('textbox', { name: 'Your password' }).fill(OTHER_PASSWORD);
  await dialog.getByRole('button', { name: 'Show the words' }).click();
  await expect(dialog.getByRole('alert')).toContainText('not your password');
  await dialog.getByRole('textbox', { name: 'Your password' }).fill(PASSWORD);
  await dialog.getByRole('button', { name: 'Show the words' }).click();
  const items = dialog.getByRole('list', { name: 'Recovery phrase, 24 words' }).getByRole('listitem');
  await expect(items).toHaveCount(24, { timeout: 30_000 });
  const words = (await items.allInnerTexts()).map((text) => text.replaceAll(/[^a-z]/g, ''));
  await laptop.page.keyboard.press('Escape'); // what is shown only once does not vanish by accident
  await dialog.getByRole('button', { name: 'I have written them down' }).click();
  const fields = dialog.getByRole('textbox');
  await expect(fields).toHaveCount(3);
  await dialog.getByRole('button', { name: 'Confirm' }).click();
  await expect(dialog.getByRole('alert')).toHaveCount(3);
  for (const label of await dialog.locator('label').allInnerTexts()) {
    const place = Number(/\d+/.exec(label)?.[0]);
    await dialog.getByRole('textbox', { name: label, exact: true }).fill(words[place - 1] ?? '');
  }
  await dialog.getByRole('button', { name: 'Confirm' }).click();
  await expect(dialog.getByText('Confirmed.')).toBeVisible();
  await dialog.getByRole('button', { name: 'Done' }).click();
  await expect(laptop.page.getByText('You have a recovery phrase.')).toBeVisible();

  const phone = await visitor();
  const phrase = words.map((word, index) => `${index + 1}. ${word}`).join('\n');
  const misspelt = phrase.replace(/\b1\. .*/, '1. sottissimo');
  await phone.recover({ name: 'Paula', phrase: misspelt, password: OTHER_PASSWORD });
  await expect(phone.page.getByRole('alert')).toContainText('“sottissimo”');
  await phone.page.getByRole('textbox', { name: 'Recovery phrase' }).fill(phrase);
  await phone.page.getByRole('button', { name: 'Sign in and set the password' }).click();
  await phone.openConversation('Bob');
  await phone.reads('hello back');

  const bar = laptop.page.getByRole('region', { name: 'Password changed' });
  await bar.getByLabel('New password').fill(PASSWORD);
  await bar.getByRole('button', { name: 'Unlock' }).click();
  await expect(bar.getByRole('alert')).toBeVisible();
  await bar.getByLabel('New password').fill(OTHER_PASSWORD);
  await bar.getByRole('button', { name: 'Unlock' }).click();
  await expect(bar).toBeHidden();
});

test('[attack 34] a new device is announced; removing it ends it there and leads to a new password', async ({
  person,
  visitor,
}) => {
  const [laptop, bob] = await paulaAndBob(person, visitor);
  const stranger = await signsInAsPaula(visitor);

  const notice = laptop.page.getByRole('alert').filter({ hasText: 'Was this you?' });
  await expect(notice).toContainText(/Chrome on Linux|new device/);
  await notice.getByRole('button', { name: 'Remove it' }).click();
  const dialog = laptop.page.getByRole('dialog', { name: 'Now change your password' });
  await expect(dialog).toBeVisible({ timeout: 30_000 });
  await laptop.setPassword(OTHER_PASSWORD);

  await expect(stranger.page.getByRole('heading', { name: /was removed from your account/ })).toBeVisible();
  await stranger.page.getByRole('button', { name: 'To the start page' }).click();
  await expect(stranger.nameField).toBeEditable();
  await stranger.signIn('Paula', PASSWORD);
  await expect(stranger.page.getByRole('alert')).toContainText('Name or password is not right');

  await laptop.page.getByRole('dialog').getByRole('button', { name: 'Later' }).click();
  await laptop.openConversation('Bob');
  await bob.send('after the removal');
  await laptop.reads('after the removal');
});

test('[attack 34] the devices page names, renames and removes', async ({ person, visitor }) => {
  const [laptop] = await paulaAndBob(person, visitor);
  const phone = await visitor();
  await phone.signIn('Paula', PASSWORD);
  await phone.openConversation('Bob');
  await laptop.page
    .getByRole('alert')
    .filter({ hasText: 'Was this you?' })
    .getByRole('button', { name: 'Yes, it was me' })
    .click();
  const list = await laptop.openDevices('Paula');
  await expect(list.getByRole('listitem')).toHaveCount(2);
  await expect(list.getByRole('listitem').first()).toContainText('This device');
  const other = list.getByRole('listitem').nth(1);
  await expect(other).toContainText('Online now');
  await other.getByRole('button', { name: /^Actions for/ }).click();
  await laptop.page.getByRole('menuitem', { name: 'Rename' }).click();
  const dialog = laptop.page.getByRole('dialog');
  await dialog.getByRole('textbox', { name: 'Device name' }).fill('Old phone');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await expect(list.getByText('Old phone')).toBeVisible();
  await list.getByRole('button', { name: 'Actions for Old phone' }).click();
  await laptop.page.getByRole('menuitem', { name: 'Remove' }).click();
  const asking = laptop.page.getByRole('alertdialog', { name: 'Remove Old phone?' });
  await asking.getByRole('button', { name: 'Remove', exact: true }).click();
  await expect(list.getByRole('listitem')).toHaveCount(1);
  await expect(laptop.page.getByText('1 device removed.')).toBeVisible();
  await expect(phone.page.getByRole('heading', { name: /was removed from your account/ })).toBeVisible();
});

test('[K4] verification by digits or by the camera: a match verifies, a difference does not', async ({
  person,
  visitor,
}) => {
  const [paula, bob] = await paulaAndBob(person, visitor);
  const number = await bob.safetyNumber();
  const wrong = `${number.slice(0, -1)}${(Number(number.at(-1)) + 1) % 10}`;
  // No test machine has a camera: this one sees whatever the test shows it.
  await paula.page.evaluate((shown) => {
    const camera = { seen: shown };
    class Detector {
      static getSupportedFormats = async () => ['qr_code'];
      detect = async () => [{ rawValue: camera.seen }];
    }
    const canvas = document.createElement('canvas');
    const paint = canvas.getContext('2d');
    setInterval(() => paint?.fillRect(0, 0, 9, 9), 50);
    const getUserMedia = async () => canvas.captureStream(20);
    Object.assign(globalThis, { BarcodeDetector: Detector, camera });
    navigator.mediaDevices.getUserMedia = getUserMedia;
  }, wrong);
  const panel = await paula.openDetails();
  await panel.getByRole('button', { name: 'Compare safety number' }).click();
  const dialog = paula.page.getByRole('dialog');
  const mark = dialog.getByRole('button', { name: 'Mark as verified' });
  await expect(mark).toBeDisabled();
  await dialog.getByRole('button', { name: 'Scan their code' }).click();
  await expect(dialog.getByText('The numbers do not match.')).toBeVisible();
  await expect(mark).toBeDisabled();
  const digits = dialog.getByRole('textbox');
  await digits.fill(number.slice(0, 30));
  await expect(dialog.getByText('Right so far, 30 digits to go.')).toBeVisible();
  await expect(mark).toBeDisabled();
  await paula.page.evaluate((shown) => {
    (globalThis as unknown as { camera: { seen: string } }).camera.seen = shown;
  }, number);
  await dialog.getByRole('button', { name: 'Scan their code' }).click();
  await expect(dialog.getByText('The numbers match.')).toBeVisible();
  await mark.click();
  await expect(dialog).toBeHidden();
  await expect(panel.getByText('You compared the safety number with Bob.')).toBeVisible();

  const phone = await visitor();
  await phone.signIn('Paula', PASSWORD);
  await phone.openConversation('Bob');
  await expect(phone.page.getByRole('button', { name: 'Verified', exact: true })).toBeVisible();
});

test('everything readable here can be taken along as a file', async ({ person }) => {
  const [alice, bob] = await Promise.all([person('Alice'), person('Bob')]);
  await alice.openDirect('Bob');
  await alice.send('worth keeping');
  await bob.openConversation('Alice');
  await bob.reads('worth keeping');
  await alice.openSettings('Alice');
  const arrives = alice.page.waitForEvent('download');
  await alice.page.getByRole('button', { name: 'Export my conversations' }).click();
  const download = await arrives;
  expect(download.suggestedFilename()).toMatch(/^sotto-\d{4}-\d\d-\d\d\.zip$/);
  const files = unzipSync(readFileSync(await download.path()));
  const story = Object.keys(files).find((name) => name.endsWith('Bob/messages.txt'));
  expect(strFromU8(files[story ?? ''] ?? new Uint8Array(0))).toContain('Alice: worth keeping');
});
