import { registerOfflineShell } from '@sotto/client/browser';

/** Keeps the page on this device once it has been shown and nothing else is going on. */
export function keepOffline(): void {
  // The development server's files have no hashes: kept ones would be stale at the next change.
  if (!import.meta.env.PROD || !('serviceWorker' in navigator)) return;
  const begin = () => {
    registerOfflineShell('/service-worker.js', import.meta.url).catch(() => {
      // A private window, or a browser without room: the page works, only not without its server.
    });
  };
  if ('requestIdleCallback' in window) window.requestIdleCallback(begin, { timeout: 5_000 });
  else setTimeout(begin, 2_000);
}
