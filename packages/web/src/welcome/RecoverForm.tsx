import { type FormEvent, useEffect, useRef, useState } from 'react';
import { phraseProblem, wordsOf } from '../account/phrase.ts';
import { Button } from '../design/Button.tsx';
import { AreaField, Field, PasswordField } from '../design/Field.tsx';
import { texts } from '../texts/index.ts';
import { nameProblem, passwordProblem } from './EntryForm.tsx';

/** K5: the recovery phrase instead of the password, and a new password with it. */
export function RecoverForm({
  name: before,
  onRecover,
  onLost,
  onBack,
}: {
  name: string;
  onRecover: (who: { name: string; phrase: string; password: string }) => void;
  /** Without password and phrase. */
  onLost: (name: string) => void;
  onBack: () => void;
}) {
  const t = texts.recover;
  const [name, setName] = useState(before);
  const [phrase, setPhrase] = useState('');
  const [password, setPassword] = useState('');
  const [tried, setTried] = useState(false);
  const title = useRef<HTMLHeadingElement>(null);
  useEffect(() => title.current?.focus(), []);

  const errors = {
    name: nameProblem(name),
    phrase: phraseProblem(phrase),
    password: passwordProblem('create', password),
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (Object.values(errors).some((error) => error !== null)) return;
    onRecover({ name: name.trim(), phrase: wordsOf(phrase).join(' '), password });
  };
  return (
    <form className="stack" onSubmit={submit} noValidate>
      <h2 ref={title} tabIndex={-1}>
        {t.title}
      </h2>
      <p className="soft">{t.text}</p>
      <Field
        label={texts.welcome.name}
        error={tried ? errors.name : null}
        name="name"
        type="text"
        autoComplete="username"
        autoCapitalize="words"
        spellCheck={false}
        value={name}
        onChange={(event) => setName(event.target.value)}
      />
      <AreaField
        label={t.phrase}
        hint={t.phraseHint}
        error={tried ? errors.phrase : null}
        rows={4}
        autoComplete="off"
        autoCapitalize="none"
        autoCorrect="off"
        spellCheck={false}
        value={phrase}
        onChange={(event) => setPhrase(event.target.value)}
      />
      <PasswordField
        label={t.password}
        hint={t.passwordHint}
        error={tried ? errors.password : null}
        autoComplete="new-password"
        value={password}
        onChange={setPassword}
      />
      <Button kind="primary" type="submit" className="wide">
        {t.submit}
      </Button>
      <Button kind="quiet" onClick={onBack}>
        {t.back}
      </Button>
      <p className="soft small">{t.without}</p>
      <Button kind="quiet" onClick={() => onLost(name.trim())}>
        {texts.reset.link}
      </Button>
    </form>
  );
}
