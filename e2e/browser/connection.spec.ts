import { expect, test } from '../support/fixtures.ts';

test('a live connection that is blocked on the way is told as such, and heals by itself', async ({
  person,
}) => {
  const alice = await person('Alice');
  const { page } = alice;
  let blocked = true;
  await page.routeWebSocket(/./, (socket) => {
    if (blocked) void socket.close({ code: 1011 });
    else socket.connectToServer();
  });
  await page.reload();
  const bar = page.getByRole('region', { name: 'Connection' });
  await expect(bar).toContainText('live connection', { timeout: 30_000 });
  blocked = false;
  await bar.getByRole('button', { name: 'Try now' }).click();
  await expect(bar).toBeHidden();
});

for (const [off, words] of [
  [3 * 60_000, 'ahead by 3 minutes'],
  [-2 * 24 * 3_600_000, 'behind by 2 days'],
] as const) {
  test(`a clock that is ${words} is told, and everything works`, async ({ person, visitor }) => {
    const [alice, bob] = await Promise.all([visitor(), person('Bob')]);
    await alice.page.addInitScript((shift) => {
      const now = Date.now;
      Date.now = () => now() + shift;
    }, off);
    await alice.page.reload();
    await alice.signUp('Alice');
    await expect(alice.page.getByRole('region', { name: 'Connection' })).toContainText(words);
    await alice.openDirect('Bob');
    await alice.send('in time');
    await bob.openConversation('Alice');
    await bob.reads('in time');
  });
}
