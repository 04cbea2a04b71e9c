/** A thread that copies the journal into the database when asked, and says how long the journal is. */
import { DatabaseSync } from 'node:sqlite';
import { parentPort, workerData } from 'node:worker_threads';

export interface CheckpointResult {
  /** Pages in the journal. */
  readonly log: number;
}

const db = new DatabaseSync(workerData as string, { timeout: 0 });
// D2: journal and database are synced before the journal's place is used again.
db.exec('PRAGMA synchronous = FULL');
const checkpoint = db.prepare('PRAGMA wal_checkpoint(PASSIVE)');

parentPort?.on('message', () => {
  const { log } = checkpoint.get() as unknown as CheckpointResult;
  parentPort?.postMessage({ log } satisfies CheckpointResult);
});
