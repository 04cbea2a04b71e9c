import type { FileId } from '@sotto/protocol';
import type { ServerConfig } from '../config.ts';
import type { Metrics } from '../operations/metrics.ts';
import type { Joined, Store } from '../store/store.ts';
import type { Blobs } from './blobs.ts';
import { filesIn, openLocalBlobs } from './local-blobs.ts';
import { Space } from './space.ts';
import { startSweeps } from './sweep.ts';
import { Traffic } from './traffic.ts';
import { Tus } from './tus.ts';

/** What handles files in one running server. */
export interface FileService {
  readonly blobs: Blobs;
  readonly tus: Tus;
  readonly traffic: Traffic;
  readonly space: Space;
  /** D2: all bytes are here: makes them durable, then says so in the store. False where they are not all here. */
  finish(file: FileId): Promise<boolean>;
  /** As `finish`, of a file that came in parts. */
  join(file: FileId, parts: readonly FileId[]): Promise<Joined>;
  /** Ends the transfers that run; they can be resumed. */
  close(): Promise<void>;
}

export interface FileParts {
  readonly config: Pick<ServerConfig, 'dataDir' | 'files'>;
  readonly store: Store;
  readonly metrics: Metrics;
  readonly now: () => number;
  readonly onError: (error: unknown) => void;
}

/** M6. @throws where the place for files cannot be used */
export async function openFiles({ config, store, metrics, now, onError }: FileParts): Promise<FileService> {
  const blobs = await openLocalBlobs(filesIn(config.dataDir), {
    files: store.files,
    now,
    looseAge: config.files.looseAge,
  });
  const space = await Space.open(config.files, blobs, store.files);
  const traffic = new Traffic(config.files);
  /** @param complete says so in the store, once it is true */
  const settle = async (file: FileId, complete: () => Promise<boolean>) => {
    const row = await store.files.get(file);
    if (!row) return false;
    if ((await blobs.finish(file)) !== row.size) return false;
    if (!(await complete())) return false;
    if (row.completed === null) metrics.uploaded();
    return true;
  };
  const finish = (file: FileId) => settle(file, () => store.files.complete(file, now()));
  const join = async (file: FileId, parts: readonly FileId[]) => {
    let outcome: Joined = 'incomplete';
    await settle(file, async () => {
      outcome = await store.files.join(file, parts, now());
      return outcome === 'joined';
    });
    return outcome;
  };
  const tus = new Tus(blobs, async (upload) => {
    if (await store.files.part(upload)) return; // what is to be said of it has been, with its last byte
    if (!(await finish(upload))) throw new Error('an upload ended, yet its bytes are not all there');
  });
  metrics.gauge('sotto_file_bytes', 'Sealed bytes of files stored.', () => space.stored);
  metrics.gauge('sotto_file_transfers', 'Uploads and downloads that run now.', () => traffic.running);
  const sweeps = startSweeps({ store: store.files, blobs, space, settings: config.files, now, onError });
  return {
    blobs,
    tus,
    traffic,
    space,
    finish,
    join,
    async close() {
      await traffic.close();
      await sweeps.close();
    },
  };
}
