import { open, rm } from 'node:fs/promises';
import { ClientError } from '@sotto/client';
import { harmlessLine, jsonLine } from '../../text/harmless.ts';
import { accountCommand } from '../command.ts';

export const exportData = accountCommand({
  usage: 'export FILE',
  help: 'all that can be read here as a zip of readable files, without keys',
  read: (line) => ({ path: line.path() }),
  async run({ engine, input: { path }, json, io }) {
    // Asked for before the work: nothing is written over.
    const file = await open(path, 'wx', 0o600).catch((cause: Error) => {
      throw new ClientError('usage', { message: `${path} cannot be made: ${cause.message}`, cause });
    });
    try {
      const bytes = await engine.exportData((done, total) => io.progress(`${done} of ${total}`));
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
