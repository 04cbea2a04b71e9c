import { CHROMIUM_ARGS, requireChromium } from '../../scripts/chromium.ts';
import { violationsOf } from '../support/axe.ts';
import { attach, controlled, given, meet, pictures, png, sendTray, tray, webm } from '../support/files.ts';
import { expect, test } from '../support/fixtures.ts';

test.use({
  launchOptions: {
    executablePath: requireChromium(),
    args: [...CHROMIUM_ARGS, '--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream'],
  },
});

test('a video is streamed by the service worker and can be sought in', async ({ person }) => {
  const [alice, bob] = await meet(person);
  await controlled(bob);
  const video = given('harbour.webm', 'video/webm', await webm(alice.page, 3));
  await attach(alice, [video]);
  await expect(tray(alice).getByRole('listitem')).toContainText('harbour.webm');
  await sendTray(alice, 'the sail goes up');
  await bob.reads('the sail goes up');
  const answers: number[] = [];
  bob.page.on('response', (response) => {
    if (response.url().includes('/files/stream/')) answers.push(response.status());
  });
  await bob.messages.getByRole('button', { name: /^Play video harbour\.webm, 0:0\d$/ }).click();
  const player = bob.page.getByRole('dialog').locator('video');
  await expect
    .poll(() => player.evaluate((element: HTMLVideoElement) => element.currentTime), { timeout: 30_000 })
    .toBeGreaterThan(0.2);
  const at = await player.evaluate(async (element: HTMLVideoElement) => {
    element.pause();
    await new Promise((resolve) => {
      element.addEventListener('seeked', resolve, { once: true });
      element.currentTime = 2;
    });
    return [element.currentTime, element.videoWidth];
  });
  expect(at).toEqual([2, 320]);
  expect(answers.length).toBeGreaterThan(0);
  expect(new Set(answers)).toEqual(new Set([206]));
});

test('a voice message is recorded, heard, sent and played by the other', async ({ person }) => {
  const [alice, bob] = await meet(person);
  const record = alice.page.getByRole('button', { name: 'Record a voice message' });
  await record.focus();
  await alice.page.keyboard.press('Enter');
  const recorder = alice.page.getByRole('group', { name: 'Voice message' });
  await expect(recorder.getByRole('timer')).toHaveText('0:02', { timeout: 20_000 });
  await expect(recorder.getByRole('button', { name: 'Stop recording' })).toBeFocused();
  await alice.page.keyboard.press('Enter');
  await recorder.getByRole('button', { name: 'Play Voice message' }).click();
  await expect(recorder.getByRole('button', { name: 'Pause' })).toBeVisible();
  await recorder.getByRole('button', { name: 'Send voice message' }).click();
  await expect(alice.composer).toBeVisible();
  await expect(bob.conversations.getByText('Voice message')).toBeVisible({ timeout: 30_000 });
  const heard = bob.messages.getByRole('group', { name: 'Voice message' });
  await expect(heard).toBeVisible();
  await heard.getByRole('button', { name: 'Play Voice message' }).click();
  const position = heard.getByRole('slider', { name: 'Position' });
  await expect
    .poll(async () => Number(await position.inputValue()), { timeout: 20_000 })
    .toBeGreaterThan(0.1);
  await heard.getByRole('button', { name: /^Speed/ }).click();
  await expect(heard.getByRole('button', { name: 'Speed 1.5×' })).toBeVisible();
  await position.focus();
  await bob.page.keyboard.press('Home');
  await bob.page.keyboard.press('ArrowRight');
  await expect(position).toHaveAttribute('aria-valuetext', /^0:0\d of 0:0[23]$/);
});

test('a microphone that is not allowed is told in words, and nothing is stuck', async ({ person }) => {
  const alice = await person('Alice');
  await person('Bob');
  await alice.openDirect('Bob');
  await alice.page.evaluate(() => {
    navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('no', 'NotAllowedError'));
  });
  await alice.page.getByRole('button', { name: 'Record a voice message' }).click();
  await expect(alice.page.getByRole('alert')).toContainText('The microphone is not allowed');
  await alice.page
    .getByRole('group', { name: 'Voice message' })
    .getByRole('button', { name: 'Close' })
    .click();
  await expect(alice.composer).toBeVisible();
});

