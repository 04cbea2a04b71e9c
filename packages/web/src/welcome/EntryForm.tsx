import { type FormEvent, useState } from 'react';
import { NAME_LENGTH, PASSWORD_LENGTH } from '../app/limits.ts';
import { Button } from '../design/Button.tsx';
import { Field, PasswordField } from '../design/Field.tsx';
import { useFirstTexts } from '../texts/context.tsx';
import type { FirstTexts } from '../texts/texts.ts';

export type Way = 'guest' | 'create' | 'signIn';

/** Name, and password where the way needs one; says what is missing in place. */
export function EntryForm({
  way,
  onEnter,
  onForgot,
}: {
  way: Way;
  onEnter: (name: string, password: string) => void;
  onForgot: (name: string) => void;
}) {
  const texts = useFirstTexts();
  const t = texts.welcome;
  const [name, setName] = useState('');
  const [password, setPassword] = useState('');
  const [tried, setTried] = useState(false);

  const nameError = nameProblem(texts, name);
  const passwordError = way === 'guest' ? null : passwordProblem(texts, way, password);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (nameError === null && passwordError === null) onEnter(name.trim(), password);
  };
  const hint = { guest: t.guestHint, create: t.createHint, signIn: t.signInHint }[way];
  const action = { guest: t.start, create: t.create, signIn: t.signIn }[way];
  return (
    <form className="stack" onSubmit={submit} noValidate>
      <Field
        label={t.name}
        hint={way === 'signIn' ? undefined : t.nameHint}
        error={tried ? nameError : null}
        name="name"
        type="text"
        autoComplete={way === 'guest' ? 'nickname' : 'username'}
        autoCapitalize="words"
        spellCheck={false}
        value={name}
        onChange={(event) => setName(event.target.value)}
      />
      {way !== 'guest' && (
        <PasswordField
          label={t.password}
          hint={way === 'create' ? t.passwordHint : undefined}
          error={tried ? passwordError : null}
          autoComplete={way === 'create' ? 'new-password' : 'current-password'}
          value={password}
          onChange={setPassword}
        />
      )}
      <p className="soft small">{hint}</p>
      <Button kind="primary" type="submit" className="wide">
        {action}
      </Button>
      {way === 'signIn' && (
        <Button kind="quiet" onClick={() => onForgot(name.trim())}>
          {texts.recover.forgot}
        </Button>
      )}
    </form>
  );
}

/** What is wrong with a name, in words; null where nothing is. */
export function nameProblem(texts: FirstTexts, name: string): string | null {
  const length = [...name.trim()].length;
  if (length === 0) return texts.welcome.nameMissing;
  return length > NAME_LENGTH ? texts.welcome.nameTooLong({ limit: NAME_LENGTH }) : null;
}

/** What is wrong with a password, in words; null where nothing is. */
export function passwordProblem(texts: FirstTexts, way: Way, password: string): string | null {
  if (password === '') return texts.welcome.passwordMissing;
  const short = way === 'create' && [...password].length < PASSWORD_LENGTH;
  return short ? texts.welcome.passwordShort({ least: PASSWORD_LENGTH }) : null;
}
