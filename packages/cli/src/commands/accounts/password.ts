import { jsonLine } from '../../text/harmless.ts';
import { accountCommand } from '../command.ts';

export const password = accountCommand({
  usage: 'password',
  slash: true,
  async run({ engine, asker, io }) {
    await engine.account.setPassword(await asker.askNewSecret(io.texts.ask.newPassword));
    io.note(io.texts.accounts.passwordSet);
  },
});

export const unlock = accountCommand({
  usage: 'unlock',
  slash: true,
  async run({ engine, asker, io }) {
    await engine.account.unlockVault(await asker.askSecret(io.texts.ask.password));
    io.note(io.texts.accounts.vaultOpen);
  },
});

export const takeback = accountCommand({
  usage: 'takeback',
  async run({ engine, asker, io }) {
    io.note(io.texts.accounts.takesBack);
    await engine.account.takeBack(await asker.askNewSecret(io.texts.ask.newPassword));
    io.note(io.texts.accounts.tookBack);
  },
});

export const phrase = accountCommand({
  usage: 'phrase',
  slash: true,
  async run({ engine, asker, json, io, onScreen }) {
    const words = await engine.account.createRecoveryPhrase(await asker.askSecret(io.texts.ask.password));
    const remark = io.texts.accounts.phrase;
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
