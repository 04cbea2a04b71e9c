/**
 * Keeps the page on this device, so that it opens without a server (E5). One cache per build, filled as a whole or
 * not at all, and never a file of one build in the page of another.
 */
import { answerFile, fileRequest } from './file-answers.ts';
import { answerTo, cacheOf, isPlain, mayTakeOver, outdated, type Shell } from './shell.ts';

declare const self: ServiceWorkerGlobalScope;
/** Put in by the build. */
declare const BUILT_SHELL: Shell;
const SHELL = BUILT_SHELL;

const PAGE = '/index.html';
/** Milliseconds a server gets before the kept page is shown. */
const PATIENCE = 4_000;

self.addEventListener('install', (event) => event.waitUntil(keep()));
self.addEventListener('activate', (event) => event.waitUntil(begin()));
self.addEventListener('message', (event) => event.waitUntil(consider(event.data)));
self.addEventListener('notificationclick', (event) => event.waitUntil(pressed(event.notification)));
self.addEventListener('fetch', (event) => {
  const asked = fileRequest(event.request.url, self.location.origin);
  if (asked) {
    event.respondWith(askPages(event, asked));
    return;
  }
  const answer = answerTo(event.request, self.location.origin, SHELL);
  if (answer === 'page') event.respondWith(page(event.request));
  if (answer === 'file') event.respondWith(file(event.request));
});

/** Back to the page that is open, or to a new one, and to the conversation that it tells of. */
async function pressed(notification: Notification): Promise<void> {
  notification.close();
  const [page] = await self.clients.matchAll({ type: 'window' });
  if (!page) {
    await self.clients.openWindow(`/#/room/${notification.data.room}`);
    return;
  }
  page.postMessage({ pressed: notification.data });
  await page.focus();
}

async function keep(): Promise<void> {
  const response = await fetch(PAGE, { cache: 'no-cache' });
  const digest = await crypto.subtle.digest('SHA-256', await response.clone().arrayBuffer());
  // The server has another build by now: its own worker will keep that one.
  if (hexOf(digest) !== SHELL.page) {
    throw new Error('offline shell: the page is of another build');
  }
  const cache = await caches.open(cacheOf(SHELL));
  const requests = SHELL.files.map(
    (path) => new Request(path, { cache: isPlain(path) ? 'no-cache' : 'default' }),
  );
  await Promise.all([cache.put(PAGE, response), cache.addAll(requests)]);
}

const hexOf = (bytes: ArrayBuffer): string =>
  Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, '0')).join('');

async function begin(): Promise<void> {
  await Promise.all(outdated(await caches.keys(), SHELL).map((name) => caches.delete(name)));
  await self.clients.claim();
}

/** A page's own request is asked back of that page alone; a frame's or a saving one names no page. */
async function askPages(
  event: FetchEvent,
  asked: NonNullable<ReturnType<typeof fileRequest>>,
): Promise<Response> {
  const own = event.clientId === '' ? undefined : await self.clients.get(event.clientId);
  const pages = own ? [own] : await self.clients.matchAll({ type: 'window' });
  return answerFile(asked, event.request.headers.get('range'), pages);
}

async function consider(message: unknown): Promise<void> {
  const pages = await self.clients.matchAll({ type: 'window', includeUncontrolled: true });
  if (mayTakeOver(message, pages.length, SHELL)) await self.skipWaiting();
}

/** The server's page where it answers, so that a new build is never held back; else the one kept here. */
async function page(request: Request): Promise<Response> {
  const kept = await find(PAGE);
  if (!kept) return fetch(request);
  try {
    const signal = AbortSignal.timeout(PATIENCE);
    const response = await fetch(request.url, { signal, cache: 'no-cache', credentials: 'same-origin' });
    return response.status < 500 ? response : kept;
  } catch {
    // No server, or none in time: that is what the kept page is for.
    return kept;
  }
}

async function file(request: Request): Promise<Response> {
  return (await find(request.url)) ?? fetch(request);
}

async function find(address: string): Promise<Response | undefined> {
  const cache = await caches.open(cacheOf(SHELL));
  return cache.match(address, { ignoreVary: true, ignoreSearch: true });
}
