import { attach, given, meet, png, sendTray } from '../support/files.ts';
import { expect, test } from '../support/fixtures.ts';

test('a conversation that opens at unread messages which fit on the screen follows what comes', async ({
  person,
}) => {
  const [alice, bob] = await meet(person);
  await bob.conversations.getByRole('button', { name: 'People', exact: true }).click();
  await alice.send('unread one');
  await alice.send('unread two');
  await expect(bob.conversations.getByText('unread two')).toBeVisible();
  await bob.openConversation('Alice');
  await expect(bob.messages.getByText('New messages')).toBeVisible();
  await expect(bob.message('unread two')).toBeInViewport();
  for (let line = 1; line <= 16; line += 1) await alice.send(`line ${line}`);
  await expect(bob.message('line 16')).toBeInViewport();
  // Who scrolls up stays there.
  await bob.messages.hover();
  await bob.page.mouse.wheel(0, -400);
  await expect(bob.message('line 16')).not.toBeInViewport();
  await alice.send('line 17');
  await expect(bob.page.getByRole('button', { name: /1 new message/ })).toBeVisible();
  await expect(bob.message('line 17')).not.toBeInViewport();
});

test('a caption can be edited away, and the picture stays', async ({ person }) => {
  const [alice, bob] = await meet(person);
  await attach(alice, [given('pier.png', 'image/png', png(80, 60, 1))]);
  await sendTray(alice, 'a caption too many');
  await bob.reads('a caption too many');
  await alice.composer.press('ArrowUp');
  await expect(alice.composer).toHaveValue('a caption too many');
  await alice.composer.fill('');
  await alice.composer.press('Enter');
  await expect(alice.page.getByRole('button', { name: 'Cancel editing' })).toBeHidden();
  for (const person of [alice, bob]) {
    await expect(person.messages.getByText('a caption too many')).toHaveCount(0);
    await expect(person.messages.locator('img.tile-picture')).toHaveCount(1);
    await expect(person.messages.getByText('edited')).toBeVisible();
  }
  // A text without files is not edited away.
  await alice.send('a text');
  await bob.reads('a text');
  await bob.send('an answer');
  await alice.reads('an answer'); // so her text is in the log
  await alice.composer.press('ArrowUp');
  await expect(alice.composer).toHaveValue('a text');
  await alice.composer.fill('');
  await expect(alice.page.getByRole('button', { name: 'Send', exact: true })).toBeDisabled();
});
