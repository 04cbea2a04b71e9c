import type { BackupSource, Sotto } from '@sotto/client';
import { backupFromBlob } from '@sotto/client/browser';
import { useState } from 'react';
import { BackupFileField } from '../account/BackupFileField.tsx';
import { phraseProblem, wordsOf } from '../account/phrase.ts';
import { useBarred } from '../account/use-barred.ts';
import { Button } from '../design/Button.tsx';
import { PasswordField } from '../design/Field.tsx';
import { useFirstTexts } from '../texts/context.tsx';
import { nameProblem, passwordProblem } from './EntryForm.tsx';
import { NameField, PhraseField, WayBackForm } from './WayBackForm.tsx';

export interface RestoreWish {
  readonly file: BackupSource;
  readonly phrase: string;
  readonly password: string;
  /** Another name than the backup has. */
  readonly name?: string;
}

interface Choices {
  readonly onRestore: (wish: RestoreWish) => void;
  readonly onBack: () => void;
}

/** K1: an account comes back to a server that does not have it, where that server takes anything back now. */
export function RestoreForm({ sotto, ...choices }: Choices & { sotto: Sotto }) {
  return useBarred(sotto) ? <Barred onBack={choices.onBack} /> : <Form {...choices} />;
}

/** What to ask for, instead of a form that would be filled in vain. */
function Barred({ onBack }: Pick<Choices, 'onBack'>) {
  const texts = useFirstTexts();
  const t = texts.backup.barred;
  return (
    <section className="stack">
      <h2>{t.title}</h2>
      <p className="welcome-note">{t.text}</p>
      <Button kind="quiet" onClick={onBack}>
        {texts.recover.back}
      </Button>
    </section>
  );
}

function Form({ onRestore, onBack }: Choices) {
  const texts = useFirstTexts();
  const t = texts.backup;
  const [file, setFile] = useState<File | null>(null);
  const [phrase, setPhrase] = useState('');
  const [password, setPassword] = useState('');
  const [name, setName] = useState('');
  const problems = {
    file: file === null ? t.fileMissing : null,
    phrase: phraseProblem(texts, phrase),
    password: passwordProblem(texts, 'create', password),
    name: name.trim() === '' ? null : nameProblem(texts, name),
  };
  const submit = () => {
    if (file === null) return;
    const wanted = name.trim();
    const wish = { file: backupFromBlob(file), phrase: wordsOf(phrase).join(' '), password };
    onRestore(wanted === '' ? wish : { ...wish, name: wanted });
  };
  return (
    <WayBackForm
      title={t.restoreTitle}
      problems={problems}
      submit={t.restore}
      onSubmit={submit}
      onBack={onBack}
    >
      {(shown) => (
        <>
          <p className="soft">{t.restoreText}</p>
          <BackupFileField error={shown.file} onChange={setFile} />
          <PhraseField hint={t.phraseHint} error={shown.phrase} value={phrase} onChange={setPhrase} />
          <PasswordField
            label={t.password}
            hint={texts.welcome.passwordHint}
            error={shown.password}
            autoComplete="new-password"
            value={password}
            onChange={setPassword}
          />
          <NameField
            label={t.otherName}
            hint={t.otherNameHint}
            error={shown.name}
            value={name}
            onChange={setName}
          />
        </>
      )}
    </WayBackForm>
  );
}
