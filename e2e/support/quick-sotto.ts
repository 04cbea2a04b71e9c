import { resolve } from 'node:path';
import type { Sotto } from '@sotto/client';
import { createSotto } from '../../packages/client/src/engine/create-sotto.ts';
import { fetchFiles } from '../../packages/client/src/fetch/fetch-files.ts';
import { fetchTransport } from '../../packages/client/src/fetch/fetch-transport.ts';
import { fileHost } from '../../packages/client/src/node/file-host.ts';
import { processLocks } from '../../packages/client/src/node/process-locks.ts';
import { processTabs } from '../../packages/client/src/node/process-tabs.ts';
import type { Clock } from '../../packages/client/src/seams/environment.ts';
import type { Transport } from '../../packages/client/src/seams/transport.ts';
import { systemClock } from '../../packages/client/src/system-clock.ts';
import { acquaintedHere } from './acquainted.ts';
import { quickPasswords } from './quick-passwords.ts';

/** What a test puts between an engine and its way to the server. */
export type Between = (transport: Transport) => Transport;

/**
 * The engine in Node as `createNodeSotto` makes it, but for passwords that are stretched in no time.
 * @param options.clock the device's own; else that of this machine
 * @param options.asks whoever is here answers requests by themselves; else everybody is taken for acquainted
 */
export function quickSotto(options: {
  server: string;
  directory: string;
  between?: Between;
  asks?: boolean;
  clock?: Clock;
}): Sotto {
  const directory = resolve(options.directory);
  const { origin } = new URL(options.server);
  const { between = (transport) => transport } = options;
  const sotto = createSotto({
    transport: between(fetchTransport(origin)),
    fileTransport: fetchFiles(origin),
    fileCache: 2 ** 30,
    host: fileHost(directory),
    clock: options.clock ?? systemClock(),
    locks: (account: string) => processLocks(`${directory}/${account}`),
    tabs: (account: string) => processTabs(`${directory}/${account}`),
    passwords: quickPasswords(),
    device: { name: 'Terminal', kind: 'terminal' },
  });
  return options.asks ? sotto : acquaintedHere(sotto);
}
