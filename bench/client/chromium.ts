import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from '@playwright/test';
import { build } from 'vite';
import { CHROMIUM_ARGS, findChromium } from '../../scripts/chromium.ts';
import type { Cost } from './cost.ts';

/** What `page.ts` offers. */
interface Page {
  run(quick: boolean): Promise<Cost[]>;
}

/** The client's costs inside Chromium; undefined where there is none. */
export async function inChromium(quick: boolean): Promise<Cost[] | undefined> {
  const executablePath = findChromium();
  if (!executablePath) return undefined;
  const folder = await mkdtemp(join(tmpdir(), 'sotto-bench-page-'));
  try {
    const scripts = new Map<string, Buffer>();
    for (const [name, input] of SCRIPTS) {
      await bundle(folder, name, input);
      scripts.set(`/${name}`, await readFile(join(folder, name)));
    }
    const browser = await chromium.launch({ executablePath, args: [...CHROMIUM_ARGS] });
    const server = await serve(scripts);
    try {
      const page = await browser.newPage();
      await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
      await page.waitForFunction(() => 'run' in globalThis);
      return await page.evaluate((how) => (globalThis as unknown as Page).run(how), quick);
    } finally {
      await browser.close();
      server.close();
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** What the page loads, by its name there. */
const SCRIPTS = [
  ['page.js', join(import.meta.dirname, 'page.ts')],
  ['hash-worker.js', join(import.meta.dirname, '../../packages/client/src/browser/hash-worker.ts')],
] as const;

async function bundle(folder: string, name: string, input: string): Promise<void> {
  await build({
    configFile: false,
    root: import.meta.dirname,
    logLevel: 'error',
    build: {
      outDir: folder,
      emptyOutDir: false,
      target: 'esnext',
      minify: false,
      rollupOptions: {
        input,
        output: { entryFileNames: name, format: 'es', codeSplitting: false },
      },
    },
  });
}

/** A secure context of its own, isolated from other pages: so its clock is fine enough. */
async function serve(scripts: ReadonlyMap<string, Buffer>) {
  const server = createServer((request, response) => {
    const script = scripts.get(request.url ?? '');
    const [type, body] = script
      ? (['text/javascript', script] as const)
      : ([
          'text/html',
          '<!doctype html><title>bench</title><script type="module" src="/page.js"></script>',
        ] as const);
    response.writeHead(200, {
      'content-type': type,
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-embedder-policy': 'require-corp',
    });
    response.end(body);
  });
  server.listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  return server;
}
