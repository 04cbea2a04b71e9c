import { type FormEvent, useId, useState } from 'react';
import { useEngine, useEngineState } from '../app/engine-context.tsx';
import { navigate, settingsRoute } from '../app/router.ts';
import { useCommand } from '../app/use-command.ts';
import { Button } from '../design/Button.tsx';
import { passwordWords } from '../texts/errors.ts';
import './vault-bar.css';
import { useTexts } from '../texts/context.tsx';

/** K5: the password was changed elsewhere; the new one opens the vault here again. */
export function VaultBar() {
  const locked = useEngineState((state) => state.self.vault === 'locked');
  return locked ? <Unlock /> : null;
}

function Unlock() {
  const texts = useTexts();
  const t = texts.locked;
  const id = useId();
  const engine = useEngine();
  const name = useEngineState((state) => state.self.name);
  const [password, setPassword] = useState('');
  const [tried, setTried] = useState(false);
  const { busy, error, run } = useCommand();
  const unlock = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (password !== '' && !busy) void run(() => engine.account.unlockVault(password));
  };
  const problem = passwordWords(texts, error)?.text ?? (tried && password === '' ? t.missing : null);
  return (
    <section className="vault-bar" aria-label={t.label}>
      <p>{t.text}</p>
      <form onSubmit={unlock} noValidate>
        <input type="text" name="username" autoComplete="username" value={name} readOnly hidden />
        <input
          type="password"
          name="password"
          aria-label={t.field}
          placeholder={t.field}
          autoComplete="current-password"
          aria-invalid={problem === null ? undefined : true}
          aria-describedby={problem === null ? undefined : `${id}-error`}
          value={password}
          onChange={(event) => setPassword(event.target.value)}
        />
        <Button type="submit" disabled={busy}>
          {busy ? t.working : t.submit}
        </Button>
        <Button onClick={() => navigate(settingsRoute('back'))}>{t.notMe}</Button>
      </form>
      {problem !== null && (
        <p id={`${id}-error`} className="vault-bar-error" role="alert">
          {problem}
        </p>
      )}
    </section>
  );
}
