import { resolve } from 'node:path';
import type { Sotto } from '@sotto/client';
import { createSotto } from '../../packages/client/src/engine/create-sotto.ts';
import { fetchFiles } from '../../packages/client/src/fetch/fetch-files.ts';
import { fetchTransport } from '../../packages/client/src/fetch/fetch-transport.ts';
import { fileHost } from '../../packages/client/src/node/file-host.ts';
import { processLocks } from '../../packages/client/src/node/process-locks.ts';
import { processSiblings } from '../../packages/client/src/node/process-siblings.ts';
import { systemClock } from '../../packages/client/src/system-clock.ts';
import { quickPasswords } from './quick-passwords.ts';

/** The engine in Node as `createNodeSotto` makes it, but for passwords that are stretched in no time. */
export function quickSotto(options: { server: string; directory: string }): Sotto {
  const directory = resolve(options.directory);
  const { origin } = new URL(options.server);
  return createSotto({
    transport: fetchTransport(origin),
    fileTransport: fetchFiles(origin),
    keepFiles: 2 ** 30,
    host: fileHost(directory),
    clock: systemClock(),
    locks: (account: string) => processLocks(`${directory}/${account}`),
    siblings: (account: string) => processSiblings(`${directory}/${account}`),
    passwords: quickPasswords(),
    device: { name: 'Terminal', kind: 'terminal' },
  });
}
