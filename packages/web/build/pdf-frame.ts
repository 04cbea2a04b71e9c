import { copyFile, mkdir, readdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { build, type Plugin } from 'vite';

const TARGET = ['chrome123', 'firefox121', 'safari17.5'];
const WORKER = 'virtual:pdf-worker';
/** Where the frame is served; nothing of it belongs to the offline shell. */
export const PDF_FOLDER = 'pdf';
const LIBRARY = dirname(createRequire(import.meta.url).resolve('pdfjs-dist/package.json'));

/** What a PDF may need beside the code: folder of the library, folder here, which of its files. */
const RESOURCES: readonly (readonly [from: string, to: string, which: RegExp])[] = [
  ['cmaps', 'cmaps', /^(?:.+\.bcmap|LICENSE)$/],
  ['standard_fonts', 'fonts', /^(?:.+\.(?:pfb|ttf)|LICENSE_.+)$/],
  ['wasm', 'wasm', /^(?:(?:jbig2|openjpeg)\.wasm|LICENSE_.*(?:JBIG2|OPENJPEG))$/],
  ['.', '.', /^LICENSE$/],
];

/**
 * Builds the frame of the PDF viewer beside the page: one classic script, since a document without an origin could load
 * modules only across origins, with the parser's worker inside as text.
 */
export function pdfFrame(): Plugin {
  let root = '';
  let folder = '';
  return {
    name: 'sotto-pdf-frame',
    apply: 'build',
    configResolved(config) {
      root = config.root;
      folder = resolve(root, config.build.outDir, PDF_FOLDER);
    },
    writeBundle: {
      order: 'pre',
      sequential: true,
      async handler() {
        await buildFrame(root, folder, await workerCode(root));
        for (const name of ['frame.html', 'frame.css'])
          await copyFile(join(root, 'src/pdf/frame', name), join(folder, name));
        for (const [from, to, which] of RESOURCES)
          await copyAll(join(LIBRARY, from), join(folder, to), which);
      },
    },
  };
}

async function workerCode(root: string): Promise<string> {
  const built = await build({
    configFile: false,
    root,
    logLevel: 'error',
    publicDir: false,
    build: {
      write: false,
      target: TARGET,
      rolldownOptions: {
        input: join(LIBRARY, 'legacy/build/pdf.worker.min.mjs'),
        output: { format: 'iife', name: 'pdfWorker' },
      },
    },
  });
  const [bundle] = Array.isArray(built) ? built : [built];
  const chunk = bundle && 'output' in bundle ? bundle.output[0] : undefined;
  if (chunk?.type !== 'chunk') throw new Error('pdf frame: the worker was not built');
  return chunk.code;
}

async function buildFrame(root: string, folder: string, code: string): Promise<void> {
  await build({
    configFile: false,
    root,
    logLevel: 'error',
    publicDir: false,
    plugins: [
      {
        name: 'sotto-pdf-worker',
        resolveId: (id) => (id === WORKER ? `\0${WORKER}` : null),
        load: (id) => (id === `\0${WORKER}` ? `export default ${JSON.stringify(code)};` : null),
      },
    ],
    build: {
      outDir: folder,
      emptyOutDir: true,
      target: TARGET,
      modulePreload: false,
      reportCompressedSize: false,
      rolldownOptions: {
        input: join(root, 'src/pdf/frame/main.ts'),
        output: { format: 'iife', entryFileNames: 'frame.js' },
      },
    },
  });
}

async function copyAll(from: string, to: string, which: RegExp): Promise<void> {
  await mkdir(to, { recursive: true });
  const names = (await readdir(from)).filter((name) => which.test(name));
  await Promise.all(names.map((name) => copyFile(join(from, name), join(to, name))));
}
