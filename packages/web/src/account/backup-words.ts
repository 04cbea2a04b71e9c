import type { BackupProgress } from '@sotto/client';
import type { FirstTexts } from '../texts/texts.ts';

/** How far a backup is, in one line. */
export function backupWords(
  texts: FirstTexts,
  { work, done, total, bytes, totalBytes }: BackupProgress,
): string {
  const t = texts.backup;
  const count = work === 'files' ? t.files({ done, total }) : t.conversations({ done, total });
  return t.work[work]({
    count,
    size: t.size({ done: texts.local.size(bytes), total: texts.local.size(totalBytes) }),
  });
}

/** How many of its files a backup brought back. */
export function cameWords(
  texts: FirstTexts,
  { here, total }: { readonly here: number; readonly total: number },
): string {
  const t = texts.backup;
  return here === total ? t.cameFiles({ count: here }) : t.someFiles({ here, total });
}
