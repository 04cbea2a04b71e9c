import { type FormEvent, useEffect, useId, useRef, useState } from 'react';
import { phraseProblem, wordsOf } from '../account/phrase.ts';
import { Button } from '../design/Button.tsx';
import { AreaField, Field, PasswordField } from '../design/Field.tsx';
import { texts } from '../texts/index.ts';
import { nameProblem, passwordProblem } from './EntryForm.tsx';

export interface RestoreWish {
  readonly file: File;
  readonly phrase: string;
  readonly password: string;
  /** Another name than the backup has. */
  readonly name: string | undefined;
}

/** K1: an account comes back to a server that does not have it. */
export function RestoreForm({
  onRestore,
  onBack,
}: {
  onRestore: (wish: RestoreWish) => void;
  onBack: () => void;
}) {
  const t = texts.backup;
  const id = useId();
  const [file, setFile] = useState<File | null>(null);
  const [phrase, setPhrase] = useState('');
  const [password, setPassword] = useState('');
  const [name, setName] = useState('');
  const [tried, setTried] = useState(false);
  const title = useRef<HTMLHeadingElement>(null);
  useEffect(() => title.current?.focus(), []);

  const errors = {
    file: file === null ? t.fileMissing : null,
    phrase: phraseProblem(phrase),
    password: passwordProblem('create', password),
    name: name.trim() === '' ? null : nameProblem(name),
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (file === null || Object.values(errors).some((error) => error !== null)) return;
    const wanted = name.trim();
    onRestore({
      file,
      phrase: wordsOf(phrase).join(' '),
      password,
      name: wanted === '' ? undefined : wanted,
    });
  };
  return (
    <form className="stack" onSubmit={submit} noValidate>
      <h2 ref={title} tabIndex={-1}>
        {t.restoreTitle}
      </h2>
      <p className="soft">{t.restoreText}</p>
      <div className="field">
        <label htmlFor={id}>{t.file}</label>
        <input
          id={id}
          type="file"
          className="text-input"
          accept=".sotto-backup"
          aria-invalid={tried && errors.file !== null ? true : undefined}
          aria-describedby={tried && errors.file !== null ? `${id}-error` : undefined}
          onChange={(event) => setFile(event.target.files?.[0] ?? null)}
        />
        {tried && errors.file !== null && (
          <p id={`${id}-error`} className="error-text small" role="alert">
            {errors.file}
          </p>
        )}
      </div>
      <AreaField
        label={texts.recover.phrase}
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
        hint={texts.welcome.passwordHint}
        error={tried ? errors.password : null}
        autoComplete="new-password"
        value={password}
        onChange={setPassword}
      />
      <Field
        label={t.otherName}
        hint={t.otherNameHint}
        error={tried ? errors.name : null}
        type="text"
        autoComplete="username"
        autoCapitalize="words"
        spellCheck={false}
        value={name}
        onChange={(event) => setName(event.target.value)}
      />
      <Button kind="primary" type="submit" className="wide">
        {t.restore}
      </Button>
      <Button kind="quiet" onClick={onBack}>
        {texts.recover.back}
      </Button>
    </form>
  );
}
