import {
  attach,
  controlled,
  drop,
  gif,
  given,
  jpeg,
  meet,
  paste,
  pictures,
  png,
  SECRET_PLACE,
  saveButton,
  savedBytes,
  sendTray,
  tray,
  withExif,
} from '../support/files.ts';
import { expect, test } from '../support/fixtures.ts';

test('[M6] a pasted picture appears with its caption, and the other opens and saves it', async ({
  person,
}) => {
  const [alice, bob] = await meet(person);
  await paste(alice, [given('image.png', 'image/png', png(320, 200, 1))]);
  await expect(tray(alice).getByRole('listitem')).toHaveCount(1);
  await sendTray(alice, 'from the pier');
  await alice.reads('from the pier');
  await bob.reads('from the pier');
  await expect(pictures(bob)).toHaveCount(1);
  const shown = bob.messages.locator('img.tile-picture');
  await expect(shown).toBeVisible({ timeout: 30_000 });
  expect(
    await shown.evaluate((image: HTMLImageElement) => [image.naturalWidth, image.naturalHeight]),
  ).toEqual([320, 200]);
  await pictures(bob).click();
  const viewer = bob.page.getByRole('dialog');
  await expect(viewer.getByRole('img')).toBeVisible();
  const name = (await viewer.locator('.file-name').textContent()) ?? '';
  expect(name).toMatch(/^picture-\d{4}-\d\d-\d\d-\d{6}\.png$/);
  const theirs = await savedBytes(bob, saveButton(viewer, name));
  await bob.page.keyboard.press('Escape');
  await expect(viewer).toBeHidden();
  await expect(pictures(bob)).toBeFocused();
  await pictures(alice).click();
  const own = await savedBytes(alice, saveButton(alice.page.getByRole('dialog'), name));
  expect(theirs.equals(own)).toBe(true);
});

test('[M6] several dropped files arrive in their order, each with its own bytes', async ({ person }) => {
  const [alice, bob] = await meet(person);
  const notes = given('notes.txt', 'text/plain', 'seven words that are only for Bob\n');
  const data = given('data.bin', 'application/octet-stream', Buffer.alloc(3_000_000, 'ab7'));
  const first = given('one.png', 'image/png', png(200, 100, 1));
  const second = given('two.png', 'image/png', png(100, 200, 2));
  await drop(alice, [first, notes, second, data]);
  const entries = tray(alice).getByRole('listitem');
  await expect(entries).toHaveCount(4);
  await tray(alice).getByRole('switch', { name: 'Send originals' }).check();
  await tray(alice)
    .getByRole('button', { name: /^two\.png, 3 of 4/ })
    .press('Home');
  await expect(entries.first()).toContainText('two');
  await tray(alice).getByRole('button', { name: 'Remove notes.txt' }).click();
  await expect(entries).toHaveCount(3);
  await attach(alice, [notes]);
  await expect(entries).toHaveCount(4);
  const hashing = alice.page.waitForEvent('worker', (worker) => worker.url().includes('hash-worker'));
  await sendTray(alice);
  await hashing; // under the page's own policy (attack 31)
  await expect(pictures(bob)).toHaveCount(2, { timeout: 30_000 });
  await expect(pictures(bob).first()).toHaveAccessibleName('Open picture two.png');
  for (const file of [notes, data]) {
    expect((await savedBytes(bob, saveButton(bob.messages, file.name))).equals(file.bytes)).toBe(true);
  }
  await pictures(bob).first().click();
  const viewer = bob.page.getByRole('dialog');
  expect((await savedBytes(bob, saveButton(viewer, 'two.png'))).equals(second.bytes)).toBe(true);
  await bob.page.keyboard.press('ArrowRight');
  expect((await savedBytes(bob, saveButton(viewer, 'one.png'))).equals(first.bytes)).toBe(true);
});

