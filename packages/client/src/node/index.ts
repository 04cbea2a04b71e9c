import { resolve } from 'node:path';
import { createSotto } from '../engine/create-sotto.ts';
import { fetchFiles } from '../fetch/fetch-files.ts';
import { fetchTransport } from '../fetch/fetch-transport.ts';
import { opaquePasswords } from '../password/opaque-passwords.ts';
import type { Sotto } from '../sotto.ts';
import { systemClock } from '../system-clock.ts';
import { fileHost } from './file-host.ts';
import { processLocks } from './process-locks.ts';
import { processTabs } from './process-tabs.ts';

export { changePassphrase, type KeyProtection, keyProtection } from './file-key.ts';
export { fileFromPath, saveToPath } from './path-files.ts';

const KEEP_FILES = 2 * 2 ** 30;

/**
 * The engine in Node, for the command line, bots and tests.
 * @param options.server address of the server, such as `http://localhost:3000`
 * @param options.directory where accounts rest; made where it is missing. One process at a time may use an
 *   account.
 * @param options.passphrase guards the key under which everything there is sealed. Without one that key rests in
 *   a file next to the stores: whoever can read the directory can open them.
 * @param options.fileCache sealed bytes of files that may be kept there, beside what waits to be sent
 */
export function createNodeSotto(options: {
  server: string;
  directory: string;
  passphrase?: string;
  fileCache?: number;
}): Sotto {
  const directory = resolve(options.directory);
  const { origin } = new URL(options.server);
  return createSotto({
    transport: fetchTransport(origin),
    fileTransport: fetchFiles(origin),
    fileCache: options.fileCache ?? KEEP_FILES,
    host: fileHost(directory, options.passphrase),
    clock: systemClock(),
    locks: (account: string) => processLocks(`${directory}/${account}`),
    tabs: (account: string) => processTabs(`${directory}/${account}`),
    passwords: opaquePasswords(),
    device: { name: 'Terminal', kind: 'terminal' },
  });
}
