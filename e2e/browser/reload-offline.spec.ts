import { expect, test } from '../support/fixtures.ts';
import { NAMES } from '../support/page.ts';

test('a reload loses nothing: account, conversation, history and draft', async ({ person }) => {
  const alice = await person('Alice');
  const bob = await person('Bob');
  await alice.openDirect('Bob');
  await alice.send('remember this');
  await bob.openConversation('Alice');
  await bob.reads('remember this');
  await bob.composer.fill('half a thou');
  await bob.conversations.getByRole('button', { name: NAMES.people, exact: true }).click();
  await expect(bob.conversations.getByText('half a thou')).toBeVisible(); // the list tells of the draft
  await bob.page.reload();
  await bob.openConversation('Alice');
  await bob.reads('remember this');
  await expect(bob.composer).toHaveValue('half a thou');
});

test('[E5] what is written offline goes out once, when the connection is back', async ({ person, watch }) => {
  watch.allow(/ERR_INTERNET_DISCONNECTED/);
  const alice = await person('Alice');
  const bob = await person('Bob');
  await alice.openDirect('Bob');
  await alice.send('online');
  await bob.openConversation('Alice');
  await bob.reads('online');
  await alice.page.context().setOffline(true);
  await alice.send('written offline');
  await alice.reads('written offline');
  await expect(bob.message('written offline')).toHaveCount(0);
  await alice.page.context().setOffline(false);
  await bob.reads('written offline');
  await bob.send('got it');
  await alice.reads('got it');
  await expect(bob.message('written offline')).toHaveCount(1);
});

test('[D2, D3] a server killed mid-conversation loses nothing and duplicates nothing', async ({
  person,
  server,
  watch,
}) => {
  watch.allow(/ERR_CONNECTION_REFUSED|ERR_EMPTY_RESPONSE|ERR_CONNECTION_RESET|WebSocket connection/);
  const alice = await person('Alice');
  const bob = await person('Bob');
  await alice.openDirect('Bob');
  await alice.send('before');
  await bob.openConversation('Alice');
  await bob.reads('before');
  const lines = Array.from({ length: 10 }, (_, index) => `line ${index + 1}`);
  for (const [index, line] of lines.entries()) {
    await alice.send(line);
    if (index === 4) await server.kill9();
  }
  await server.restart();
  await bob.reads('line 10');
  const read = await bob.messages.getByText(/^line \d+$/).allTextContents();
  expect(read).toEqual(lines);
});
