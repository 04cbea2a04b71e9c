import { type Arrival, arrive, type Session } from '../../session/enter.ts';
import { jsonLine } from '../../text/harmless.ts';
import { type MachineTask, machineCommand } from '../command.ts';

/** Says who is here now, and lets go of the account. */
async function welcome({ where, io }: MachineTask, session: Session): Promise<void> {
  const { account, device, name, kind } = session.engine.state.self;
  await session.close();
  io.out(where.json ? jsonLine({ account, device, name, kind }) : io.texts.accounts.youAre({ name }));
}

export const signUp = (at: Arrival, guest: boolean): Promise<Session> =>
  arrive(at, async ({ sotto, name, onStep }) => {
    if (guest) return sotto.createGuest(name, onStep);
    return sotto.createAccount(name, await at.asker.askNewSecret(at.io.texts.ask.ownPassword), onStep);
  });

export const signup = machineCommand({
  usage: 'signup [--guest]',
  read: (line) => ({ guest: line.flags.guest ?? false }),
  run: async (task) => welcome(task, await signUp(task, task.input.guest)),
});

export const signIn = (at: Arrival): Promise<Session> =>
  arrive(at, async ({ sotto, name, onStep }) =>
    sotto.signIn(name, await at.asker.askSecret(at.io.texts.ask.password), onStep),
  );

export const signin = machineCommand({
  usage: 'signin',
  run: async (task) => welcome(task, await signIn(task)),
});

export const recover = machineCommand({
  usage: 'recover',
  async run(task) {
    const { asker, io } = task;
    const { ask } = io.texts;
    const session = await arrive(task, async ({ sotto, name, onStep }) => {
      const phrase = await asker.askSecret(ask.phrase);
      return sotto.recover({ name, phrase, password: await asker.askNewSecret(ask.newPassword) }, onStep);
    });
    return welcome(task, session);
  },
});

export const reset = machineCommand({
  usage: 'reset',
  async run(task) {
    const { asker, io } = task;
    const { ask, accounts } = io.texts;
    const session = await arrive(task, async ({ sotto, name, onStep }) => {
      io.note(accounts.startsOver);
      const code = (await asker.askSecret(ask.code)).trim();
      return sotto.reset({ name, code, password: await asker.askNewSecret(ask.newPassword) }, onStep);
    });
    return welcome(task, session);
  },
});
