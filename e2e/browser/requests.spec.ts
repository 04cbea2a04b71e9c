import { violationsOf } from '../support/axe.ts';
import { expect, test } from '../support/fixtures.ts';
import type { Person } from '../support/page.ts';

const PASSWORD = 'correct horse battery';

test.beforeEach(({ watch }) => watch.allow(/status of 409/)); // two devices may store a vault at once

async function paulaTwice(visitor: () => Promise<Person>): Promise<[laptop: Person, phone: Person]> {
  const [laptop, phone] = [await visitor(), await visitor()];
  await laptop.createAccount('Paula', PASSWORD);
  await phone.signIn('Paula', PASSWORD);
  await expect(phone.conversations).toBeVisible({ timeout: 30_000 });
  await wasMe(laptop);
  return [laptop, phone];
}

/** Puts away what is told of a new device: it lies above the conversation. */
const wasMe = ({ page }: Person) => page.getByRole('button', { name: 'Yes, it was me' }).click();

/** What calls for somebody: the number on the tab, and what stands in the list. */
const titleOf = ({ page }: Person) => page.title();

test('[attack 48] a stranger asks quietly; who accepts on one device has accepted on the other', async ({
  person,
  visitor,
}) => {
  const [laptop, phone] = await paulaTwice(visitor);
  const mallory = await person('Mallory');
  await mallory.createGroup('FREE PRIZES', ['Paula']);
  await mallory.send('Click https://prizes.example/now');
  for (const device of [laptop, phone]) {
    await expect(device.requests).toBeVisible({ timeout: 30_000 });
    await expect(device.conversations.getByText('FREE PRIZES')).toHaveCount(0);
    expect(await titleOf(device)).toBe('Sotto');
  }
  await laptop.openRequests();
  const request = laptop.requestOf('Mallory');
  await expect(request).toContainText('brought you into a group');
  await expect(request).not.toContainText('PRIZES');
  await request.getByRole('button', { name: 'Show what they wrote' }).click();
  await expect(request).toContainText('FREE PRIZES');
  await expect(request).toContainText('Click https://prizes.example/now');
  await expect(request.getByRole('link')).toHaveCount(0); // text stays text until it is accepted
  expect(await violationsOf(laptop.page, 'requests')).toEqual([]);
  await expect(mallory.messages.getByRole('img', { name: /Delivered|Read/ })).toHaveCount(0);

  // By the keyboard alone.
  await request.getByRole('button', { name: 'Accept' }).focus();
  await laptop.page.keyboard.press('Enter');
  await laptop.reads('Click https://prizes.example/now');
  await expect(phone.requests).toHaveCount(0, { timeout: 30_000 });
  await phone.openConversation('FREE PRIZES');
  await phone.reads('Click https://prizes.example/now');
  await laptop.page.reload();
  await laptop.reads('Click https://prizes.example/now');
  await expect(laptop.requests).toHaveCount(0);
});

test('[attack 48] a declined group is gone on every device and is left; the page says so', async ({
  person,
  visitor,
}) => {
  const [laptop, phone] = await paulaTwice(visitor);
  const mallory = await person('Mallory');
  await mallory.createGroup('FREE PRIZES', ['Paula']);
  await laptop.openRequests();
  await laptop.requestOf('Mallory').getByRole('button', { name: 'Decline' }).click();
  await laptop.page.getByRole('alertdialog').getByRole('button', { name: 'Decline' }).click();
  await expect(laptop.page.getByText('You declined the request of Mallory.')).toHaveRole('status');
  await expect(laptop.page.getByRole('heading', { name: 'Requests' })).toBeFocused();
  await expect(mallory.messages.getByText(/Paula left/)).toBeVisible({ timeout: 30_000 });
  await expect(phone.requests).toHaveCount(0, { timeout: 30_000 });
  await phone.page.reload();
  await expect(phone.conversations).toBeVisible();
  await expect(phone.conversations.getByText('FREE PRIZES')).toHaveCount(0);
});

test('[attack 48] blocking somebody holds on both devices, after a reload and on a new one, until it is taken back', async ({
  person,
  visitor,
}) => {
  test.setTimeout(240_000); // five pages, three of them of one account
  const [laptop, phone] = await paulaTwice(visitor);
  const [bob, mallory] = await Promise.all([person('Bob'), person('Mallory')]);
  await laptop.createGroup('Team', ['Bob', 'Mallory']);
  await laptop.send('Welcome');
  for (const other of [bob, mallory]) {
    await other.openConversation('Team');
    await other.reads('Welcome');
  }
  await mallory.openDirect('Paula');
  await mallory.send('first');
  await laptop.openConversation('Mallory');
  await laptop.reads('first');
  const panel = await laptop.openDetails();
  await panel.getByRole('button', { name: 'Block' }).click();
  await laptop.page.getByRole('alertdialog').getByRole('button', { name: 'Block' }).click();
  await expect(laptop.composer).toBeHidden();

  await mallory.send('you will hear this');
  await mallory.openConversation('Team');
  await mallory.send('and all of you this');
  await bob.reads('and all of you this');
  const tablet = await visitor();
  await tablet.signIn('Paula', PASSWORD);
  await expect(tablet.conversations).toBeVisible({ timeout: 30_000 });
  for (const device of [laptop, phone]) await wasMe(device);
  await phone.page.reload();
  for (const device of [laptop, phone, tablet]) {
    await device.openConversation('Team');
    const folded = device.messages.getByText('From somebody you blocked');
    await expect(folded).toBeVisible({ timeout: 30_000 });
    await expect(device.message('and all of you this')).toHaveCount(0);
    await device.toList();
    await expect(device.conversations.getByRole('link', { name: /Mallory/ })).toHaveCount(0);
    await expect(device.requests).toHaveCount(0);
    await expect(device.page).toHaveTitle('Sotto');
  }
  // Nobody is kept from what was written in the group.
  await laptop.openConversation('Team');
  await laptop.messages.getByRole('button', { name: 'Show the message of Mallory' }).click();
  await laptop.reads('and all of you this');
  expect(await violationsOf(laptop.page, 'a group with somebody blocked')).toEqual([]);

  await phone.openSettings('Paula');
  await phone.page.getByRole('heading', { name: 'Blocked people' }).scrollIntoViewIfNeeded();
  expect(await violationsOf(phone.page, 'settings with somebody blocked')).toEqual([]);
  await phone.page.getByRole('button', { name: 'Unblock Mallory' }).click();
  for (const device of [phone, laptop, tablet]) {
    await device.openConversation('Mallory');
    await device.reads('you will hear this');
  }
});
