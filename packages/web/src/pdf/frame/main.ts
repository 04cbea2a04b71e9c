/**
 * The frame in which a PDF is drawn (attack 31): a document without an origin, a network, or storage, by the policy it is
 * served with. All it ever gets is one port to the page.
 */

import workerCode from 'virtual:pdf-worker';
import { GlobalWorkerOptions, getDocument } from 'pdfjs-dist/legacy/build/pdf.mjs';
import {
  type FromFrame,
  MOST_PAGES,
  type Opening,
  openingOf,
  PIECE,
  PROTOCOL,
  toFrame,
} from '../protocol.ts';
import { listen } from './gestures.ts';
import { Pages } from './pages.ts';
import { RangeTransport, resourcesThrough, Source } from './source.ts';
import { startWorker } from './worker.ts';

const root = document.getElementById('pages');
if (root) {
  root.tabIndex = 0;
  addEventListener('message', function begin(event: MessageEvent<unknown>) {
    const [port] = event.ports;
    const opening = openingOf(event.data);
    // Only the page that holds the frame; which page may, says the policy.
    if (event.source !== parent || parent === window || opening === null || !port) return;
    removeEventListener('message', begin);
    open(root, port, opening);
  });
}

const paint = (dark: boolean): void =>
  document.documentElement.setAttribute('data-theme', dark ? 'dark' : 'light');

function open(element: HTMLElement, port: MessagePort, { size, dark, labels }: Opening): void {
  document.documentElement.lang = labels.lang;
  element.setAttribute('aria-label', labels.pages);
  const tell = (message: FromFrame) => port.postMessage(message);
  const source = new Source(port);
  let pages: Pages | null = null;
  paint(dark);
  port.onmessage = ({ data }: MessageEvent<unknown>) => {
    const told = toFrame(data);
    if (told?.give === 'bytes') source.answered(told);
    else if (told?.give === 'zoom') pages?.zoom(told.step);
    else if (told?.give === 'move') pages?.move(told.step);
    else if (told?.give === 'theme') paint(told.dark);
  };
  addEventListener('keydown', ({ key }) => {
    if (key === 'Escape') tell({ say: 'close' });
  });
  addEventListener('focus', () => element.focus());
  tell({ say: 'hello', protocol: PROTOCOL });
  const show = async () => {
    GlobalWorkerOptions.workerPort = startWorker(workerCode);
    const pdf = await getDocument({
      range: new RangeTransport(size, source),
      rangeChunkSize: PIECE,
      disableAutoFetch: true,
      disableStream: true,
      BinaryDataFactory: resourcesThrough(source),
      useWorkerFetch: false,
      // The fonts every reader has come from the build: the same look everywhere, and no look at what is installed here.
      useSystemFonts: false,
      // Never fetched from there: the names only choose a folder, see `resourcesThrough`.
      cMapUrl: 'cmaps/',
      standardFontDataUrl: 'fonts/',
      wasmUrl: 'wasm/',
      disableWorkerRendering: true,
      enableXfa: false,
      maxImageSize: 100_000_000,
      verbosity: 0,
    }).promise;
    const first = (await pdf.getPage(1)).getViewport({ scale: 1 });
    tell({ say: 'ready', pages: Math.min(pdf.numPages, MOST_PAGES), more: pdf.numPages > MOST_PAGES });
    pages = new Pages(element, pdf, {
      first,
      labels,
      tell: ({ page, percent }) => tell({ say: 'at', page, percent }),
    });
    listen(element, pages);
  };
  show().catch((error: unknown) => {
    const locked = error instanceof Error && error.name === 'PasswordException';
    tell({ say: 'failed', why: locked ? 'password' : 'damaged' });
  });
}
