import { open, rm } from 'node:fs/promises';
import { ClientError } from '@sotto/client';
import { harmlessLine, jsonLine } from '../../text/harmless.ts';
import { accountCommand } from '../command.ts';

export const exportData = accountCommand({
  usage: 'export FILE',
  read: (line) => ({ path: line.path() }),
  async run({ engine, input: { path }, json, io }) {
    // Asked for before the work: nothing is written over.
    const file = await open(path, 'wx', 0o600).catch((cause: Error) => {
      throw new ClientError('usage', {
        reason: isTaken(cause) ? 'path_taken' : 'path_unwritten',
        path,
        cause,
      });
    });
    try {
      const bytes = await engine.account.export((done, total) =>
        io.progress(io.texts.accounts.exported({ done, total })),
      );
      await file.writeFile(bytes);
      await file.sync();
      io.progress('');
      io.out(json ? jsonLine({ path, size: bytes.length }) : harmlessLine(path));
    } catch (error) {
      await rm(path, { force: true });
      throw error;
    } finally {
      await file.close();
    }
  },
});

const isTaken = (error: Error): boolean => 'code' in error && error.code === 'EEXIST';