test('a photo goes out without the place it was taken at, upright, unless originals are asked for', async ({
  person,
}) => {
  const [alice, bob] = await meet(person);
  const photo = given('IMG_1.jpg', 'image/jpeg', withExif(await jpeg(alice.page, 400, 300)));
  expect(photo.bytes.includes(SECRET_PLACE)).toBe(true);
  await attach(alice, [photo]);
  await sendTray(alice, 'drawn anew');
  await bob.reads('drawn anew');
  const viewer = bob.page.getByRole('dialog');
  await pictures(bob).first().click();
  const drawn = await savedBytes(bob, saveButton(viewer, 'IMG_1.jpg'));
  expect(drawn.includes('SECRETCAMERA')).toBe(false);
  expect(drawn.includes('Exif')).toBe(false);
  const image = viewer.getByRole('img');
  const size = () => image.evaluate((shown: HTMLImageElement) => [shown.naturalWidth, shown.naturalHeight]);
  expect(await size()).toEqual([300, 400]);
  await bob.page.keyboard.press('Escape');
  await attach(alice, [photo]);
  await tray(alice).getByRole('switch', { name: 'Send originals' }).check();
  await sendTray(alice, 'as it was');
  await bob.reads('as it was');
  await pictures(bob).last().click();
  const original = await savedBytes(bob, saveButton(viewer, 'IMG_1.jpg'));
  expect(original.equals(photo.bytes)).toBe(true);
});

test('a moving picture loses its comments; one that cannot be taken apart says that it goes as it is', async ({
  person,
}) => {
  const [alice, bob] = await meet(person);
  await attach(alice, [
    given('wave.gif', 'image/gif', gif(SECRET_PLACE)),
    given('torn.gif', 'image/gif', gif(SECRET_PLACE, false)),
  ]);
  const entries = tray(alice).getByRole('listitem');
  await expect(entries.last()).toContainText('Goes as it is');
  await expect(entries.first()).not.toContainText('Goes as it is');
  await sendTray(alice);
  await expect(pictures(bob)).toHaveCount(2, { timeout: 30_000 });
  const hasComment = async (index: number, name: string) => {
    await pictures(bob).nth(index).click();
    const bytes = await savedBytes(bob, saveButton(bob.page.getByRole('dialog'), name));
    await bob.page.keyboard.press('Escape');
    return bytes.includes(SECRET_PLACE);
  };
  expect(await hasComment(0, 'wave.gif')).toBe(false);
  expect(await hasComment(1, 'torn.gif')).toBe(true);
});

test('a picture has its place before it is loaded: nothing jumps', async ({ person }) => {
  const [alice, bob] = await meet(person);
  await attach(alice, [given('wide.png', 'image/png', png(900, 450, 3))]);
  await sendTray(alice, 'below it');
  await bob.reads('below it');
  const tile = bob.messages.locator('.tile');
  const before = await tile.boundingBox();
  await expect(bob.messages.locator('img.tile-picture')).toBeVisible({ timeout: 30_000 });
  const after = await tile.boundingBox();
  expect(after?.height).toBe(before?.height);
  expect((after?.width ?? 0) / (after?.height ?? 1)).toBeCloseTo(2, 1);
});

test('a reply, an edited caption and a deleted file are told to everybody', async ({ person }) => {
  const [alice, bob] = await meet(person);
  await attach(alice, [given('plan.png', 'image/png', png(64, 64, 4))]);
  await sendTray(alice);
  await expect(pictures(bob)).toHaveCount(1, { timeout: 30_000 });
  await expect(bob.conversations.getByText('Photo', { exact: true })).toBeVisible();
  await bob.messages.getByRole('article').last().hover();
  await bob.messages.getByRole('button', { name: 'Reply' }).last().click();
  await bob.send('nice plan');
  await alice.reads('nice plan');
  await expect(alice.messages.getByRole('button', { name: /Photo/ })).toBeVisible();
  await alice.messages
    .getByRole('article')
    .nth(2)
    .click({ button: 'right', position: { x: 5, y: 5 } });
  await alice.page.getByRole('menuitem', { name: 'Edit caption' }).click();
  await alice.send('the plan, with a caption');
  await expect(bob.message('the plan, with a caption').first()).toBeVisible();
  await alice.messages
    .getByRole('article')
    .nth(2)
    .click({ button: 'right', position: { x: 5, y: 5 } });
  await alice.page.getByRole('menuitem', { name: 'Delete' }).click();
  await alice.page.getByRole('alertdialog').getByRole('button', { name: 'Delete' }).click();
  await expect(bob.messages.getByText('This message was deleted').first()).toBeVisible();
  await expect(pictures(bob)).toHaveCount(0);
});

