import { test as base, expect } from '@playwright/test';
import { impersonate, impostorOf } from '../attacks/support/impersonate.ts';
import { type Scene, setScene, texts, until } from '../attacks/support/story.ts';
import { NAMES, Person } from '../support/page.ts';
import { numberOf } from '../support/trust.ts';

/** A server that lies to one page only; the others know the honest one. */
const test = base.extend<{ scene: Scene }>({
  scene: async ({ browserName: _browser }, use) => {
    const scene = await setScene();
    await use(scene);
    await scene.end();
  },
});

test('[attack 39] the server swaps a key while two people compare: what is marked is what was compared', async ({
  page,
  scene,
}) => {
  const { liar } = scene;
  await page.goto(liar.origin);
  const alice = new Person(page);
  await alice.signUp('Alice');
  const bob = await scene.person('Bob', await scene.anotherLiar());
  await alice.openDirect('Bob');
  await alice.send('hello');
  await until(() => bob.state.order.length === 1, 'the conversation is there');
  const [room] = bob.state.rooms.values();
  if (!room?.peer) throw new Error('expected a conversation of two');
  const account = room.peer;
  const known = await numberOf(bob, account);

  // The server shows another key of Bob’s, and Alice looks.
  const [first, second] = [await impostorOf(scene.operator, bob), await impostorOf(scene.operator, bob)];
  impersonate(liar, first);
  liar.say({ t: 'list', account: bob.id, version: 2 });
  await page.getByRole('button', { name: 'Review key' }).first().click();
  const dialog = page.getByRole('dialog');
  const number = dialog.getByRole('group', { name: NAMES.safetyNumber, exact: true });
  await expect(dialog.getByText('Number of the new key of Bob:')).toBeVisible();
  await expect(number).not.toHaveText(known.replaceAll(' ', ''));
  await dialog.getByText('Number of the key of Bob you knew').click();
  await expect(dialog.getByRole('group', { name: /you knew/ })).toHaveText(known.replaceAll(' ', ''));
  const compared = (await number.textContent()) ?? '';

  // They say that they compared; in that moment it is another key.
  await dialog.getByRole('textbox').fill(compared);
  impersonate(liar, second);
  await dialog.getByRole('button', { name: 'Mark as verified' }).click();
  await expect(dialog.getByText('The key of Bob changed while you looked')).toBeVisible();
  await expect(number).not.toHaveText(compared);
  await expect(dialog.getByRole('button', { name: 'Mark as verified' })).toBeDisabled();
  await expect(dialog.getByRole('textbox')).toHaveValue('');

  // Accepting without comparing is of the key that is shown as well.
  impersonate(liar, first);
  await dialog.getByRole('button', { name: 'Accept without comparing' }).click();
  await expect(number).toHaveText(compared);
  await expect(dialog).toBeVisible();

  // The lie ends: Bob’s own number stands there, and that is what is marked.
  liar.behave();
  await dialog.getByRole('button', { name: 'Accept without comparing' }).click();
  await expect(number).toHaveText(known.replaceAll(' ', ''));
  await dialog.getByRole('textbox').fill(known);
  await dialog.getByRole('button', { name: 'Mark as verified' }).click();
  await expect(dialog).toBeHidden();
  await alice.send('it is you');
  await expect.poll(() => texts(bob, room.room)).toContain('it is you');
});
