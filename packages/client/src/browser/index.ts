import { broadcastTabs } from '../broadcast-tabs.ts';
import { createSotto } from '../engine/create-sotto.ts';
import { fetchFiles } from '../fetch/fetch-files.ts';
import { fetchTransport } from '../fetch/fetch-transport.ts';
import type { Sotto } from '../sotto.ts';
import { systemClock } from '../system-clock.ts';
import { browserName } from './browser-name.ts';
import { indexedDbHost } from './indexed-db-host.ts';
import { webLocks } from './web-locks.ts';
import { workerDigests } from './worker-digests.ts';
import { workerPasswords } from './worker-passwords.ts';

export { type ChosenFiles, chosenFiles } from './chosen-files.ts';
export { registerOfflineShell } from './offline-shell.ts';

/** Bytes of files kept on this device; less where the browser gives less room. */
const KEEP_FILES = 2 * 2 ** 30;

/**
 * The engine in a browser. Make it once per page: its Trusted Types policy can be made only once.
 * @param options.passwordWorkerUrl address of the built `@sotto/client/password-worker` module
 * @param options.hashWorkerUrl address of the built `@sotto/client/hash-worker` module
 * @param options.origin of the server; the page's own where it is left out
 */
export function createBrowserSotto(options: {
  passwordWorkerUrl: string;
  hashWorkerUrl: string;
  origin?: string;
}): Sotto {
  const origin = options.origin ?? location.origin;
  return createSotto({
    transport: fetchTransport(origin),
    fileTransport: fetchFiles(origin),
    host: indexedDbHost(),
    clock: systemClock(),
    fileCache: KEEP_FILES,
    locks: webLocks,
    tabs: (account: string) => broadcastTabs(new BroadcastChannel(`sotto-${account}`)),
    passwords: workerPasswords(options.passwordWorkerUrl),
    digests: workerDigests(options.hashWorkerUrl),
    device: { name: browserName(navigator.userAgent), kind: 'browser' },
  });
}
