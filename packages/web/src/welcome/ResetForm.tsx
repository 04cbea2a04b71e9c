import { type FormEvent, useEffect, useRef, useState } from 'react';
import { Button } from '../design/Button.tsx';
import { Field, PasswordField } from '../design/Field.tsx';
import { texts } from '../texts/index.ts';
import { nameProblem, passwordProblem } from './EntryForm.tsx';

/** Crockford's base 32 has no I, L, O, U; people read those as digits. */
const CODE_LENGTH = 20;

function codeProblem(code: string): string | null {
  const length = code.replaceAll(/[^0-9A-Za-z]/g, '').length;
  if (length === 0) return texts.reset.codeMissing;
  return length === CODE_LENGTH ? null : texts.reset.codeLength(length);
}

/** K4: password, phrase and devices are all gone. What starting over means is said before anything is asked. */
export function ResetForm({
  name: before,
  onReset,
  onBack,
}: {
  name: string;
  onReset: (who: { name: string; code: string; password: string }) => void;
  onBack: () => void;
}) {
  const t = texts.reset;
  const [name, setName] = useState(before);
  const [code, setCode] = useState('');
  const [password, setPassword] = useState('');
  const [tried, setTried] = useState(false);
  const title = useRef<HTMLHeadingElement>(null);
  useEffect(() => title.current?.focus(), []);

  const errors = {
    name: nameProblem(name),
    code: codeProblem(code),
    password: passwordProblem('create', password),
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (Object.values(errors).some((error) => error !== null)) return;
    onReset({ name: name.trim(), code, password });
  };
  return (
    <form className="stack" onSubmit={submit} noValidate>
      <h2 ref={title} tabIndex={-1}>
        {t.title}
      </h2>
      <p>{t.first}</p>
      <ul className="points">
        {t.means.map((point) => (
          <li key={point}>{point}</li>
        ))}
      </ul>
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
      <Field
        label={t.code}
        hint={t.codeHint}
        error={tried ? errors.code : null}
        type="text"
        autoComplete="off"
        autoCapitalize="characters"
        spellCheck={false}
        value={code}
        onChange={(event) => setCode(event.target.value)}
      />
      <PasswordField
        label={t.password}
        hint={texts.welcome.passwordHint}
        error={tried ? errors.password : null}
        autoComplete="new-password"
        value={password}
        onChange={setPassword}
      />
      <Button kind="danger" type="submit" className="wide">
        {t.submit}
      </Button>
      <Button kind="quiet" onClick={onBack}>
        {texts.recover.back}
      </Button>
    </form>
  );
}
