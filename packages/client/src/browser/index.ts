import type { Sotto } from '../api.ts';
import { broadcastSiblings } from '../broadcast-siblings.ts';
import { createSotto } from '../engine/create-sotto.ts';
import { fetchTransport } from '../fetch/fetch-transport.ts';
import { systemClock } from '../system-clock.ts';
import { browserName } from './browser-name.ts';
import { indexedDbHost } from './indexed-db-host.ts';
import { webLocks } from './web-locks.ts';
import { workerPasswords } from './worker-passwords.ts';

export { registerOfflineShell } from './offline-shell.ts';

/**
 * The engine in a browser. Make it once per page: its Trusted Types policy can be made only once.
 * @param options.passwordWorkerUrl address of the built `@sotto/client/password-worker` module
 * @param options.origin of the server; the page's own where it is left out
 */
export function createBrowserSotto(options: { passwordWorkerUrl: string; origin?: string }): Sotto {
  return createSotto({
    transport: fetchTransport(options.origin ?? location.origin),
    host: indexedDbHost(),
    clock: systemClock(),
    locks: webLocks,
    siblings: (account: string) => broadcastSiblings(new BroadcastChannel(`sotto-${account}`)),
    passwords: workerPasswords(options.passwordWorkerUrl),
    device: { name: browserName(navigator.userAgent), kind: 'browser' },
  });
}
