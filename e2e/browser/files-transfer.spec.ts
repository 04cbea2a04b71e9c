import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Locator } from '@playwright/test';
import { attach, controlled, hashOf, meet, saveButton, saves, sendTray } from '../support/files.ts';
import { expect, test } from '../support/fixtures.ts';
import type { Person } from '../support/page.ts';

const MIB = 1024 * 1024;
const NETWORK =
  /ERR_INTERNET_DISCONNECTED|ERR_CONNECTION|ERR_EMPTY_RESPONSE|ERR_NETWORK|WebSocket connection|Failed to load/;

let folder = '';
test.beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sotto-files-'));
});
test.afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

/** Bytes that do not repeat, so that a swapped or missing chunk shows. */
async function bigFile(name: string, size: number): Promise<string> {
  const bytes = Buffer.alloc(size);
  let state = size;
  for (let at = 0; at + 4 <= size; at += 4) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    bytes.writeUInt32LE(state, at);
  }
  const path = join(folder, name);
  await writeFile(path, bytes);
  return path;
}

/** Upload speed as of a slower line, so that there is a middle to interrupt; or no line at all. */
async function slowLine(
  person: Person,
  bytesPerSecond: number,
): Promise<(change: number | null) => Promise<void>> {
  const session = await person.page.context().newCDPSession(person.page);
  const change = async (pace: number | null) => {
    await session.send('Network.emulateNetworkConditions', {
      offline: pace === null,
      latency: 0,
      downloadThroughput: -1,
      uploadThroughput: pace ?? 0,
    });
  };
  await change(bytesPerSecond);
  return change;
}

const progress = ({ messages }: Person): Locator => messages.getByRole('progressbar');

async function reaches(person: Person, share: number): Promise<void> {
  const bar = progress(person);
  await expect
    .poll(() => bar.evaluate((element: HTMLProgressElement) => element.position), { timeout: 90_000 })
    .toBeGreaterThan(share);
}

test('[M6] 200 MB arrive whole although the connection is cut and the server restarted midway', async ({
  person,
  server,
  watch,
}) => {
  test.setTimeout(360_000);
  watch.allow(NETWORK);
  const [alice, bob] = await meet(person);
  await controlled(bob);
  await bob.page.evaluate(() => {
    // As in a browser that cannot write where the user says: the service worker saves.
    Reflect.deleteProperty(window, 'showSaveFilePicker');
  });
  const path = await bigFile('film.bin', 200 * MIB);
  await attach(alice, path);
  const line = await slowLine(alice, 3 * MIB); // of three connections each; time enough to look, on a busy machine too
  await sendTray(alice, 'the whole film');
  const sending = alice.messages.getByRole('group', { name: /^Sending/ });
  await expect(sending).toBeVisible({ timeout: 90_000 });
  await reaches(alice, 0.2);
  await expect(sending).toContainText(/MB · .*\/s/);
  await line(null);
  await server.restart();
  await line(8 * MIB); // in one step: several connections bring a lot in a moment without a limit
  await reaches(alice, 0.5);
  await server.kill9();
  await server.restart();
  await expect(progress(alice)).toHaveCount(0, { timeout: 120_000 });
  await expect(bob.message('the whole film')).toBeVisible({ timeout: 60_000 });
  const download = await saves(bob, saveButton(bob.messages, 'film.bin'));
  expect(download.suggestedFilename()).toBe('film.bin');
  expect(await hashOf(await download.path())).toBe(await hashOf(path));
});

test('an upload goes on after a reload, and says so', async ({ person, watch }) => {
  test.setTimeout(180_000);
  watch.allow(NETWORK);
  const [alice, bob] = await meet(person);
  const path = await bigFile('plans.bin', 40 * MIB);
  await attach(alice, path);
  await slowLine(alice, 1 * MIB);
  await sendTray(alice, 'the plans');
  await expect(alice.messages.getByRole('group', { name: /^Sending/ })).toBeVisible({ timeout: 60_000 });
  await reaches(alice, 0.1);
  await alice.page.reload();
  await alice.reads('the plans');
  await expect(progress(alice)).toHaveCount(0, { timeout: 90_000 });
  await bob.reads('the plans');
  await bob.page.evaluate(() => {
    // The user's answer to the browser's question where to save.
    const answer = async () => {
      const folder = await navigator.storage.getDirectory();
      return folder.getFileHandle('saved', { create: true });
    };
    Object.assign(window, { showSaveFilePicker: answer });
  });
  await saveButton(bob.messages, 'plans.bin').click();
  await expect(bob.page.getByText('plans.bin saved')).toBeAttached({ timeout: 60_000 });
  const saved = await bob.page.evaluate(async () => {
    const folder = await navigator.storage.getDirectory();
    const file = await (await folder.getFileHandle('saved')).getFile();
    const digest = await crypto.subtle.digest('SHA-256', await file.arrayBuffer());
    return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
  });
  expect(saved).toBe(await hashOf(path));
});

test('an upload is held, goes on, and is cancelled for good', async ({ person, watch }) => {
  test.setTimeout(120_000);
  watch.allow(NETWORK);
  const [alice, bob] = await meet(person);
  await attach(alice, await bigFile('held.bin', 24 * MIB));
  await slowLine(alice, MIB / 2); // not over before somebody on a busy machine has pressed a button
  await sendTray(alice, 'never mind');
  const line = alice.messages.getByRole('group', { name: /held\.bin$/ });
  await expect(line.getByText('Sending', { exact: true })).toBeVisible({ timeout: 60_000 });
  await line.getByRole('button', { name: 'Pause' }).click();
  await expect(line.getByText('Paused', { exact: true })).toBeVisible();
  await line.getByRole('button', { name: 'Go on' }).click();
  await expect(line.getByText('Sending', { exact: true })).toBeVisible();
  await line.getByRole('button', { name: 'Cancel sending' }).click();
  await expect(alice.message('never mind')).toHaveCount(0);
  await alice.send('after it');
  await bob.reads('after it');
  await expect(bob.message('never mind')).toHaveCount(0);
  await alice.page.reload();
  await alice.reads('after it');
  await expect(alice.message('never mind')).toHaveCount(0);
});

test('what the server would refuse is told before anything is sent', async ({ person }) => {
  const [alice] = await meet(person);
  await alice.page.evaluate(() => {
    // As large as none may be, without a byte of it existing.
    const data = new DataTransfer();
    const file = new File(['x'], 'huge.iso');
    Object.defineProperty(file, 'size', { value: 9e12 });
    data.items.add(file);
    Object.defineProperty(data, 'files', { value: [file] });
    const field = document.querySelector('textarea');
    field?.dispatchEvent(
      new ClipboardEvent('paste', { bubbles: true, cancelable: true, clipboardData: data }),
    );
  });
  await expect(alice.page.getByRole('alert').filter({ hasText: 'Too large' })).toBeVisible();
  await expect(alice.page.getByRole('button', { name: 'Send', exact: true })).toBeDisabled();
  await alice.page.getByRole('button', { name: 'Remove huge.iso' }).click();
  await alice.send('works again');
  await alice.reads('works again');
});