test('what is deleted while somebody looks at it closes, and is found no more', async ({ person }) => {
  const [alice, bob] = await meet(person);
  await attach(alice, [given('plan.png', 'image/png', png(64, 64, 4))]);
  await sendTray(alice, 'the secret plan');
  const remove = async (text: string) => {
    await alice
      .message(text)
      .first()
      .click({ button: 'right', position: { x: 5, y: 5 } });
    await alice.page.getByRole('menuitem', { name: 'Delete' }).click();
    await alice.page.getByRole('alertdialog').getByRole('button', { name: 'Delete' }).click();
  };
  await bob.messages.getByRole('button', { name: 'Open picture plan.png' }).click({ timeout: 30_000 });
  await expect(bob.page.getByRole('dialog')).toBeVisible();
  await remove('the secret plan');
  await expect(bob.page.getByRole('dialog')).toBeHidden();
  await expect(bob.messages.getByText('This message was deleted').first()).toBeVisible();

  await alice.send('secret pass 1234');
  await bob.reads('secret pass 1234');
  await bob.page.getByRole('searchbox').fill('secret');
  const found = bob.page.getByRole('list', { name: 'Messages' }).getByRole('listitem');
  await expect(found).toHaveCount(1);
  await remove('secret pass 1234');
  await expect(found).toHaveCount(0);
  await expect(bob.page.locator('body')).not.toContainText('secret pass');
});

test('text opens in a frame without an origin, under a policy of its own', async ({ person, watch }) => {
  const [alice, bob] = await meet(person);
  await controlled(bob);
  // The test's own observer is a script as well.
  watch.allow(/Blocked script execution in .*\/files\/text\//);
  const text = '<script>parent.document.title = "taken"</script> plain\nsecond line';
  await attach(alice, [given('readme.txt', 'text/plain', text)]);
  await sendTray(alice, 'read this');
  await bob.reads('read this');
  await bob.messages.getByRole('button', { name: 'Open readme.txt' }).click();
  const frame = bob.page.frameLocator('iframe');
  await expect(frame.locator('body')).toContainText('second line', { timeout: 30_000 });
  const inside = bob.page.frames().at(-1);
  expect(await inside?.evaluate(() => [self.origin, document.contentType, document.scripts.length])).toEqual([
    'null',
    'text/plain',
    0,
  ]);
  expect(await bob.page.title()).not.toBe('taken');
});

test('the files of a conversation stand together, are filtered, and lead back to their message', async ({
  person,
}) => {
  const [alice, bob] = await meet(person);
  await attach(alice, [given('a.png', 'image/png', png(50, 50, 1)), given('b.zip', 'application/zip', 'PK')]);
  await sendTray(alice, 'two of them');
  await bob.reads('two of them');
  for (let line = 0; line < 30; line += 1) await alice.send(`line ${line}`);
  await bob.reads('line 29');
  const panel = await bob.openDetails();
  await panel.getByRole('button', { name: 'Show all files (2)' }).click();
  const dialog = bob.page.getByRole('dialog', { name: 'Files' });
  await expect(dialog.getByRole('button', { name: 'Open picture a.png' })).toBeVisible();
  await dialog.getByRole('radio', { name: 'Other' }).check();
  await expect(dialog.getByRole('button', { name: 'Open picture a.png' })).toBeHidden();
  await dialog.getByRole('button', { name: 'Show b.zip in the conversation' }).click();
  await expect(bob.message('two of them')).toBeInViewport();
});
