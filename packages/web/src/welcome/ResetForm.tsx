import { useState } from 'react';
import { Field, PasswordField } from '../design/Field.tsx';
import { useFirstTexts } from '../texts/context.tsx';
import type { FirstTexts } from '../texts/texts.ts';
import { nameProblem, passwordProblem } from './EntryForm.tsx';
import { NameField, WayBackForm } from './WayBackForm.tsx';

/** Crockford's base 32 has no I, L, O, U; people read those as digits. */
const CODE_LENGTH = 20;

function codeProblem(texts: FirstTexts, code: string): string | null {
  const length = code.replaceAll(/[^0-9A-Za-z]/g, '').length;
  if (length === 0) return texts.reset.codeMissing;
  return length === CODE_LENGTH ? null : texts.reset.codeLength({ found: length });
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
  const texts = useFirstTexts();
  const t = texts.reset;
  const [name, setName] = useState(before);
  const [code, setCode] = useState('');
  const [password, setPassword] = useState('');
  const problems = {
    name: nameProblem(texts, name),
    code: codeProblem(texts, code),
    password: passwordProblem(texts, 'create', password),
  };
  return (
    <WayBackForm
      title={t.title}
      problems={problems}
      submit={t.submit}
      kind="danger"
      onSubmit={() => onReset({ name: name.trim(), code, password })}
      onBack={onBack}
    >
      {(shown) => (
        <>
          <p>{t.first}</p>
          <ul className="points">
            {Object.values(t.means).map((point) => (
              <li key={point}>{point}</li>
            ))}
          </ul>
          <NameField error={shown.name} value={name} onChange={setName} />
          <Field
            label={t.code}
            hint={t.codeHint}
            error={shown.code}
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
            error={shown.password}
            autoComplete="new-password"
            value={password}
            onChange={setPassword}
          />
        </>
      )}
    </WayBackForm>
  );
}
