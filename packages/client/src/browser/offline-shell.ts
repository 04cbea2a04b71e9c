import { trustWorkerAddress } from './worker-address.ts';

/**
 * Lets a service worker keep the page itself on this device, so that it opens without a server too (E5). A page of
 * the worker's own build tells it so: where no other page is open, the new worker then takes the old one's place at
 * once, and else when the last page of the old build is closed.
 * @param url of the built worker, at the root of the server
 * @param build address of a script that only the page's own build has
 */
export async function registerOfflineShell(url: string, build: string): Promise<void> {
  const address = trustWorkerAddress(url);
  const registration = await navigator.serviceWorker.register(address, { updateViaCache: 'none' });
  const offer = (worker: ServiceWorker) => worker.postMessage({ type: 'page', build });
  if (registration.waiting) offer(registration.waiting);
  registration.addEventListener('updatefound', () => {
    const { installing } = registration;
    installing?.addEventListener('statechange', () => {
      if (installing.state === 'installed') offer(installing);
    });
  });
}
