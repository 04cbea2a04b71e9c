import { type BackupProgress, ClientError, type LeftOutFile, type RestoredFiles } from '@sotto/client';
import { backUpToPath, withBackupFile } from '@sotto/client/node';
import type { Io } from '../../io.ts';
import { harmlessLine, jsonLine } from '../../text/harmless.ts';
import { sizeWords } from '../../text/sizes.ts';
import { accountCommand } from '../command.ts';
import { EXIT } from '../exit.ts';

export const backup = accountCommand({
  usage: 'backup FILE [--no-files]',
  read: (line) => ({ path: line.path(), files: !(line.flags['no-files'] ?? false) }),
  async run({ engine, input: { path, files }, json, io }) {
    const watch = { onProgress: showProgress(io), signal: io.ended };
    if (files) {
      const { files: count, fileBytes } = await engine.planBackup(watch);
      const size = `${count === 1 ? '1 file' : `${count} files`}, ${sizeWords(fileBytes)}`;
      if (count > 0) io.note(`With ${size}; --no-files leaves files out.`);
    }
    const made = await backUpToPath(engine, path, { files, ...watch });
    io.progress('');
    tellLeftOut(made.leftOut, 'is not in the backup', io);
    const { bytes: size, conversations, files: count } = made;
    const leftOut = made.leftOut.map(({ name, reason }) => ({ name, reason }));
    io.out(json ? jsonLine({ path, size, conversations, files: count, leftOut }) : harmlessLine(path));
  },
});

export const restoreFiles = accountCommand({
  usage: 'restore-files FILE',
  read: (line) => ({ path: line.path() }),
  async run({ engine, input, asker, json, io }) {
    const watch = { onProgress: showProgress(io), signal: io.ended };
    const files = await withBackupFile(input.path, async (file) => {
      try {
        return await engine.restoreFiles({ file }, watch);
      } catch (error) {
        // Made under words of before.
        if (!(error instanceof ClientError) || error.code !== 'bad_phrase') throw error;
        io.progress('');
        const phrase = await asker.askSecret('Recovery phrase of the backup, 24 words');
        return engine.restoreFiles({ file, phrase }, watch);
      }
    });
    io.progress('');
    tellFiles(files, io);
    const leftOut = files.leftOut.map(({ name, reason }) => ({ name, reason }));
    if (json) io.out(jsonLine({ total: files.total, here: files.here, leftOut }));
    return files.leftOut.length > 0 ? EXIT.failed : EXIT.done;
  },
});

/** What became of the files of a backup. */
export function tellFiles({ total, here, leftOut, absent }: RestoredFiles, io: Pick<Io, 'note'>): void {
  if (total > 0) io.note(`Files that are here: ${here} of ${total}.`);
  tellLeftOut(leftOut, 'is not back', io);
  tellLeftOut(absent, 'was not in the backup', io);
  if (leftOut.length > 0) io.note('Once there is room for them: restore-files FILE brings them.');
}

function tellLeftOut(files: readonly LeftOutFile[], what: string, { note }: Pick<Io, 'note'>): void {
  for (const { name, size, reason } of files) {
    note(`${harmlessLine(name)} (${sizeWords(size)}) ${what}: ${reason}`);
  }
}

/** One line that changes. */
export function showProgress({ progress }: Pick<Io, 'progress'>): (now: BackupProgress) => void {
  return ({ work, done, total, bytes, totalBytes }) => {
    const amount = totalBytes > 0 ? `${sizeWords(bytes)} of ${sizeWords(totalBytes)}` : '';
    const count = total > 0 ? `${done} of ${total} ${work === 'files' ? 'files' : 'conversations'}` : '';
    progress([WORK[work], count, amount].filter(Boolean).join(', '));
  };
}

const WORK: Readonly<Record<BackupProgress['work'], string>> = {
  reading: 'reading the backup',
  looking: 'looking for files',
  conversations: 'conversations',
  files: 'files',
};
