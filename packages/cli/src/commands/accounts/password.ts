import { jsonLine } from '../../text/harmless.ts';
import { accountCommand } from '../command.ts';
import { NEW_PASSWORD } from './arrive.ts';

export const password = accountCommand({
  usage: 'password',
  help: 'sets or changes the password; a guest becomes an account with it',
  slash: true,
  async run({ engine, asker, io }) {
    await engine.setPassword(await asker.askNewSecret(NEW_PASSWORD));
    io.note('The password is set. Sign in with it on other devices.');
  },
});

export const unlock = accountCommand({
  usage: 'unlock',
  help: 'opens the vault here again after the password was changed on another device',
  slash: true,
  async run({ engine, asker, io }) {
    await engine.unlockVault(await asker.askSecret('Password'));
    io.note('The vault is open here again.');
  },
});

export const takeback = accountCommand({
  usage: 'takeback',
  help: 'somebody knows the password: signs out every other device and sets a new one',
  async run({ engine, asker, io }) {
    io.note(
      'Every other device is signed out, and the recovery phrase counts no more. Make a new one afterwards.',
    );
    await engine.takeBack(await asker.askNewSecret(NEW_PASSWORD));
    io.note('Only this device is left. Every conversation has new keys.');
  },
});

export const phrase = accountCommand({
  usage: 'phrase',
  help: 'makes a recovery phrase and shows it once',
  slash: true,
  async run({ engine, asker, json, io, onScreen }) {
    const words = await engine.createRecoveryPhrase(await asker.askSecret('Password'));
    const remark = 'Write these words down. They are not shown again, and they take the place of any before.';
    if (onScreen) {
      io.out(`${rowsOf(words.split(' ')).join('\n')}\n\n${remark}`);
    } else {
      io.note(remark);
      io.out(json ? jsonLine({ phrase: words }) : words);
    }
  },
});

const rowsOf = (words: readonly string[]): string[] =>
  [0, 6, 12, 18].map((at) =>
    words
      .slice(at, at + 6)
      .map((word, index) => `${String(at + index + 1).padStart(2)} ${word.padEnd(10)}`)
      .join(''),
  );
