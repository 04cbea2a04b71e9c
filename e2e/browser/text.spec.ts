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
    const lines = new Map<number, { left: number; right: number }>();
    for (const { top, left, right, width } of range.getClientRects()) {
      if (width < 5) continue;
      const line = lines.get(Math.round(top)) ?? { left: 1_000, right: 1_000 };
      const [before, behind] = [left - (box?.left ?? 0), (box?.right ?? 0) - right];
      lines.set(Math.round(top), { left: Math.min(line.left, before), right: Math.min(line.right, behind) });
    }
    return [...lines.values()];
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

  // In a paragraph from the right the parts of an address keep their order, and so does what is answered.
  await alice.send('שלום https://example.com/א/b');
  const address = bob.messages.getByRole('link').last();
  await expect(address).toHaveText('https://example.com/א/b');
  await expect(address).toHaveCSS('direction', 'ltr');
  await expect(address).toHaveCSS('unicode-bidi', 'isolate');
  await bob.messages.getByRole('article').last().hover();
  await bob.messages.getByRole('button', { name: 'Reply' }).last().click();
  const answered = bob.page.locator('.target-lines > span');
  await expect(answered).toContainText('שלום');
  const side = await answered.evaluate((element) => {
    const range = document.createRange();
    range.selectNodeContents(element);
    return element.getBoundingClientRect().right - range.getBoundingClientRect().right;
  });
  expect(side).toBeLessThan(5);
});
