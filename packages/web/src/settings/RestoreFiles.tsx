import type { RestoredFiles } from '@sotto/client';
import { backupFromBlob } from '@sotto/client/browser';
import { useState } from 'react';
import { BackupFileField } from '../account/BackupFileField.tsx';
import { cameWords } from '../account/backup-words.ts';
import { LeftOutFiles } from '../account/LeftOutFiles.tsx';
import { phraseProblem, wordsOf } from '../account/phrase.ts';
import { useBarred } from '../account/use-barred.ts';
import { useEngine } from '../app/engine-context.tsx';
import { Button } from '../design/Button.tsx';
import { AreaField, ErrorText } from '../design/Field.tsx';
import { useFirstTexts } from '../texts/context.tsx';
import { useStoppable } from './use-stoppable.ts';

/** M6: what did not fit when the account came back, or was lost since, goes to the server from a backup. */
export function RestoreFiles() {
  const texts = useFirstTexts();
  const t = texts.backup;
  const [open, setOpen] = useState(false);
  return (
    <details onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{t.filesTitle}</summary>
      {open && <BringFiles />}
    </details>
  );
}

function BringFiles() {
  const texts = useFirstTexts();
  const t = texts.backup;
  const engine = useEngine();
  const barred = useBarred(engine);
  const { busy, error, progress, start, stop } = useStoppable();
  const [file, setFile] = useState<File | null>(null);
  const [phrase, setPhrase] = useState('');
  const [result, setResult] = useState<RestoredFiles | null>(null);
  // Under the words of now first; those of then are asked for where these do not open it.
  const asks = error?.code === 'bad_phrase' || phrase !== '';
  const ready = file !== null && (!asks || phraseProblem(texts, phrase) === null);
  const bring = () =>
    start(async (watch) => {
      if (!file) return;
      setResult(null);
      const words = phrase === '' ? {} : { phrase: wordsOf(phrase).join(' ') };
      setResult(await engine.restoreFiles({ file: backupFromBlob(file), ...words }, watch));
    });
  if (barred) return <p className="soft small">{t.barred.text}</p>;
  return (
    <div className="stack">
      <p className="soft small">{t.filesText}</p>
      <BackupFileField error={null} onChange={setFile} />
      {asks && (
        <AreaField
          label={t.oldPhrase}
          hint={t.phraseHint}
          rows={4}
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          value={phrase}
          onChange={(event) => setPhrase(event.target.value)}
        />
      )}
      <div className="account-actions">
        <Button onClick={bring} disabled={busy || !ready}>
          {t.filesAction}
        </Button>
        {busy && (
          <Button kind="quiet" onClick={stop}>
            {t.cancel}
          </Button>
        )}
      </div>
      <p className="small" role="status">
        {result && !busy ? cameWords(texts, result) : progress}
      </p>
      {result && !busy && (
        <>
          <LeftOutFiles title={t.notBack} files={result.leftOut} />
          <LeftOutFiles title={t.absent} files={result.absent} />
        </>
      )}
      <ErrorText error={error} />
    </div>
  );
}