test('files with the keyboard alone: order, send, look through, save, close', async ({ person }) => {
  const [alice, bob] = await meet(person);
  await attach(alice, [
    given('a.png', 'image/png', png(80, 60, 1)),
    given('b.png', 'image/png', png(80, 60, 2)),
  ]);
  await expect(tray(alice).getByRole('listitem')).toHaveCount(2);
  await tray(alice)
    .getByRole('button', { name: /^b\.png/ })
    .focus();
  await alice.page.keyboard.press('ArrowLeft');
  await expect(tray(alice).getByRole('button', { name: /^b\.png, 1 of 2/ })).toBeFocused();
  await alice.composer.focus();
  await expect(alice.page.getByRole('button', { name: 'Send', exact: true })).toBeEnabled();
  await alice.page.keyboard.press('Enter');
  await expect(pictures(bob)).toHaveCount(2, { timeout: 30_000 });
  await bob.messages.focus();
  await bob.page.keyboard.press('ArrowUp');
  await bob.page.keyboard.press('Tab');
  await expect(pictures(bob).first()).toBeFocused();
  await bob.page.keyboard.press('Enter');
  const viewer = bob.page.getByRole('dialog');
  await expect(viewer.getByText('1 of 2').first()).toBeVisible();
  await expect(viewer.getByRole('region', { name: /^Picture\. Plus/ })).toBeFocused();
  await bob.page.keyboard.press('ArrowRight');
  await expect(viewer.getByText('2 of 2').first()).toBeVisible();
  const shown = viewer.getByRole('img');
  await expect(shown).toHaveAccessibleName('Picture: a.png');
  const width = async () => (await shown.boundingBox())?.width ?? 0;
  const before = await width();
  await bob.page.keyboard.press('+');
  await expect.poll(width).toBeGreaterThan(before);
  await bob.page.keyboard.press('0');
  await expect.poll(width).toBe(before);
  await bob.page.keyboard.press('Escape');
  await expect(viewer).toBeHidden();
  await expect(pictures(bob).first()).toBeFocused();
});

for (const viewport of [
  { width: 1280, height: 800 },
  { width: 390, height: 844 },
]) {
  test(`axe finds nothing in anything about files, light and dark, ${viewport.width}`, async ({ person }) => {
    test.setTimeout(150_000);
    const options = { viewport, reducedMotion: 'reduce' } as const;
    const [alice, bob] = await meet((name) => person(name, options));
    const found: string[] = [];
    const audit = async (where: string, { page } = bob) => {
      found.push(...(await violationsOf(page, where)));
    };
    await attach(alice, [
      given('a.png', 'image/png', png(300, 200, 1)),
      given('b.png', 'image/png', png(200, 300, 2)),
      given('list.csv', 'text/csv', 'a,b'),
      given('tool.exe', 'application/x-msdownload', 'MZ'),
    ]);
    await expect(alice.page.getByRole('button', { name: 'Send', exact: true })).toBeEnabled();
    await audit('tray', alice);
    await sendTray(alice, 'all of it');
    await bob.reads('all of it');
    await alice.page.getByRole('button', { name: 'Record a voice message' }).click();
    const recorder = alice.page.getByRole('group', { name: 'Voice message' });
    await expect(recorder.getByRole('timer')).toHaveText('0:01', { timeout: 20_000 });
    await audit('recorder', alice);
    await recorder.getByRole('button', { name: 'Send voice message' }).click();
    await expect(bob.messages.getByRole('slider')).toBeVisible({ timeout: 30_000 });
    await audit('conversation');
    await pictures(bob).first().click();
    await expect(bob.page.getByRole('dialog').getByRole('img')).toBeVisible();
    await audit('lightbox');
    await bob.page.keyboard.press('Escape');
    const panel = await bob.openDetails();
    await expect(panel.getByRole('button', { name: /^Show all files/ })).toBeVisible();
    await audit('details');
    await panel.getByRole('button', { name: /^Show all files/ }).click();
    await expect(bob.page.getByRole('dialog', { name: 'Files' })).toBeVisible();
    await audit('files');
    expect(found.join('\n')).toBe('');
  });
}
