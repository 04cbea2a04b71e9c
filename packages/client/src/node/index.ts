import { resolve } from 'node:path';
import type { Sotto } from '../api.ts';
import { createSotto } from '../engine/create-sotto.ts';
import { fetchTransport } from '../fetch/fetch-transport.ts';
import { opaquePasswords } from '../password/opaque-passwords.ts';
import { systemClock } from '../system-clock.ts';
import { fileHost } from './file-host.ts';
import { processLocks } from './process-locks.ts';
import { processSiblings } from './process-siblings.ts';

/**
 * The engine in Node, for the command line, bots and tests.
 * @param options.server address of the server, such as `http://localhost:3000`
 * @param options.directory where accounts rest; made where it is missing. Private keys rest there as bytes:
 *   whoever can read the directory has them. One process at a time may use an account.
 */
export function createNodeSotto(options: { server: string; directory: string }): Sotto {
  const directory = resolve(options.directory);
  return createSotto({
    transport: fetchTransport(new URL(options.server).origin),
    host: fileHost(directory),
    clock: systemClock(),
    locks: (account: string) => processLocks(`${directory}/${account}`),
    siblings: (account: string) => processSiblings(`${directory}/${account}`),
    passwords: opaquePasswords(),
    device: { name: 'Terminal', kind: 'terminal' },
  });
}
