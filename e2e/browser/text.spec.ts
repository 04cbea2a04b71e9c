import { expect, test } from '../support/fixtures.ts';

test('each paragraph goes by its own direction, and an address ends where a reader would end it', async ({
  person,
}) => {
  const [alice, bob] = await Promise.all([person('Alice'), person('Bob')]);
  await alice.openDirect('Bob');
  await bob.page.setViewportSize({ width: 390, height: 800 });
  await alice.composer.fill('Meeting notes of the whole week:\nשלום עולם, מה שלומך?\nOK');
  await alice.composer.press('Enter');
  await bob.openConversation('Alice');
  const body = bob.messages.locator('.message-body').last();
  await expect(body).toContainText('Meeting notes');
  const lines = await body.evaluate((element) => {
    const range = document.createRange();
    range.selectNodeContents(element);
    const box = element.closest('.bubble')?.getBoundingClientRect();
    return [...range.getClientRects()]
      .filter(({ width }) => width > 5)
      .map(({ left, right }) => ({ left: left - (box?.left ?? 0), right: (box?.right ?? 0) - right }));
  });
  const [first, hebrew, last] = lines;
  expect(lines).toHaveLength(3);
  expect(first?.left).toBeLessThan(30);
  expect(last?.left).toBeLessThan(30);
  expect(hebrew?.right).toBeLessThan(30);
  expect(hebrew?.left).toBeGreaterThan(60);

  await alice.send('see https://аpple.com/login。');
  const link = bob.messages.getByRole('link').last();
  await expect(link).toHaveText('https://аpple.com/login');
  await expect(bob.messages.getByText('(xn--pple-43d.com)')).toBeVisible();
});
