import { resolve } from 'node:path';
import type { Sotto } from '../api.ts';
import { createSotto } from '../engine/create-sotto.ts';
import { fetchTransport } from '../fetch/fetch-transport.ts';
import { opaquePasswords } from '../password/opaque-passwords.ts';
import { systemClock } from '../system-clock.ts';
import { fileHost } from './file-host.ts';
import { processLocks } from './process-locks.ts';
import { processSiblings } from './process-siblings.ts';

export { changePassphrase, type KeyProtection, keyProtection } from './file-key.ts';

/**
 * The engine in Node, for the command line, bots and tests.
 * @param options.server address of the server, such as `http://localhost:3000`
 * @param options.directory where accounts rest; made where it is missing. One process at a time may use an
 *   account.
 * @param options.passphrase guards the key under which everything there is sealed. Without one that key rests in
 *   a file next to the stores: whoever can read the directory can open them.
 */
export function createNodeSotto(options: { server: string; directory: string; passphrase?: string }): Sotto {
  const directory = resolve(options.directory);
  return createSotto({
    transport: fetchTransport(new URL(options.server).origin),
    host: fileHost(directory, options.passphrase),
    clock: systemClock(),
    locks: (account: string) => processLocks(`${directory}/${account}`),
    siblings: (account: string) => processSiblings(`${directory}/${account}`),
    passwords: opaquePasswords(),
    device: { name: 'Terminal', kind: 'terminal' },
  });
}
