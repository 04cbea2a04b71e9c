import type { BackupProgress } from '@sotto/client';
import { sizeWords } from '../files/measure.ts';
import { texts } from '../texts/index.ts';

/** How far a backup is, in one line. */
export function backupWords({ work, done, total, bytes, totalBytes }: BackupProgress): string {
  const t = texts.backup;
  const count = work === 'files' ? t.files(done, total) : t.conversations(done, total);
  return t.work[work](count, t.size(sizeWords(bytes), sizeWords(totalBytes)));
}
