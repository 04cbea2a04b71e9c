import { useState } from 'react';
import { phraseProblem, wordsOf } from '../account/phrase.ts';
import { Button } from '../design/Button.tsx';
import { PasswordField } from '../design/Field.tsx';
import { useFirstTexts } from '../texts/context.tsx';
import { nameProblem, passwordProblem } from './EntryForm.tsx';
import { NameField, PhraseField, WayBackForm } from './WayBackForm.tsx';

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
  const texts = useFirstTexts();
  const t = texts.recover;
  const [name, setName] = useState(before);
  const [phrase, setPhrase] = useState('');
  const [password, setPassword] = useState('');
  const problems = {
    name: nameProblem(texts, name),
    phrase: phraseProblem(texts, phrase),
    password: passwordProblem(texts, 'create', password),
  };
  return (
    <WayBackForm
      title={t.title}
      problems={problems}
      submit={t.submit}
      onSubmit={() => onRecover({ name: name.trim(), phrase: wordsOf(phrase).join(' '), password })}
      onBack={onBack}
      after={
        <>
          <p className="soft small">{t.without}</p>
          <Button kind="quiet" onClick={() => onLost(name.trim())}>
            {texts.reset.link}
          </Button>
        </>
      }
    >
      {(shown) => (
        <>
          <p className="soft">{t.text}</p>
          <NameField error={shown.name} value={name} onChange={setName} />
          <PhraseField error={shown.phrase} value={phrase} onChange={setPhrase} />
          <PasswordField
            label={t.password}
            hint={t.passwordHint}
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
