import { ClientError, type SetupStep } from '@sotto/client';
import { withBackupFile } from '@sotto/client/node';
import { settle } from '../../session/enter.ts';
import { openHome } from '../../session/home.ts';
import { machineCommand } from '../command.ts';
import { welcome } from './arrive.ts';
import { showProgress, tellFiles } from './backup.ts';

/** An account that this server does not have, from a backup; where the operator lets people come back now. */
export const restore = machineCommand({
  usage: 'restore FILE',
  read: (line) => ({ path: line.path() }),
  async run(task) {
    const { where, asker, io, input } = task;
    const home = await openHome(where, undefined, asker);
    // Before anything is asked for: the words and a new password would be typed in vain.
    if ((await home.sotto.info()).restoring === null) throw new ClientError('restore_closed');
    const session = await withBackupFile(input.path, async (file) => {
      const phrase = await asker.askSecret('Recovery phrase, 24 words');
      const password = await asker.askNewSecret(io.texts.ask.newPassword);
      const onStep = (step: SetupStep) =>
        io.note(io.texts.accounts.restoring({ step: io.texts.accounts.steps[step] }));
      const renamed = where.name === null ? {} : { name: where.name };
      const backup = { file, phrase, password, ...renamed };
      const watch = { onStep, onProgress: showProgress(io), signal: io.ended };
      const { engine, conversations, missing, files } = await home.sotto.restoreBackup(backup, watch);
      io.progress('');
      const gone =
        missing > 0
          ? `; ${missing} could not be brought back: they go on here with another history, or the server did not take them`
          : '';
      io.note(`${conversations} conversations are back${gone}.`);
      tellFiles(files, io);
      return settle(engine, home, where);
    });
    return welcome(task, session);
  },
});
