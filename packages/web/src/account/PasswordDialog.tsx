import { type FormEvent, useState } from 'react';
import { useEngine, useEngineState } from '../app/engine-context.tsx';
import { navigate, type SettingsPart, settingsRoute } from '../app/router.ts';
import { useCommand } from '../app/use-command.ts';
import { Button } from '../design/Button.tsx';
import { Dialog } from '../design/Dialog.tsx';
import { ErrorText, PasswordField } from '../design/Field.tsx';
import { useTexts } from '../texts/context.tsx';
import { passwordProblem } from '../welcome/EntryForm.tsx';

/** Why it is open: `secure` where somebody may know the old password, `back` where they changed it. */
type Way = Exclude<SettingsPart, 'phrase'>;

/** A guest gets a password, an account gets another. */
export function PasswordDialog({ way: asked, onClose }: { way: Way; onClose: () => void }) {
  const texts = useTexts();
  const t = texts.password;
  const engine = useEngine();
  const self = useEngineState((state) => state.self);
  // What it was when the dialog opened: with the new password a guest is one no more.
  const [guest] = useState(self.kind === 'guest');
  // A vault that somebody else locked opens with no password of one's own.
  const [way] = useState<Way>(asked === 'secure' && self.vault === 'locked' ? 'back' : asked);
  const [password, setPassword] = useState('');
  const [tried, setTried] = useState(false);
  const [done, setDone] = useState(false);
  const { busy, error, run } = useCommand();
  const problem = passwordProblem(texts, 'create', password);
  const save = async (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (problem !== null || busy) return;
    const set = () =>
      way === 'back' ? engine.account.takeBack(password) : engine.account.setPassword(password);
    if (await run(set)) setDone(true);
  };
  const words = guest
    ? { title: t.setTitle, text: t.setText({ name: self.name }) }
    : {
        password: { title: t.changeTitle, text: t.changeText },
        secure: { title: t.secureTitle, text: t.secureText },
        back: { title: t.backTitle, text: t.backText },
      }[way];
  if (done) {
    return (
      <Dialog title={words.title} onClose={onClose}>
        <p role="status">
          {guest ? t.setDone({ name: self.name }) : way === 'back' ? t.backDone : t.changeDone}
        </p>
        {!self.recoverable && <p className="soft">{t.next}</p>}
        <div className="dialog-actions">
          <Button kind={self.recoverable ? 'primary' : 'plain'} onClick={onClose}>
            {self.recoverable ? texts.words.done : t.later}
          </Button>
          {!self.recoverable && (
            <Button kind="primary" onClick={() => navigate(settingsRoute('phrase'), { replace: true })}>
              {t.makePhrase}
            </Button>
          )}
        </div>
      </Dialog>
    );
  }
  return (
    <Dialog title={words.title} description={words.text} onClose={onClose}>
      <form className="stack" onSubmit={(event) => void save(event)} noValidate>
        {/* For password managers: whose password this is. */}
        <input type="text" name="username" autoComplete="username" value={self.name} readOnly hidden />
        <PasswordField
          label={t.field}
          hint={t.hint}
          error={tried ? problem : null}
          autoComplete="new-password"
          value={password}
          onChange={setPassword}
        />
        <ErrorText error={error} />
        <p className="small" role="status">
          {busy ? (way === 'back' ? t.backWorking : t.working) : ''}
        </p>
        <div className="dialog-actions">
          <Button onClick={onClose}>{texts.words.cancel}</Button>
          <Button kind="primary" type="submit" disabled={busy}>
            {guest ? t.save : way === 'back' ? t.back : t.change}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
