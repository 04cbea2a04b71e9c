import type { BackupSource } from '@sotto/client';
import { backupFromBlob } from '@sotto/client/browser';
import { useState } from 'react';
import { BackupFileField } from '../account/BackupFileField.tsx';
import { phraseProblem, wordsOf } from '../account/phrase.ts';
import { PasswordField } from '../design/Field.tsx';
import { texts } from '../texts/index.ts';
import { nameProblem, passwordProblem } from './EntryForm.tsx';
import { NameField, PhraseField, WayBackForm } from './WayBackForm.tsx';

export interface RestoreWish {
  readonly file: BackupSource;
  readonly phrase: string;
  readonly password: string;
  /** Another name than the backup has. */
  readonly name?: string;
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
  const [file, setFile] = useState<File | null>(null);
  const [phrase, setPhrase] = useState('');
  const [password, setPassword] = useState('');
  const [name, setName] = useState('');
  const problems = {
    file: file === null ? t.fileMissing : null,
    phrase: phraseProblem(phrase),
    password: passwordProblem('create', password),
    name: name.trim() === '' ? null : nameProblem(name),
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
