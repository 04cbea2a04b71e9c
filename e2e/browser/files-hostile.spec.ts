import {
  controlled,
  drop,
  given,
  meet,
  pictures,
  saveButton,
  saves,
  sendTray,
  tray,
} from '../support/files.ts';
import { expect, test } from '../support/fixtures.ts';
import type { Person } from '../support/page.ts';

const MARK = 'globalThis.taken = true';
const SVG = `<svg xmlns="http://www.w3.org/2000/svg" width="50" height="50" onload="${MARK}"><script>${MARK}</script></svg>`;
const HTML = `<!doctype html><title>taken</title><script>${MARK}</script><img src=x onerror="${MARK}">`;

async function untouched({ page }: Person): Promise<void> {
  for (const frame of page.frames()) {
    expect(await frame.evaluate(() => 'taken' in globalThis)).toBe(false);
  }
  expect(await page.title()).not.toContain('taken');
}

test('[attack 31] files that would run are never shown, whatever they call themselves', async ({
  person,
}) => {
  const [alice, bob] = await meet(person);
  await drop(alice, [
    given('drawing.svg', 'image/svg+xml', SVG),
    given('page.html', 'text/html', HTML),
    given('page.xhtml', 'application/xhtml+xml', HTML),
    given('script.js', 'text/javascript', MARK),
  ]);
  await sendTray(alice, 'look at these');
  await bob.reads('look at these');
  for (const name of ['drawing.svg', 'page.html', 'page.xhtml', 'script.js']) {
    await expect(saveButton(bob.messages, name)).toBeVisible();
    await expect(bob.messages.getByRole('button', { name: `Open ${name}` })).toHaveCount(0);
  }
  await expect(pictures(bob)).toHaveCount(0);
  const saved = await saves(bob, saveButton(bob.messages, 'page.html'));
  expect(saved.suggestedFilename()).toBe('page.html');
  await untouched(alice);
  await untouched(bob);
});

test('[attack 31] a drawing or a page under the type of a picture or of text stays a dead thing', async ({
  person,
  watch,
}) => {
  // The test's own observer is a script as well.
  watch.allow(/Blocked script execution in .*\/files\/text\//);
  const [alice, bob] = await meet(person);
  await controlled(bob);
  await drop(alice, [
    given('photo.png', 'image/png', SVG),
    given('clip.webm', 'video/webm', HTML),
    given('notes.txt', 'text/plain', HTML),
  ]);
  await sendTray(alice, 'and these');
  await bob.reads('and these');
  await expect(bob.messages.getByRole('button', { name: /not a picture that can be shown/ })).toBeVisible({
    timeout: 30_000,
  });
  await bob.messages.getByRole('button', { name: 'Play video clip.webm' }).click();
  await expect(bob.page.getByRole('dialog').getByRole('alert')).toBeVisible({ timeout: 30_000 });
  await bob.page.keyboard.press('Escape');
  await bob.messages.getByRole('button', { name: 'Open notes.txt' }).click();
  await expect(bob.page.frameLocator('iframe').locator('body')).toContainText('<!doctype html>');
  await untouched(bob);
});

test('[attack 31] names cannot leave their folder, hide their ending or turn the page around', async ({
  person,
}) => {
  const [alice, bob] = await meet(person);
  await drop(alice, [
    given('../../x.exe', 'application/octet-stream', 'MZ1'),
    given('invoice\u202Efdp.exe', 'application/octet-stream', 'MZ2'),
    given('<img src=x onerror=alert(1)>.zip', 'application/zip', 'PK'),
    given('CON.txt', 'application/octet-stream', 'MZ3'),
  ]);
  await expect(tray(alice).getByRole('listitem')).toHaveCount(4);
  await sendTray(alice, 'some names');
  await bob.reads('some names');
  const shown = await bob.messages.locator('.file-name').allTextContents();
  expect(shown.join('\n')).not.toMatch(/[\u202a-\u202e\u2066-\u2069]/);
  const names: string[] = [];
  for (const button of await bob.messages.getByRole('button', { name: /^Save / }).all()) {
    names.push((await saves(bob, button)).suggestedFilename());
  }
  expect(names).toHaveLength(4);
  for (const name of names) expect(name).not.toMatch(/[/\\<>\u202a-\u202e]|^\./);
  expect(names).toContain('x.exe');
  expect(names).toContain('invoicefdp.exe');
  expect(names).toContain('_CON.txt');
});

test('[attack 31] an address of a file is worth nothing to another page, or after it was closed', async ({
  person,
  visitor,
  watch,
}) => {
  // The test's own observer is a script as well, and the revoked address is asked for on purpose.
  watch.allow(/\/files\/text\//);
  const [alice, bob] = await meet(person);
  await controlled(bob);
  await drop(alice, [given('secret.txt', 'text/plain', 'for Bob alone')]);
  await sendTray(alice, 'one secret');
  await bob.reads('one secret');
  await bob.messages.getByRole('button', { name: 'Open secret.txt' }).click();
  await expect(bob.page.locator('iframe')).toBeVisible({ timeout: 30_000 });
  const url = (await bob.page.locator('iframe').getAttribute('src')) ?? '';
  expect(url).toMatch(/^\/files\/text\/[\w-]{22}$/);
  const read = (page: Person['page']) =>
    page.evaluate(async (address) => {
      const response = await fetch(address);
      return {
        status: response.status,
        text: await response.text(),
        policy: response.headers.get('content-security-policy'),
      };
    }, url);
  const own = await read(bob.page);
  expect(own.text).toBe('for Bob alone');
  expect(own.policy).toContain('sandbox');
  const stranger = await visitor();
  expect((await read(stranger.page)).text).not.toContain('for Bob');
  await bob.page.keyboard.press('Escape');
  await expect(bob.page.locator('iframe')).toHaveCount(0);
  const late = await read(bob.page);
  expect(late.status).toBe(404);
  expect(late.text).toBe('');
});
