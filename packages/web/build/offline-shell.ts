import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join, resolve, sep } from 'node:path';
import { build, type Plugin } from 'vite';
import type { Shell } from '../src/offline/shell.ts';
import { PDF_FOLDER } from './pdf-frame.ts';

const PAGE = 'index.html';
const OWN = 'service-worker.js';
/** The frame of the PDF viewer has no origin: no service worker answers it, and what it needs is large. */
const NOT_KEPT = new RegExp(`\\.(?:br|gz|map)$|^${PDF_FOLDER}/`);

/** Builds the service worker beside the page, with the list of everything the page is made of. */
export function offlineShell(): Plugin {
  let root = '';
  let folder = '';
  return {
    name: 'sotto-offline-shell',
    apply: 'build',
    configResolved(config) {
      root = config.root;
      folder = resolve(root, config.build.outDir);
    },
    writeBundle: {
      order: 'post',
      sequential: true,
      async handler() {
        await build({
          configFile: false,
          root,
          logLevel: 'warn',
          publicDir: false,
          define: { BUILT_SHELL: JSON.stringify(await shellOf(folder)) },
          build: {
            outDir: folder,
            emptyOutDir: false,
            target: ['chrome123', 'firefox121', 'safari17.5'],
            rolldownOptions: {
              input: join(root, 'src/offline/service-worker.ts'),
              output: { entryFileNames: OWN, format: 'iife' },
            },
          },
        });
      },
    },
  };
}

async function shellOf(folder: string): Promise<Shell> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const names = entries
    .filter((entry) => entry.isFile())
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(folder.length + 1)
        .split(sep)
        .join('/'),
    )
    .filter((name) => name !== OWN && !NOT_KEPT.test(name))
    .sort();
  const all = createHash('sha256');
  let page = '';
  for (const name of names) {
    const hash = createHash('sha256')
      .update(await readFile(join(folder, name)))
      .digest('hex');
    if (name === PAGE) page = hash;
    all.update(`${name} ${hash}\n`);
  }
  const files = names.filter((name) => name !== PAGE).map((name) => `/${name}`);
  return { version: all.digest('base64url').slice(0, 22), page, files };
}
