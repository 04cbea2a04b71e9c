import type { FileId } from '@sotto/protocol';
import type { FileStore } from '../store/store.ts';
import type { Blobs } from './blobs.ts';
import type { FileSettings } from './settings.ts';
import type { Space } from './space.ts';

const HOUR = 3_600_000;
/** Files looked up at once. */
const BATCH = 500;

export interface SweepParts {
  readonly store: FileStore;
  readonly blobs: Blobs;
  readonly space: Space;
  readonly settings: Pick<FileSettings, 'looseAge'>;
  readonly now: () => number;
}

/**
 * Removes uploads that nobody went on with, finished ones that no message came for, and bytes that no row knows, once
 * they have been so for `looseAge`. @returns how many of each kind
 */
async function sweep(parts: SweepParts): Promise<{ loose: number; unknown: number }> {
  const before = parts.now() - parts.settings.looseAge;
  return { loose: await sweepLoose(parts, before), unknown: await sweepUnknown(parts, before) };
}

async function sweepLoose({ store, blobs, space }: SweepParts, before: number): Promise<number> {
  let swept = 0;
  for (;;) {
    const loose = await store.loose(before, BATCH);
    for (const file of loose) {
      // The row first: a message that binds it in this moment wins or is told that it is gone.
      const removed = await store.removeLoose(file, before);
      if (!removed) continue;
      await blobs.remove(file);
      space.changed(-removed.received);
      swept += 1;
    }
    if (loose.length < BATCH) return swept;
  }
}

/** Old ones only: after a restored backup, what came since it stays for a while, should that be undone. */
async function sweepUnknown({ store, blobs }: SweepParts, before: number): Promise<number> {
  let swept = 0;
  let batch: FileId[] = [];
  const flush = async () => {
    const known = new Set(await store.known(batch));
    for (const file of batch) {
      if (known.has(file)) continue;
      await blobs.remove(file);
      swept += 1;
    }
    batch = [];
  };
  for await (const { file, changed } of blobs.list()) {
    if (changed < before) batch.push(file);
    if (batch.length === BATCH) await flush();
  }
  await flush();
  return swept;
}

/** One at the start, then one every hour. */
export function startSweeps(parts: SweepParts & { readonly onError: (error: unknown) => void }): {
  close(): Promise<void>;
} {
  let running: Promise<void> = Promise.resolve();
  const run = () => {
    running = sweep(parts).then(() => undefined, parts.onError);
  };
  run();
  const timer = setInterval(run, HOUR);
  timer.unref();
  return {
    close() {
      clearInterval(timer);
      return running;
    },
  };
}
