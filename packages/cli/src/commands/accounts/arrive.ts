import { type Arrival, arrive, type Session } from '../../session/enter.ts';
import { jsonLine } from '../../text/harmless.ts';
import { type MachineTask, machineCommand } from '../command.ts';

export const NEW_PASSWORD = 'New password, at least 8 characters';

/** Says who is here now, and lets go of the account. */
export async function welcome({ where, io }: MachineTask, session: Session): Promise<void> {
  const { account, device, name, kind } = session.engine.state.self;
  await session.close();
  io.out(where.json ? jsonLine({ account, device, name, kind }) : `You are ${name}.`);
}

export const signUp = (at: Arrival, guest: boolean): Promise<Session> =>
  arrive(at, async ({ sotto, name, onStep }) => {
    if (guest) return sotto.createGuest(name, onStep);
    return sotto.createAccount(name, await at.asker.askNewSecret('Password, at least 8 characters'), onStep);
  });

export const signup = machineCommand({
  usage: 'signup [--guest]',
  help: 'a new account with a password; --guest: just a name, on this machine only',
  read: (line) => ({ guest: line.flags.guest ?? false }),
  run: async (task) => welcome(task, await signUp(task, task.input.guest)),
});

export const signIn = (at: Arrival): Promise<Session> =>
  arrive(at, async ({ sotto, name, onStep }) =>
    sotto.signIn(name, await at.asker.askSecret('Password'), onStep),
  );

export const signin = machineCommand({
  usage: 'signin',
  help: 'this terminal becomes another device of your account, with all of its history',
  run: async (task) => welcome(task, await signIn(task)),
});

export const recover = machineCommand({
  usage: 'recover',
  help: 'the same by the 24 words of the recovery phrase; sets a new password',
  async run(task) {
    const { asker } = task;
    const session = await arrive(task, async ({ sotto, name, onStep }) => {
      const phrase = await asker.askSecret('Recovery phrase, 24 words');
      return sotto.recover({ name, phrase, password: await asker.askNewSecret(NEW_PASSWORD) }, onStep);
    });
    return welcome(task, session);
  },
});

export const reset = machineCommand({
  usage: 'reset',
  help: 'starts the account over with a code from the operator, where password, phrase and devices are gone',
  async run(task) {
    const { asker, io } = task;
    const session = await arrive(task, async ({ sotto, name, onStep }) => {
      io.note(
        'The account starts over under its name: history and groups do not come back, and others are warned.',
      );
      const code = (await asker.askSecret('Code from the operator')).trim();
      return sotto.reset({ name, code, password: await asker.askNewSecret(NEW_PASSWORD) }, onStep);
    });
    return welcome(task, session);
  },
});
