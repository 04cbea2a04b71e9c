/** Runs inside Chromium, bundled by `chromium.ts`. */
import { workerDigests } from '../../packages/client/src/browser/worker-digests.ts';
import { effort } from './cost.ts';
import { benchEpochs } from './epochs.ts';
import { benchFiles } from './files.ts';
import { benchMessages } from './messages.ts';
import { benchStorage } from './storage.ts';

const run = async (quick: boolean) => [
  ...(await benchMessages(effort(quick))),
  ...(await benchEpochs(effort(quick))),
  ...(await benchFiles(effort(quick), workerDigests('/hash-worker.js'))),
  ...(await benchStorage(effort(quick))),
];

Object.assign(globalThis, { run });
