import { type FormEvent, useState } from 'react';
import { useEngine, useEngineState } from '../app/engine-context.tsx';
import { useCommand } from '../app/use-command.ts';
import { Button } from '../design/Button.tsx';
import { Dialog } from '../design/Dialog.tsx';
import { ErrorText, PasswordField } from '../design/Field.tsx';
import { passwordWords } from '../texts/errors.ts';
import { PhraseConfirm } from './PhraseConfirm.tsx';
import { PhraseWords } from './PhraseWords.tsx';
import { useReminders } from './reminders.ts';
import './account.css';
import { useTexts } from '../texts/context.tsx';

type Stage =
  | { readonly at: 'asking' }
  | { readonly at: 'shown'; readonly words: readonly string[] }
  | { readonly at: 'confirming'; readonly words: readonly string[] }
  | { readonly at: 'done' };

/** K5: the password first, then the words once, then three of them back. */
export function PhraseDialog({ onClose }: { onClose: () => void }) {
  const texts = useTexts();
  const t = texts.phrase;
  const self = useEngineState((state) => state.self);
  const [reminders, change] = useReminders(self.account);
  const [stage, setStage] = useState<Stage>({ at: 'asking' });
  const made = (phrase: string) => {
    change({ unconfirmed: true });
    setStage({ at: 'shown', words: phrase.split(' ') });
  };
  const confirmed = () => {
    change({ unconfirmed: false });
    setStage({ at: 'done' });
  };
  const precious = stage.at === 'shown' || stage.at === 'confirming';
  return (
    <Dialog title={t.title} size={precious ? 'l' : 'm'} keepOpen={precious} onClose={onClose}>
      {stage.at === 'asking' && (
        <Ask again={self.recoverable && !reminders.unconfirmed} onMade={made} onClose={onClose} />
      )}
      {stage.at === 'shown' && (
        <PhraseWords
          words={stage.words}
          name={self.name}
          onWritten={() => setStage({ at: 'confirming', words: stage.words })}
        />
      )}
      {stage.at === 'confirming' && (
        <PhraseConfirm
          words={stage.words}
          onBack={() => setStage({ at: 'shown', words: stage.words })}
          onConfirmed={confirmed}
        />
      )}
      {stage.at === 'done' && (
        <>
          <p role="status">{t.doneText}</p>
          <div className="dialog-actions">
            <Button kind="primary" onClick={onClose}>
              {texts.words.done}
            </Button>
          </div>
        </>
      )}
    </Dialog>
  );
}

function Ask({
  again,
  onMade,
  onClose,
}: {
  again: boolean;
  onMade: (phrase: string) => void;
  onClose: () => void;
}) {
  const texts = useTexts();
  const t = texts.phrase;
  const engine = useEngine();
  const name = useEngineState((state) => state.self.name);
  const [password, setPassword] = useState('');
  const [tried, setTried] = useState(false);
  const { busy, error, run } = useCommand();
  const ask = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (password === '' || busy) return;
    void run(async () => onMade(await engine.account.createRecoveryPhrase(password)));
  };
  return (
    <form className="stack" onSubmit={ask} noValidate>
      <p className="soft">{t.askText}</p>
      {again && <p className="soft">{t.askAgain}</p>}
      <input type="text" name="username" autoComplete="username" value={name} readOnly hidden />
      <PasswordField
        label={t.current}
        error={tried && password === '' ? texts.welcome.passwordMissing : null}
        autoComplete="current-password"
        value={password}
        onChange={setPassword}
      />
      <ErrorText error={passwordWords(texts, error)} />
      <p className="small" role="status">
        {busy ? t.working : ''}
      </p>
      <div className="dialog-actions">
        <Button onClick={onClose}>{texts.words.cancel}</Button>
        <Button kind="primary" type="submit" disabled={busy}>
          {t.show}
        </Button>
      </div>
    </form>
  );
}
