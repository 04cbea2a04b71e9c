/**
 * The real server with a fault planted into its database, to show that the torture finds it. First argument: data
 * folder; second: the fault.
 */
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { DatabaseSync } from 'node:sqlite';

const [, , , fault] = process.argv;
const exec = DatabaseSync.prototype.exec;
/** Commits that were acknowledged and have not happened. */
let owed = 0;

DatabaseSync.prototype.exec = function planted(this: DatabaseSync, sql: string): void {
  if (fault === 'synchronous-off') {
    exec.call(this, sql.replace(/synchronous = (FULL|NORMAL)/, 'synchronous = OFF'));
  } else if (fault === 'acknowledge-early' && sql === 'BEGIN IMMEDIATE' && this.isTransaction) {
    owed += 1;
  } else if (fault === 'acknowledge-early' && sql === 'COMMIT' && owed < 50) {
    owed += 1;
  } else {
    if (sql === 'COMMIT') owed = 0;
    exec.call(this, sql);
  }
};

/** Milliseconds by which a sync comes too late. */
const LATE = 100;
const { fdatasync } = fs;
const plantSync = (sync: (fd: number, done: fs.NoParamCallback) => void) => {
  fs.fdatasync = Object.assign(sync, fdatasync);
  syncBuiltinESMExports();
};
if (fault === 'synchronous-off') plantSync((_, done) => setImmediate(done, null));
if (fault === 'acknowledge-unsynced') {
  /** A late sync makes all durable that was written until then: one that follows at once would hide the fault. */
  const due = new Set<number>();
  plantSync((fd, done) => {
    setImmediate(done, null);
    if (due.has(fd)) return;
    due.add(fd);
    setTimeout(() => {
      due.delete(fd);
      fdatasync(fd, () => undefined);
    }, LATE);
  });
}

await import('../server.ts');
