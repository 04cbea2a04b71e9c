import { readFile } from 'node:fs/promises';
import { expect, test } from '../support/fixtures.ts';
import type { Person } from '../support/page.ts';
import { plant } from '../support/planted.ts';

async function talk(person: (name: string) => Promise<Person>): Promise<[Person, Person]> {
  const [alice, bob] = await Promise.all([person('Alice'), person('Bob')]);
  await alice.openDirect('Bob');
  await alice.send('good morning');
  await bob.openConversation('Alice');
  await bob.reads('good morning');
  return [alice, bob];
}

test('[attack 40] [attack 41] a message dated beyond what a date can be: list and conversation show it and go on', async ({
  person,
}) => {
  const [alice, bob] = await talk(person);
  await bob.send('from a far time');
  await alice.reads('from a far time');
  await plant(alice.page, { time: 2 ** 53 - 1 });
  await alice.page.reload();
  await alice.reads('good morning');
  await alice.reads('from a far time');
  await expect(alice.messages.getByText('time unknown').first()).toBeVisible();
  await expect(alice.conversations.getByText('time unknown')).toBeVisible();
  await bob.send('and on we go');
  await alice.reads('and on we go');
  await alice.page.reload();
  await alice.reads('and on we go');
});

test('[attack 41] what cannot be shown is one row that says so; everything around it goes on, and it is told once', async ({
  person,
}) => {
  const [alice, bob] = await talk(person);
  await bob.send('soon to be no text at all');
  await alice.reads('soon to be no text at all');
  await plant(alice.page, { body: { no: 'text' } });
  for (let start = 0; start < 2; start += 1) {
    await alice.page.reload();
    await alice.reads('good morning');
    await expect(alice.message('This message cannot be shown.')).toBeVisible();
  }
  await alice.send('I go on');
  await bob.reads('I go on');
  await bob.send('so do I');
  await alice.reads('so do I');
  await alice.messages.getByText('Details').click();
  await alice.openSettings('Alice');
  const told = alice.page.getByRole('heading', { name: 'What could not be shown' });
  await expect(told).toBeVisible();
});

/** A page that breaks as soon as a conversation is open: nothing a boundary inside of it could hold. */
async function breakWithConversation({ page }: Person): Promise<void> {
  await page.addInitScript(() => {
    const { matchMedia } = globalThis;
    globalThis.matchMedia = (query) => {
      if (location.hash.startsWith('#/room/') && query.includes('699px')) throw new Error('planted');
      return matchMedia(query);
    };
  });
}

test('[attack 41] a page that broke twice as it started asks how to go on, and opens without the last conversation', async ({
  person,
}) => {
  const [alice, bob] = await talk(person);
  await breakWithConversation(alice);
  const { page } = alice;
  await page.reload();
  for (let start = 0; start < 2; start += 1) {
    await expect(page.getByText('Something in the page broke.')).toBeVisible();
    await page.getByRole('button', { name: 'Reload' }).click();
  }
  const asked = page.getByRole('heading', { name: 'A safe start' });
  await expect(asked).toBeVisible();

  // As usual is as before, and asks again; other ways are there without any conversation on the screen.
  await page.getByRole('button', { name: 'Open as usual' }).click();
  await expect(page.getByText('Something in the page broke.')).toBeVisible();
  await page.getByRole('button', { name: 'Reload' }).click();
  await page.getByRole('button', { name: /^Other ways/ }).click();
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Export', exact: false }).first().click();
  expect((await readFile(await (await download).path())).length).toBeGreaterThan(100);
  await expect(page.getByRole('button', { name: /Forget|Delete/ })).toBeVisible();

  await page.getByRole('button', { name: 'Open without the last conversation' }).click();
  await expect(alice.conversations).toBeVisible();
  await expect(page.getByText('good morning')).toBeVisible(); // in the list
  await bob.send('are you there?');
  await expect(alice.conversations.getByText('are you there?')).toBeVisible();

  // Opened and settled: the next start is a start like any other.
  await expect.poll(() => page.evaluate(() => localStorage.getItem('sotto.failed-starts'))).toBeNull();
  await page.reload();
  await expect(alice.conversations).toBeVisible();
  await expect(asked).toBeHidden();
});

test('[attack 41] a page that broke offers the list, and a safe start at once', async ({ person }) => {
  const [alice] = await talk(person);
  await breakWithConversation(alice);
  const { page } = alice;
  await page.reload();
  await page.getByRole('button', { name: 'Start safely' }).click();
  await expect(page.getByRole('heading', { name: 'A safe start' })).toBeVisible();
  await page.getByRole('button', { name: 'Open as usual' }).click();
  await page.getByRole('button', { name: 'Back to the list' }).click();
  await page.getByRole('button', { name: 'Open without the last conversation' }).click();
  await expect(alice.conversations).toBeVisible();
  await expect(alice.newGroup).toBeVisible();
});
